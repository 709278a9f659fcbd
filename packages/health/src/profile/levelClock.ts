/** Which rows make one level of a feature: a day, or less where less was learned, in slots whose median resists what is short. */

export interface LevelClock {
  /** One level for each, µs. */
  readonly periodUs: number;
  readonly slotsPerPeriod: number;
}

const DAY_US = 86_400e6;
/** A learning time shorter than so many days gives shorter periods, so that there are levels to learn from. */
const LEVELS_WANTED = 14;
const MOST_SLOTS = 24;
const FEWEST_ROWS = 6;

/** For rows that come every `intervalUs` and were learned from over `spanUs`. */
export function levelClock(intervalUs: number, spanUs: number): LevelClock {
  const wanted = Math.min(DAY_US, spanUs / LEVELS_WANTED);
  const rows = Math.max(FEWEST_ROWS, Math.floor(wanted / intervalUs));
  const slotsPerPeriod = Math.min(MOST_SLOTS, rows);
  const rowsPerSlot = Math.floor(rows / slotsPerPeriod);
  const isDaily = wanted === DAY_US && DAY_US / intervalUs >= FEWEST_ROWS;
  return { periodUs: isDaily ? DAY_US : rowsPerSlot * slotsPerPeriod * intervalUs, slotsPerPeriod };
}

/** The slot, counted from 1970, that the row belongs to whose interval ends at `time`. */
export function slotOf(clock: LevelClock, time: number): number {
  return Math.floor(((time - 1) * clock.slotsPerPeriod) / clock.periodUs);
}
