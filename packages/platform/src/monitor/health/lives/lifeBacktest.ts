/** How far off estimates were on lives that were held out. */

import { MOMENT_CAPS } from '@tidegate/health/life/heldOutLives.ts';
import type { ForecastLife } from '@tidegate/health/life/weibullForecast.ts';
import { forecastByAge, riskOf, type SettingHazards } from './lifeLaw.ts';
import { agedUnits, type LifeTask, meanSettings, type TaskUnit } from './lifeTask.ts';

/** One moment of a life that was held out, in cycles. */
export interface HeldOutPoint {
  /** Index of the unit. */
  readonly unit: number;
  readonly told: ForecastLife;
  /** What was left, never above the cap. */
  readonly truth: number;
}

/** Each life counts alike, however many points it has. */
export interface BacktestCycles {
  readonly lives: number;
  readonly points: number;
  readonly error: number;
  readonly coverage: number;
}

/** Enough lives to know the error by; each more costs a law of all others. */
const MOST_LIVES = 60;
/** Of a life, even over its last cycles. */
const MOMENTS = 10;

/** `undefined` where there is no point. */
export function backtestOf(points: readonly HeldOutPoint[]): BacktestCycles | undefined {
  const lives = [...Map.groupBy(points, ({ unit }) => unit).values()];
  if (lives.length === 0) return undefined;
  const mean = (of: (point: HeldOutPoint) => number) =>
    lives.reduce((sum, life) => sum + life.reduce((part, point) => part + of(point), 0) / life.length, 0) /
    lives.length;
  return {
    ...{ lives: lives.length, points: points.length },
    error: mean(({ told, truth }) => Math.abs(told.median - truth)),
    coverage: mean(({ told, truth }) => Number(told.lower <= truth && truth <= told.upper)),
  };
}

/** Of the ages of all other units; none where those carry no law. */
export function pointsByAge(task: LifeTask, hazards?: SettingHazards): readonly HeldOutPoint[] {
  const failed = agedUnits(task).filter((unit) => unit.failed);
  const stride = Math.ceil(failed.length / MOST_LIVES);
  return failed
    .filter((_, at) => at % stride === 0)
    .flatMap((unit) => {
      const begin = Math.max(0, unit.age - MOMENT_CAPS * task.cap);
      const ages = Array.from({ length: MOMENTS }, (_, i) => begin + ((i + 0.5) * (unit.age - begin)) / MOMENTS);
      return ages.flatMap((age) => pointAt(task, unit, age, hazards) ?? []);
    });
}

/** As it would have been told at an age of the unit, had its end not been known. */
export function pointAt(
  task: LifeTask,
  unit: TaskUnit,
  age: number,
  hazards?: SettingHazards,
): HeldOutPoint | undefined {
  const units = agedUnits(task).map((one) => (one === unit ? { ...unit, age, failed: false } : one));
  const forecast = forecastByAge(units, task, hazards);
  if (!forecast.ok) return undefined;
  const left = forecast.value.left(age, task.coverage, hazards && riskOf(hazards, meanSettings(task, unit)));
  return { unit: task.units.indexOf(unit), told: capped(left, task.cap), truth: Math.min(task.cap, unit.age - age) };
}

export function capped({ median, lower, upper }: ForecastLife, cap: number): ForecastLife {
  return { median: Math.min(cap, median), lower: Math.min(cap, lower), upper: Math.min(cap, upper) };
}
