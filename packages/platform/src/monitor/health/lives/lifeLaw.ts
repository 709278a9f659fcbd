/** The life that is left by ages, and by how hard each unit is run: what has been learned, ready to tell. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { learnCox } from '@tidegate/health/life/coxHazards.ts';
import { WeibullForecast } from '@tidegate/health/life/weibullForecast.ts';
import { agedUnits, type LifeTask, meanSettings, type TaskUnit } from './lifeTask.ts';

/** The logarithm of the risk by setting, against the mean of the fleet. */
export interface SettingHazards {
  readonly names: readonly string[];
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly means: readonly number[];
}

/** So many standard errors from 0 chance alone is hardly ever (5 %). */
const CLEAR = 1.96;

/** Faults as `learnCox`; `health.too-little` where no setting clearly bears on how long a unit lives. */
export function learnHazards(task: LifeTask): Result<SettingHazards> {
  const units = agedUnits(task).filter((unit) => meanSettings(task, unit).every(Number.isFinite));
  const means = units.map((unit) => meanSettings(task, unit));
  const learned = learnCox({
    ages: Float64Array.from(units, ({ age }) => age),
    failed: Uint8Array.from(units, ({ failed }) => Number(failed)),
    names: task.settingNames,
    covariates: task.settingNames.map((_, at) => Float64Array.from(means, (mean) => mean[at])),
  });
  if (!learned.ok) return learned;
  const { coefficients, standardErrors } = learned.value;
  if (!coefficients.some((value, at) => Math.abs(value) > CLEAR * standardErrors[at]))
    return failure(
      'health.too-little',
      `${task.settingNames.join(', ')}: nothing of it clearly bears on how long one lives.`,
    );
  const [names, ...columns] = [task.settingNames, coefficients, standardErrors, learned.value.means].map((column) => [
    ...column,
  ]);
  const [slopes, errors, centre] = columns as number[][];
  return success({ names: names as string[], coefficients: slopes, standardErrors: errors, means: centre });
}

/** The factor by which a unit with these settings is at greater risk, and the standard error of its logarithm; as all others where they are not known. */
export function riskOf({ coefficients, standardErrors, means }: SettingHazards, settings: Float64Array) {
  let [log, variance] = [0, 0];
  for (const [at, setting] of settings.entries()) {
    if (!Number.isFinite(setting)) continue;
    const apart = setting - means[at];
    log += coefficients[at] * apart;
    variance += (standardErrors[at] * apart) ** 2;
  }
  return { risk: Math.exp(log), riskError: Math.sqrt(variance) };
}

/** The forecast that the ages of all units carry; `hazards` are their risks where settings bear on them. Faults as `learnWeibull`. */
export function forecastByAge(
  units: readonly TaskUnit[],
  task: Pick<LifeTask, 'settings'>,
  hazards?: SettingHazards,
): Result<WeibullForecast> {
  return WeibullForecast.of({
    ages: Float64Array.from(units, ({ age }) => age),
    failed: Uint8Array.from(units, ({ failed }) => Number(failed)),
    ...(hazards && { risks: Float64Array.from(units, (unit) => riskOf(hazards, meanSettings(task, unit)).risk) }),
  });
}
