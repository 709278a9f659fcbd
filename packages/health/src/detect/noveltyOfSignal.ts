/** One signal from its first value on, judged by its own past and by its season, without anything learnt before. */

import { Rarity } from './rarity.ts';
import { type Season, slotAt } from './season.ts';
import { SeasonalHabit } from './seasonalHabit.ts';
import { SeasonalValues } from './seasonalValues.ts';
import { StretchNovelty } from './stretchNovelty.ts';

/** Rows of the past that are compared with; older ones are forgotten, and so memory is bounded. */
export const PAST_ROWS = 3000;
/** What is rare is told from a longer time: sixty distances of as many rows are above it. */
const RARITY_ROWS = 6000;
/** The value itself, and the course of the last four. */
export const COURSE_LENGTHS = [1, 4];
/** Weight of the newest row in the score: what is novel for a moment counts, what stays novel counts more. */
const NEWEST = 0.2;
/** A jump after a constant past is no more than this many times a rare distance, or the score would never come down. */
const MOST_RARE = 4;

/**
 * How rare is the distance of the newest value, and of the newest four, to the nearest earlier ones; with a season also that of
 * the value to what is usual at the time. The rarest counts, less what is usual at the time, and the score is the running
 * mean. It goes on learning, so what has happened once is no news.
 */
export class NoveltyOfSignal {
  readonly #stretches = COURSE_LENGTHS.map((length) => new StretchNovelty(length, PAST_ROWS));
  readonly #rarities = COURSE_LENGTHS.map(() => new Rarity(RARITY_ROWS));
  readonly #season: SeasonOfSignal | undefined;
  #mean = 0;

  constructor(season?: Season) {
    this.#season = season && new SeasonOfSignal(season);
  }

  /**
   * `clock` is in the unit of the season. NaN for a value that is missing, which is left out of the past, for one without a
   * time where there is a season, and while there is too little of a past.
   */
  push(value: number, clock = 0): number {
    if (!(Number.isFinite(value) && Number.isFinite(clock))) return Number.NaN;
    let most = Number.NaN;
    for (let i = 0; i < this.#stretches.length; i++) {
      const distance = this.#stretches[i].push(value);
      if (!Number.isNaN(distance)) most = greater(most, this.#rarities[i].push(distance));
    }
    if (this.#season) most = this.#season.push(value, clock, most);
    if (Number.isNaN(most)) return most;
    this.#mean += NEWEST * (Math.min(most, MOST_RARE) - this.#mean);
    return this.#mean;
  }
}

class SeasonOfSignal {
  readonly #season: Season;
  /** Habits form across workdays and weekends: apart, each would take weeks. */
  readonly #anyPeriod: Season;
  readonly #values: SeasonalValues;
  readonly #habit: SeasonalHabit;
  readonly #rarity = new Rarity(RARITY_ROWS);

  constructor(season: Season) {
    this.#season = season;
    this.#anyPeriod = { ...season, weekends: false };
    this.#values = new SeasonalValues(season);
    this.#habit = new SeasonalHabit(this.#anyPeriod);
  }

  push(value: number, clock: number, otherwise: number): number {
    const slot = slotAt(this.#season, clock);
    const usual = this.#values.usual(slot);
    this.#values.push(slot, value);
    const seasonal = Number.isNaN(usual) ? Number.NaN : this.#rarity.push(Math.abs(value - usual));
    const most = greater(otherwise, seasonal);
    if (Number.isNaN(most)) return most;
    return this.#habit.push(slotAt(this.#anyPeriod, clock), Math.min(most, MOST_RARE));
  }
}

/** Of two numbers that may be none. */
function greater(one: number, other: number): number {
  return Number.isNaN(one) || other > one ? other : one;
}
