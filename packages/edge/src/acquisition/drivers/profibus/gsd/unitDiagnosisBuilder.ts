/** Gathers the texts of device diagnosis while the file is read. */

import type { UnitDiagnosis } from './gsd.ts';

/** Device diagnosis has at most 62 bytes behind its header, and a number in it is no wider than 16 bits in practice. */
const MAX_BIT = 62 * 8 - 1;
const MAX_AREA_BITS = 32;

export class UnitDiagnosisBuilder implements UnitDiagnosis {
  readonly bits = new Map<number, string>();
  readonly notBits = new Map<number, string>();
  readonly areas: { readonly firstBit: number; readonly lastBit: number; readonly texts: Map<number, string> }[] = [];

  /** What is wrong with the area, as half a sentence; undefined where it has been begun. */
  beginArea(range: string): string | undefined {
    const match = /^(\d{1,5})\s*-\s*(\d{1,5})$/.exec(range);
    if (!match) return 'is no range of bits such as 0-3';
    const [firstBit, lastBit] = [Number(match[1]), Number(match[2])];
    if (lastBit < firstBit || lastBit > MAX_BIT || lastBit - firstBit >= MAX_AREA_BITS) {
      return `is no range of at most ${MAX_AREA_BITS} bits within 0 to ${MAX_BIT}`;
    }
    this.areas.push({ firstBit, lastBit, texts: new Map() });
    return undefined;
  }
}
