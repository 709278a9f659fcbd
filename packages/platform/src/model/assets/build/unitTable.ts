/** What is wrong with a unit, and how one becomes another: each pair is looked up once for a whole model. */

import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import { converterBetween, type UnitConverter } from '../../../historian/query/unit/unitConverter.ts';

export class UnitTable {
  readonly #converters = new Map<string, Result<UnitConverter>>();

  async between(from: string, to: string): Promise<Result<UnitConverter>> {
    const pair = `${from}\n${to}`;
    let found = this.#converters.get(pair);
    if (!found) {
      found = await converterBetween(from, to);
      this.#converters.set(pair, found);
    }
    return found;
  }

  /** Why a text is no unit; a unit that is left out is none. */
  async defect(code: string): Promise<Fault | undefined> {
    if (code === '' || code === '1') return undefined;
    const found = await this.between(code, '1');
    return !found.ok && found.fault.code === 'unit.unknown' ? found.fault : undefined;
  }
}

/** The detail of a fault as the end of a sentence. */
export function saidOf({ detail }: Fault): string {
  return detail.replace(/\.$/, '');
}
