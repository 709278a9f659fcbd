/** The live state of all attributes: one cell for each, in columns. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';

const UNCERTAIN = 0x40000000;
/** What a cell may hold: anything, or what the type of its attribute says. */
export const CONTRACT_KINDS = { any: 0, number: 1, boolean: 2, string: 3 } as const satisfies Record<
  TagType | 'any',
  number
>;
/** A text is cut here, so that memory has a limit. */
export const MAX_TEXT_LENGTH = 4_096;

/** Cells as those who watch see them: the columns are used on and must not be kept. */
export interface CellColumns {
  /** µs since 1970 UTC; -Infinity where there was nothing yet. */
  readonly times: Float64Array;
  /** A number, or 0. */
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint32Array;
  valueAt(cell: number): SampleValue;
}

export class CellTable implements CellColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint32Array;
  /** The contract of each cell: what it may hold, and its range, NaN where there is none. */
  readonly contracts: Uint8Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** How often each cell was given what its contract does not allow. */
  readonly violations: Uint32Array;
  readonly #texts = new Map<number, string>();

  constructor(count: number) {
    this.times = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.values = new Float64Array(count);
    this.kinds = new Uint8Array(count);
    this.statuses = new Uint32Array(count).fill(STATUS.BadWaitingForInitialData);
    this.contracts = new Uint8Array(count);
    this.lows = new Float64Array(count).fill(Number.NaN);
    this.highs = new Float64Array(count).fill(Number.NaN);
    this.violations = new Uint32Array(count);
  }

  /**
   * What the contract does not allow is kept with a status that says so, and counted: a value of the wrong kind is
   * BadTypeMismatch, one out of range UncertainEngineeringUnitsExceeded.
   */
  put(cell: number, time: number, kind: number, value: number, status: number, text: string | undefined): void {
    let [keptKind, keptStatus] = [kind, status];
    if (kind !== ValueKind.none) {
      if (!this.#isOfKind(cell, kind, value)) {
        keptKind = ValueKind.none;
        keptStatus = STATUS.BadTypeMismatch;
        this.violations[cell]++;
      } else if (kind === ValueKind.number && (value < this.lows[cell] || value > this.highs[cell])) {
        if (status < UNCERTAIN) keptStatus = STATUS.UncertainEngineeringUnitsExceeded;
        this.violations[cell]++;
      }
    }
    if (keptKind === ValueKind.string) this.#texts.set(cell, text!.slice(0, MAX_TEXT_LENGTH));
    else if (this.kinds[cell] === ValueKind.string) this.#texts.delete(cell);
    this.times[cell] = time;
    this.kinds[cell] = keptKind;
    this.values[cell] = keptKind === ValueKind.number ? value : 0;
    this.statuses[cell] = keptStatus;
  }

  textAt(cell: number): string {
    return this.#texts.get(cell) ?? '';
  }

  valueAt(cell: number): SampleValue {
    if (this.kinds[cell] === ValueKind.none) return null;
    return this.kinds[cell] === ValueKind.string ? this.textAt(cell) : this.values[cell];
  }

  #isOfKind(cell: number, kind: number, value: number): boolean {
    switch (this.contracts[cell]) {
      case CONTRACT_KINDS.any:
        return true;
      case CONTRACT_KINDS.string:
        return kind === ValueKind.string;
      case CONTRACT_KINDS.boolean:
        return kind === ValueKind.number && (value === 0 || value === 1);
      default:
        return kind === ValueKind.number;
    }
  }
}
