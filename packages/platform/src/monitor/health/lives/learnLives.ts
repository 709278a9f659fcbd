/** Learns the lives of a fleet by the method that tells most of those that the data carry. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FEWEST_UNITS } from '@tidegate/health/life/learnLife.ts';
import type { Weibull } from '@tidegate/health/life/weibull.ts';
import type { LifeMethod } from './fleetLifeModel.ts';
import { type BacktestCycles, backtestOf, pointAt, pointsByAge } from './lifeBacktest.ts';
import { forecastByAge, learnHazards, riskOf, type SettingHazards } from './lifeLaw.ts';
import { agedUnits, type LifeTask, meanSettings } from './lifeTask.ts';
import { type LearnedSignals, learnSignals, type SignalLives, seenFailures } from './signalLives.ts';

/** What tells the life left of units that run; that of ages is made of the ages themselves. */
export interface LivesDocument {
  readonly signals?: SignalLives | undefined;
  readonly hazards?: SettingHazards | undefined;
  /** By unit: the factor by which it was at greater risk, where its age counts. */
  readonly risks: readonly number[];
}

export interface LearnedLives {
  readonly method: LifeMethod;
  readonly notes: readonly string[];
  readonly document: LivesDocument;
  /** In cycles. */
  readonly weibull: Weibull | undefined;
  readonly backtest: BacktestCycles | undefined;
  /** The error of the ages alone at the same lives, where they tell anything. */
  readonly errorOfAges: number | undefined;
}

const NO_BACKTEST = 'There are too few lives to hold any out: how far off it is, nobody knows yet.';

/** Fault: `health.too-little`, which says of every method what it lacks. */
export function learnLives(task: LifeTask): Result<LearnedLives> {
  const aged = agedUnits(task);
  const forecast = forecastByAge(aged, task);
  const weibull = forecast.ok ? forecast.value.law : undefined;
  const notes: string[] = [];
  const unknown = task.units.length - aged.length;
  if (unknown > 0)
    notes.push(`Of ${unknown} of ${task.units.length} lives nobody has said when they began: they have no age.`);
  const signals = bySignals(task, notes);
  if (signals) return success({ ...signals, notes, weibull });
  if (!forecast.ok) return failure('health.too-little', [...notes, `Ages alone: ${forecast.fault.detail}`].join(' '));
  const ages = backtestOf(pointsByAge(task));
  const hazards = byHazards(task, notes);
  const backtest = hazards ? backtestOf(pointsByAge(task, hazards)) : ages;
  if (!backtest) notes.push(NO_BACKTEST);
  const method = hazards ? 'hazards' : 'ages';
  const risks = task.units.map((unit) => (hazards ? riskOf(hazards, meanSettings(task, unit)).risk : 1));
  return success({ method, notes, document: { hazards, risks }, weibull, backtest, errorOfAges: ages?.error });
}

/** By so much signals must be less off than ages: what is simpler holds where both tell alike. */
const CLEAR_GAIN = 0.9;

/** `undefined` where signals tell nothing, or less than ages do; a note says so. */
function bySignals(task: LifeTask, notes: string[]): Omit<LearnedLives, 'notes' | 'weibull'> | undefined {
  const seen = seenFailures(task).length;
  if (task.signals.length === 0 || seen < FEWEST_UNITS) {
    notes.push(
      `${seen} lives that failed were seen by the watch; ${FEWEST_UNITS} are needed to learn from what it shows.`,
    );
    return undefined;
  }
  const learned = learnSignals(task);
  if (!learned.ok) {
    notes.push(`What the watch shows tells nothing: ${learned.fault.detail}`);
    return undefined;
  }
  const { lives, points } = learned.value;
  const backtest = backtestOf(points);
  const errorOfAges = errorByAge(task, points);
  if (!backtest) notes.push(NO_BACKTEST);
  if (backtest && errorOfAges !== undefined && backtest.error > CLEAR_GAIN * errorOfAges) {
    notes.push('What the watch shows tells hardly more than the ages do, on lives that were held out.');
    return undefined;
  }
  return { method: 'signals', document: { signals: lives, risks: [] }, backtest, errorOfAges };
}

/** At the very same moments; `undefined` where not all of them have an age, or ages carry no law. */
function errorByAge(task: LifeTask, points: LearnedSignals['points']): number | undefined {
  const byAge = points.flatMap(({ unit, rows }) => {
    const one = task.units[unit];
    const age = task.ages[one.begin + rows - 1];
    return (age > 0 && pointAt(task, one, Math.min(age, one.age))) || [];
  });
  return byAge.length === points.length ? backtestOf(byAge)?.error : undefined;
}

function byHazards(task: LifeTask, notes: string[]): SettingHazards | undefined {
  if (task.settings.length === 0) return undefined;
  const hazards = learnHazards(task);
  if (!hazards.ok) notes.push(`How hard each is run tells nothing: ${hazards.fault.detail}`);
  return hazards.ok ? hazards.value : undefined;
}
