/** What a signal usually is at each time of a season, learned as its values come. */

import { type Season, slotBeside, slotCount } from './season.ts';
import { SlidingQuantile } from './slidingQuantile.ts';

/** Values that are remembered for each slot: five days of three hours, in steps of five minutes. */
const VALUES_KEPT = 180;
/** With fewer there is no median to speak of. */
const FEWEST_VALUES = 6;

/** The median of what came in a slot and in those beside it, which a stray day does not move. */
export class SeasonalValues {
  readonly #slots: readonly SlidingQuantile[];

  constructor(season: Season) {
    this.#slots = Array.from({ length: slotCount(season) }, () => new SlidingQuantile(VALUES_KEPT, 0.5));
  }

  /** NaN while too little is known of the slot. */
  usual(slot: number): number {
    const values = this.#slots[slot];
    return values.count < FEWEST_VALUES ? Number.NaN : values.value();
  }

  push(slot: number, value: number): void {
    this.#slots[slot].push(value);
    this.#slots[slotBeside(slot, -1)].push(value);
    this.#slots[slotBeside(slot, 1)].push(value);
  }
}
