/** How many samples there are of each day. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';

/** By the number of the day since 1970 (UTC). */
export type DayCounts = Readonly<Record<string, number>>;

/** Counts samples as they arrive: mostly a whole block is of one day. */
export class DayCounter {
  readonly #days: Record<string, number> = {};

  get days(): DayCounts {
    return this.#days;
  }

  add(times: Float64Array, count: number): void {
    if (count === 0) return;
    let [least, greatest] = [times[0], times[0]];
    for (let row = 1; row < count; row++) {
      if (times[row] < least) least = times[row];
      if (times[row] > greatest) greatest = times[row];
    }
    if (dayOf(least) === dayOf(greatest)) this.#count(dayOf(least), count);
    else for (let row = 0; row < count; row++) this.#count(dayOf(times[row]), 1);
  }

  #count(day: number, count: number): void {
    this.#days[day] = (this.#days[day] ?? 0) + count;
  }
}

export function sumDays(parts: readonly DayCounts[]): DayCounts {
  const sum: Record<string, number> = {};
  for (const days of parts) for (const [day, count] of Object.entries(days)) sum[day] = (sum[day] ?? 0) + count;
  return sum;
}

function dayOf(time: number): number {
  return Math.floor(time / US_PER_DAY);
}
