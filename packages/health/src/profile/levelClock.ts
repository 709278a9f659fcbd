/** Which rows make one level of a feature: a day, or less where less was learned, in slots whose median resists what is short. */

export interface LevelClock {
  /** One level for each, µs. */
  readonly periodUs: number;
  readonly slotsPerPeriod: number;
  /** A period with fewer of its slots has no level. */
  readonly leastSlots: number;
  /** After so many periods without a level, what came before is not smoothed with what comes. */
  readonly longestGap: number;
}

const DAY_US = 86_400e6;
/** A learning time shorter than so many days gives shorter periods, so that there are levels to learn from. */
const LEVELS_WANTED = 14;
const MOST_SLOTS = 24;
const FEWEST_ROWS = 6;
/** Of the slots that a period usually has. */
const LEAST_SLOT_SHARE = 1 / 3;
/** Times the usual distance of periods that have levels. */
const LONGEST_GAP = 5;

/** For rows that come every `intervalUs` and were learned from over `spanUs`. */
export function levelClock(intervalUs: number, spanUs: number): LevelClock {
  const wanted = Math.min(DAY_US, spanUs / LEVELS_WANTED);
  const rows = Math.max(FEWEST_ROWS, Math.floor(wanted / intervalUs));
  const slotsPerPeriod = Math.min(MOST_SLOTS, rows);
  const rowsPerSlot = Math.floor(rows / slotsPerPeriod);
  const isDaily = wanted === DAY_US && DAY_US / intervalUs >= FEWEST_ROWS;
  const periodUs = isDaily ? DAY_US : rowsPerSlot * slotsPerPeriod * intervalUs;
  return { periodUs, slotsPerPeriod, leastSlots: 1, longestGap: LONGEST_GAP };
}

/** The same for an equipment with rows in these slots: one that runs for an hour every third day has levels as well. */
export function fittedClock(clock: LevelClock, slots: Float64Array): LevelClock {
  const counts = new Map<number, number>();
  for (const slot of slots) {
    const period = Math.floor(slot / clock.slotsPerPeriod);
    counts.set(period, (counts.get(period) ?? 0) + 1);
  }
  const periods = [...counts.keys()];
  const usual = middle([...counts.values()]);
  const distance = middle(periods.slice(1).map((period, i) => period - periods[i]));
  return {
    ...clock,
    leastSlots: Math.max(1, Math.ceil(usual * LEAST_SLOT_SHARE)),
    longestGap: LONGEST_GAP * Math.max(1, distance),
  };
}

function middle(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** The slot, counted from 1970, that the row belongs to whose interval ends at `time`. */
export function slotOf(clock: LevelClock, time: number): number {
  return Math.floor(((time - 1) * clock.slotsPerPeriod) / clock.periodUs);
}
