/** The life that is left by what the equipment shows: learned from lives that failed, and tried on lives that were held out. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type Fleet, joinSpans } from '@tidegate/health/life/fleet.ts';
import { heldOutLives } from '@tidegate/health/life/heldOutLives.ts';
import { learnLife } from '@tidegate/health/life/learnLife.ts';
import type { LifeDocument } from '@tidegate/health/life/lifeDocument.ts';
import type { HeldOutPoint } from './lifeBacktest.ts';
import type { LifeTask, TaskUnit } from './lifeTask.ts';

/** The health index of a life that failed, in cycles, one value a cycle of its rows; NaN where nothing was seen. */
export interface PastCourse {
  /** Index of the unit. */
  readonly unit: number;
  readonly index: readonly number[];
}

export interface SignalLives {
  readonly estimator: LifeDocument;
  readonly courses: readonly PastCourse[];
  /** Root mean square of the health index against the life that was left (cycles): what is closer than that is alike. */
  readonly noise: number;
}

export interface LearnedSignals {
  readonly lives: SignalLives;
  /** None where there are too few lives to hold any out. */
  readonly points: readonly (HeldOutPoint & { readonly rows: number })[];
}

/** Fewer cycles with rows are no course. */
const FEWEST_ROWS = 5;

/** Units that failed and were seen doing so. */
export function seenFailures({ units }: LifeTask): readonly TaskUnit[] {
  return units.filter(({ failed, begin, end }) => failed && end - begin >= FEWEST_ROWS);
}

/** Faults as `learnLife`. */
export function learnSignals(task: LifeTask): Result<LearnedSignals> {
  const units = seenFailures(task);
  const fleet = fleetOf(task, units);
  const options = { cap: task.cap, coverage: task.coverage, seed: task.seed };
  const learned = learnLife(fleet, options);
  if (!learned.ok) return learned;
  const index = learned.value.healthIndex(fleet);
  if (!index.ok) return index;
  const courses: PastCourse[] = [];
  let [squares, count, begin] = [0, 0, 0];
  for (const unit of units) {
    const end = begin + unit.end - unit.begin;
    const course = index.value.slice(begin, end);
    for (const [row, value] of course.entries()) {
      const left = course.length - 1 - row;
      if (!Number.isFinite(value) || left > task.cap) continue;
      squares += (value - left) ** 2;
      count++;
    }
    courses.push({ unit: task.units.indexOf(unit), index: [...course] });
    begin = end;
  }
  const held = heldOutLives(fleet, options);
  const points = (held.ok ? held.value : []).map(({ unit, rows, told, truth }) => ({
    ...{ unit, rows, truth },
    told: { median: told.cycles, lower: told.lower, upper: told.upper },
  }));
  const lives = { estimator: learned.value.toJson(), courses, noise: Math.sqrt(squares / Math.max(1, count)) };
  return success({ lives, points });
}

/** The rows of these units one after the other; each has its index of the task for a number. */
export function fleetOf(
  task: Pick<LifeTask, 'units' | 'settings' | 'signals' | 'signalNames' | 'ages'>,
  units: readonly TaskUnit[],
): Fleet {
  const pick = (column: Float64Array) => joinSpans(column, units);
  const numbers = units.flatMap((unit) => new Array<number>(unit.end - unit.begin).fill(task.units.indexOf(unit)));
  return {
    units: Int32Array.from(numbers),
    ...{ settings: task.settings.map(pick), signals: task.signals.map(pick), signalNames: task.signalNames },
    ages: pick(task.ages),
  };
}
