/** The card of what was learned of the lives of a fleet. */

import { hash } from 'node:crypto';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { FleetLife } from '../definition/fleetLife.ts';
import type { FleetLifeCard } from './fleetLifeModel.ts';
import { COVERAGE, type GatheredLives, SEED } from './fleetRows.ts';
import type { LearnedLives } from './learnLives.ts';
import type { LifeUnit } from './lifeUnit.ts';

/** Two-sided 95 %, in standard errors. */
const SURE = 1.96;

/** Short for how all lives ended that did: where it is another, there is more to learn. */
export function endsOf(units: readonly LifeUnit[]): string {
  const ends = units
    .filter(({ end }) => end !== undefined)
    .map(({ asset, start, end, ended }) => [asset, start, end, ended]);
  return hash('sha256', JSON.stringify(ends));
}

export function lifeCard(life: FleetLife, { units }: GatheredLives, learned: LearnedLives, now: number): FleetLifeCard {
  const { version, cycleUs, horizonUs, signals, settings } = life;
  const { method, notes, weibull, backtest, errorOfAges, document } = learned;
  const days = (cycles: number) => (cycles * cycleUs) / US_PER_DAY;
  const ends = units.map(({ end }) => end ?? now);
  const starts = units.map(({ start, cycles }, at) => start ?? ends[at] - cycles * cycleUs);
  const { names = [], coefficients = [], standardErrors = [] } = document.hazards ?? {};
  return {
    ...{ version, method, notes, units, cycleUs, horizonUs, signals, settings, knownAt: now },
    ...{ start: Math.min(...starts), end: Math.max(...ends), coverage: COVERAGE, seed: SEED },
    weibull: weibull && { shape: weibull.shape, scaleDays: days(weibull.scale) },
    hazards: names.map((setting, at) => {
      const [factor, lower, upper] = [0, -SURE, SURE].map((z) => Math.exp(coefficients[at] + z * standardErrors[at]));
      return { setting, factor, lower, upper };
    }),
    backtest: backtest && {
      ...{ lives: backtest.lives, points: backtest.points, coverage: backtest.coverage },
      ...{
        errorDays: days(backtest.error),
        errorDaysOfAges: errorOfAges === undefined ? undefined : days(errorOfAges),
      },
    },
  };
}
