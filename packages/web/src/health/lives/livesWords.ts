/** Lives of fleets, in words. */

import type {
  Fleet,
  FleetEstimate,
  FleetList,
  FleetModel,
  FleetUnit,
} from '@tidegate/platform/northbound/contract/healthLives.ts';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { formatCount } from '../../reading/number.ts';
import { dayText, placeText } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';

export const METHOD_WORDS: Readonly<Record<FleetModel['method'], string>> = {
  signals: 'from what the equipment shows',
  hazards: 'from ages, and how hard each was run',
  ages: 'from ages alone',
};

const lives = (count: number) => `${formatCount(count)} ${count === 1 ? 'life' : 'lives'}`;

/** How far off it was where the end was known, and what it is better than. */
export function backtestText({ backtest, method }: Pick<FleetModel, 'backtest' | 'method'>): string {
  if (!backtest) return 'How far off it is cannot be said: there are too few lives to hold any out.';
  const { lives: held, errorDays, errorDaysOfAges, coverage } = backtest;
  const ages = errorDaysOfAges === null || method === 'ages' ? '' : `, by ages alone ${formatDays(errorDaysOfAges)}`;
  const inside = `the truth was within the interval in ${formatPercent(coverage)}`;
  return `On ${lives(held)} held out it was off by ${formatDays(errorDays)} in the mean${ages}; ${inside}.`;
}

/** `23 lives: 14 failed, 2 replaced, 7 go on`. */
export function countsText({ counts: { failed, replaced, running } }: Pick<Fleet, 'counts'>): string {
  const parts = [`${formatCount(failed)} failed`];
  if (replaced > 0) parts.push(`${formatCount(replaced)} replaced before`);
  parts.push(`${formatCount(running)} ${running === 1 ? 'goes' : 'go'} on`);
  return `${lives(failed + replaced + running)}: ${parts.join(', ')}`;
}

/** What a mark says of the lives of a fleet. */
export function fleetState({
  model,
  refused,
  learning,
  outdated,
}: Pick<Fleet, 'model' | 'refused' | 'learning' | 'outdated'>): {
  readonly state: 'well' | 'attention' | 'unknown';
  readonly text: string;
} {
  if (learning) return { state: 'unknown', text: 'is being learned' };
  if (model) return { state: 'well', text: outdated ? 'told; to be learned anew' : 'told' };
  return { state: 'unknown', text: refused === null ? 'not learned yet' : 'not told' };
}

/** Where there is nothing to show. */
export function noLivesText(list: FleetList | null | undefined): string {
  if (list === null) return 'The server has no model of the plant. Apply one with `tidegate model apply`.';
  return (
    'No lives of a fleet are told of. Where several pieces of equipment fail alike, write `lives` into `health/*.yaml` ' +
    'of the model and apply it: then earlier lives tell what each has left.'
  );
}

type Unit = Pick<FleetUnit, 'asset' | 'number'>;

/** `north/pump-7`, or `north/pump-7, life 2` of an asset that has had several. */
export function unitText({ asset, number }: Unit): string {
  return number === 1 ? placeText(asset.path) : `${placeText(asset.path)}, life ${number}`;
}

/** `2024-03-01 to 2025-01-17 (322 d), failed`. */
export function spanText({ start, end, ended }: Pick<FleetUnit, 'start' | 'end' | 'ended'>, nowUs: number): string {
  const days = start === null ? '' : ` (${formatDays(((end ?? nowUs) - start) / 86_400e6)})`;
  const from = start === null ? 'nobody knows since when' : `since ${dayText(start)}`;
  if (end === null) return `${from}${days}, goes on`;
  const words = ended === 'failure' ? 'failed' : 'replaced before it failed';
  return `${start === null ? `until ${dayText(end)}` : `${dayText(start)} to ${dayText(end)}`}${days}, ${words}`;
}

/** `12 d shorter`. */
export function reasonText({ days }: FleetEstimate['reasons'][number]): string {
  return `${formatDays(Math.abs(days))} ${days < 0 ? 'shorter' : 'longer'}`;
}
