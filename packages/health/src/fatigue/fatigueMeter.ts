/** How much of its life a part has used up, from its load or temperature as it comes. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ABSOLUTE_ZERO_CEL, type CycleDamage, damageUnder, type FatigueLaw, leastRangeOf } from './fatigueLaw.ts';
import { type FatigueMeterState, fatigueMeterState } from './fatigueMeterState.ts';
import { type LoadCycle, RainflowCounter } from './rainflow.ts';
import { type RemainingLife, remainingLife } from './remainingLife.ts';
import type { TurningPoint } from './turningPoints.ts';

export interface FatigueMeterOptions {
  readonly law: FatigueLaw;
  /** Standard uncertainty of one value, in the unit of the signal; 0 where none is known. */
  readonly uncertainty: number;
  /** Samples that are further apart (µs) leave a gap, of which nobody knows what happened in it. */
  readonly longestGapUs: number;
  /** The rate of damage is that of the last so many days; a whole number from 7 to 3660, and 90 where it is left out. */
  readonly recentDays?: number;
}

export interface FatigueAccount {
  /** Miner's sum: what ASTM E1049 counts over the whole signal so far; cycles that have not closed count as halves. */
  readonly damage: number;
  /** The share of it whose cycles have closed. */
  readonly closedDamage: number;
  /** Cycles of more than `leastRange`, those that have not closed as halves; narrower ones hardly matter, and count as damage. */
  readonly cycles: number;
  readonly leastRange: number;
  /** Over the recent days; NaN before anything is known. */
  readonly damagePerDay: number;
  /** Time that was seen, and that lies in gaps, in days. */
  readonly seenDays: number;
  readonly unseenDays: number;
  readonly gaps: number;
  /** Samples that were no number, could not be, or were not later than one before. */
  readonly passedOver: number;
}

const US_PER_DAY = 86_400e6;
const USUAL_DAYS = 90;
const FEWEST_DAYS = 7;
const MOST_DAYS = 3_660;
/** Two values that differ by less than 2.8 standard uncertainties do not differ (95 %; ISO 5725-6:1994, 4.1.4). */
const TELLING_DIFFERENCE = 2.8;
/**
 * What does not close first widens, then narrows. Of the widening part each range is half a cycle for good (ASTM E1049, 5.4.4,
 * step 5), so it can be counted and forgotten; the narrowing part has this many turns in no real signal.
 */
const MOST_OPEN = 512;

export class FatigueMeter {
  readonly #options: Required<FatigueMeterOptions>;
  readonly #damageOf: CycleDamage;
  /** No temperature is so low. */
  readonly #below: number;
  readonly #leastRange: number;
  #counter: RainflowCounter;
  #state: FatigueMeterState;

  private constructor(options: Required<FatigueMeterOptions>, damageOf: CycleDamage, state: FatigueMeterState) {
    this.#options = options;
    this.#damageOf = damageOf;
    this.#below = options.law.kind === 'solder' ? ABSOLUTE_ZERO_CEL : Number.NEGATIVE_INFINITY;
    this.#leastRange = leastRangeOf(options.law);
    this.#state = state;
    this.#counter = this.#counterOf(state.points);
  }

  /**
   * A fresh meter, or one that goes on where `state()` of another with the same options stood, with exactly its results.
   * `health.bad-data` names what is wrong with the law, an option, or the state.
   */
  static open(given: FatigueMeterOptions, state?: unknown): Result<FatigueMeter> {
    const options = { ...given, recentDays: given.recentDays ?? USUAL_DAYS };
    const damageOf = damageUnder(options.law);
    if (!damageOf.ok) return damageOf;
    const { uncertainty, longestGapUs, recentDays } = options;
    if (!(uncertainty >= 0 && Number.isFinite(uncertainty))) {
      return failure('health.bad-data', `An uncertainty of ${uncertainty} is none.`);
    }
    if (!(longestGapUs > 0)) return failure('health.bad-data', `No gap is longer than ${longestGapUs} µs.`);
    if (!(Number.isInteger(recentDays) && recentDays >= FEWEST_DAYS && recentDays <= MOST_DAYS)) {
      const needed = `whole days from ${FEWEST_DAYS} to ${MOST_DAYS} are needed`;
      return failure('health.bad-data', `A rate over ${recentDays} days; ${needed}.`);
    }
    const begun = fatigueMeterState(state, JSON.stringify(options), recentDays);
    return begun.ok ? success(new FatigueMeter(options, damageOf.value, begun.value)) : begun;
  }

  /**
   * `timeUs` in µs since 1970 UTC. What is no number, what cannot be, and what is not later than the sample before is passed over
   * and counted.
   */
  push(timeUs: number, value: number): void {
    const state = this.#state;
    if (
      !(Number.isFinite(value) && value > this.#below) ||
      !Number.isFinite(timeUs) ||
      (state.last !== null && timeUs <= state.last)
    ) {
      state.passedOver++;
      return;
    }
    this.#seeTime(timeUs);
    this.#counter.push(value, timeUs);
    if (this.#counter.open > MOST_OPEN) this.#forgetOldest();
  }

  account(): FatigueAccount {
    const { closedDamage, closedCycles, seenUs, unseenUs, gaps, passedOver } = this.#state;
    const open = this.#openDamage(Number.NEGATIVE_INFINITY);
    let openCycles = 0;
    for (const cycle of this.#counter.unclosed()) if (cycle.range > this.#leastRange) openCycles += cycle.count;
    const { damage, days } = this.#recent();
    return {
      damage: closedDamage + open,
      closedDamage,
      cycles: closedCycles + openCycles,
      leastRange: this.#leastRange,
      damagePerDay: damage / days,
      seenDays: seenUs / US_PER_DAY,
      unseenDays: unseenUs / US_PER_DAY,
      gaps,
      passedOver,
    };
  }

  /** What is left at the rate of late. `health.too-little` where fewer than seven of the recent days were seen. */
  life(): Result<RemainingLife> {
    const { damage: recentDamage, days: recentDays } = this.#recent();
    const { lifeScatter } = this.#options.law;
    return remainingLife({ damage: this.account().damage, recentDamage, recentDays, lifeScatter });
  }

  /** As JSON, for `open`. */
  state(): unknown {
    const points = this.#counter.points().map(({ value, at }): [number, number] => [value, at]);
    return structuredClone({ ...this.#state, points });
  }

  #counterOf(points: FatigueMeterState['points']): RainflowCounter {
    let isFilling = true;
    const onCycle = (cycle: LoadCycle) => {
      if (!isFilling) this.#count(cycle);
    };
    const counter = new RainflowCounter(onCycle, TELLING_DIFFERENCE * this.#options.uncertainty);
    for (const [value, at] of points) counter.push(value, at);
    isFilling = false;
    return counter;
  }

  /** Damage belongs to the day on which its cycle is known to have closed. */
  #count(cycle: LoadCycle): void {
    const state = this.#state;
    const damage = this.#damageOf(cycle);
    if (cycle.range > this.#leastRange) state.closedCycles += cycle.count;
    state.closedDamage += damage;
    state.dayDamage[this.#slotOf(state.last as number)] += damage;
  }

  #seeTime(timeUs: number): void {
    const state = this.#state;
    const day = Math.floor(timeUs / US_PER_DAY);
    if (state.last !== null) {
      const fresh = Math.min(day - Math.floor(state.last / US_PER_DAY), this.#options.recentDays);
      for (let i = 0; i < fresh; i++) {
        const slot = this.#slotOf(timeUs - i * US_PER_DAY);
        state.dayDamage[slot] = 0;
        state.daySeenUs[slot] = 0;
      }
      const span = timeUs - state.last;
      if (span > this.#options.longestGapUs) {
        state.gaps++;
        state.unseenUs += span;
      } else {
        state.seenUs += span;
        state.daySeenUs[this.#slotOf(timeUs)] += span;
      }
    }
    state.last = timeUs;
  }

  #slotOf(timeUs: number): number {
    const { recentDays } = this.#options;
    const slot = Math.floor(timeUs / US_PER_DAY) % recentDays;
    return slot < 0 ? slot + recentDays : slot;
  }

  #recent(): { readonly damage: number; readonly days: number } {
    const { last, dayDamage, daySeenUs } = this.#state;
    const since = (last ?? 0) - this.#options.recentDays * US_PER_DAY;
    const closed = dayDamage.reduce((sum, damage) => sum + damage, 0);
    const seenUs = daySeenUs.reduce((sum, span) => sum + span, 0);
    return { damage: closed + this.#openDamage(since), days: seenUs / US_PER_DAY };
  }

  /** Of cycles that have not closed, and turned last after a time. */
  #openDamage(sinceUs: number): number {
    let damage = 0;
    for (const cycle of this.#counter.unclosed()) if (cycle.to.at > sinceUs) damage += this.#damageOf(cycle);
    return damage;
  }

  #forgetOldest(): void {
    const points = this.#counter.points();
    const forgotten = points.length - MOST_OPEN / 2;
    for (let i = 0; i < forgotten; i++) this.#count(halfCycle(points[i], points[i + 1]));
    this.#counter = this.#counterOf(points.slice(forgotten).map(({ value, at }) => [value, at]));
  }
}

function halfCycle(from: TurningPoint, to: TurningPoint): LoadCycle {
  return { range: Math.abs(to.value - from.value), mean: (from.value + to.value) / 2, count: 0.5, from, to };
}
