/** What comes round again: a day with its hours, workdays apart from weekends, or any period of a clock. */

/** A clock may count µs, rows or turns; a period is in its unit. */
export interface Season {
  readonly period: number;
  /** Saturdays and Sundays are of another kind than workdays: only for days since 1970. */
  readonly weekends: boolean;
}

const DAY_US = 86_400e6;
/** Of a clock in µs since 1970 UTC. */
export const DAY: Season = { period: DAY_US, weekends: true };
/** Parts of a period, the hours of a day. */
export const PARTS = 24;

/** How many slots a season has: its parts, once for each kind of period. */
export function slotCount(season: Season): number {
  return season.weekends ? 2 * PARTS : PARTS;
}

/** The slot of a moment, from 0; NaN for a clock that has none. */
export function slotAt({ period, weekends }: Season, clock: number): number {
  const turns = clock / period;
  const turn = Math.floor(turns);
  const part = Math.min(PARTS - 1, Math.floor((turns - turn) * PARTS));
  return weekends && isWeekend(turn) ? PARTS + part : part;
}

/** The slot before (-1) or after (1) this one in a period of the same kind. */
export function slotBeside(slot: number, step: -1 | 1): number {
  const kind = slot < PARTS ? 0 : PARTS;
  return kind + ((slot - kind + step + PARTS) % PARTS);
}

/** Day 0 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}
