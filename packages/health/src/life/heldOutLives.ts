/** What would have been told of units that were left out while life left was learned from the others. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { drawFirst, seededRandom } from '../boost/seededRandom.ts';
import { type Fleet, joinSpans, type UnitSpan, unitSpans } from './fleet.ts';
import { FEWEST_UNITS, learnLife } from './learnLife.ts';
import type { LifeEstimate } from './lifeEstimator.ts';
import { type LifeOptionsGiven, lifeOptions } from './lifeOptions.ts';

/** One moment of a unit that was left out. */
export interface HeldOutMoment {
  readonly unit: number;
  /** Rows of the unit that were known then. */
  readonly rows: number;
  readonly told: LifeEstimate;
  /** What was left, never above the cap. */
  readonly truth: number;
}

/** Each costs as much as learning does. */
const FOLDS = 5;
/** Of each unit, even over its last cycles: as many again as life left is told for, so that alarms too early count as well. */
const MOMENTS = 10;
export const MOMENT_CAPS = 2;

/**
 * Every unit of `fleet` has failed after its last row; each is left out once, with others, but for fleets so small that only a
 * part of them can be. Moments of which nothing can be told are not there. `health.too-little` where so few failed that none
 * can be left out, and the faults of `learnLife`.
 */
export function heldOutLives(fleet: Fleet, given: LifeOptionsGiven = {}): Result<readonly HeldOutMoment[]> {
  const options = lifeOptions(given);
  if (!options.ok) return options;
  const spans = unitSpans(fleet);
  if (!spans.ok) return spans;
  const count = spans.value.length;
  if (count <= FEWEST_UNITS)
    return failure(
      'health.too-little',
      `${count} units that failed: none can be left out of the ${FEWEST_UNITS} that are needed.`,
    );
  const { cap, seed } = options.value;
  const size = Math.min(Math.ceil(count / FOLDS), count - FEWEST_UNITS);
  const order = drawFirst(Int32Array.from(spans.value.keys()), count, seededRandom(seed));
  const moments: HeldOutMoment[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const heldOut = new Set(order.subarray(fold * size, (fold + 1) * size));
    if (heldOut.size === 0) break;
    const seen = spans.value.filter((_, at) => !heldOut.has(at));
    const learned = learnLife(rowsOf(fleet, seen), given);
    if (!learned.ok) return learned;
    const cut = spans.value.filter((_, at) => heldOut.has(at)).flatMap((span) => momentsOf(span, cap));
    const told = learned.value.estimate(rowsOf(fleet, cut));
    if (!told.ok) return told;
    for (const [at, { unit, begin, end, left }] of cut.entries()) {
      const estimate = told.value.get(at);
      if (estimate?.ok) moments.push({ unit, rows: end - begin, told: estimate.value, truth: Math.min(cap, left) });
    }
  }
  return success(moments);
}

interface Moment extends UnitSpan {
  readonly left: number;
}

/** The unit as it was known at each moment. */
function momentsOf({ unit, begin, end }: UnitSpan, cap: number): Moment[] {
  const first = Math.max(begin, end - Math.ceil(MOMENT_CAPS * cap));
  return Array.from({ length: MOMENTS }, (_, i) => {
    const known = first + 1 + Math.floor(((i + 0.5) * (end - first)) / MOMENTS);
    return { unit, begin, end: Math.min(end, known), left: end - Math.min(end, known) };
  });
}

/** The rows of these spans one after the other, each span a unit of its own, numbered from 0. */
function rowsOf({ settings, signals, signalNames, ages }: Fleet, spans: readonly UnitSpan[]): Fleet {
  const pick = (column: Float64Array) => joinSpans(column, spans);
  return {
    units: Int32Array.from(spans.flatMap(({ begin, end }, at) => new Array<number>(end - begin).fill(at))),
    ...{ settings: settings.map(pick), signals: signals.map(pick), signalNames },
    ...(ages && { ages: pick(ages) }),
  };
}
