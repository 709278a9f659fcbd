/** What findings teach: labelled periods for training, and periods from which no normal may be learned. */

import type { ExcludedPeriod } from '../models/learningRows.ts';
import type { FindingOutcome, HealthCase } from './healthCase.ts';

/** What was the matter with an equipment in `start <= time < end` (µs since 1970 UTC), by somebody who was there. */
export interface HealthLabel {
  readonly case: number;
  readonly watch: string;
  readonly asset: string;
  readonly start: number;
  readonly end: number;
  readonly outcome: FindingOutcome;
  /** `undefined` where nothing was found: it was sound. */
  readonly failure: string | undefined;
  /** Who was there, at `end`. */
  readonly by: string;
}

/** In the order of their beginnings; a case without a finding says nothing. */
export function labelsOf(cases: readonly HealthCase[]): readonly HealthLabel[] {
  return cases
    .flatMap(({ number, watch, asset, since, finding }) => {
      if (!finding || !(since < finding.at)) return [];
      const { outcome, failure, at, by } = finding;
      return [{ case: number, watch, asset, start: since, end: at, outcome, failure, by }];
    })
    .sort((a, b) => a.start - b.start || a.case - b.case);
}

/** When an equipment was put right last (µs), so that its normal and its wear begin anew; `undefined` where it never was. */
export function lastRepair(cases: readonly HealthCase[], watch: string): number | undefined {
  const times = repairsOf(cases, watch).map(({ finding }) => finding!.at);
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * What of `start <= time < end` (µs) of a watch is no normal operation, in order of time; `cases` are all of that watch at the least.
 * All that was before a repair was another life. Of what was not repaired: a failure that was confirmed goes on until the end; else it
 * was over when the case was closed; a case that is open goes on; where nothing was found all was normal.
 */
export function excludedPeriods(
  cases: readonly HealthCase[],
  watch: string,
  start: number,
  end: number,
): readonly ExcludedPeriod[] {
  const repaired = lastRepair(cases, watch) ?? Number.NEGATIVE_INFINITY;
  const number = repairsOf(cases, watch).find(({ finding }) => finding!.at === repaired)?.number;
  const before = { start: Number.NEGATIVE_INFINITY, end: repaired, reason: `before the repair of case ${number}` };
  const doubtful = cases
    .filter((one) => one.watch === watch && !one.finding?.repaired && one.finding?.outcome !== 'nothing-found')
    .map((one) => ({ start: Math.max(one.since, repaired), end: endOf(one), reason: reasonOf(one) }));
  return [before, ...doubtful]
    .filter((period) => period.start < end && period.end > start && period.start < period.end)
    .map((period) => ({ ...period, start: Math.max(start, period.start), end: Math.min(end, period.end) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

function endOf({ finding, closedAt }: HealthCase): number {
  return finding?.outcome === 'confirmed' ? Number.POSITIVE_INFINITY : (closedAt ?? Number.POSITIVE_INFINITY);
}

function reasonOf({ number, finding, state }: HealthCase): string {
  if (finding) return `case ${number}: ${finding.failure}`;
  return state === 'closed' ? `case ${number}, without a finding` : `case ${number}, not closed yet`;
}

function repairsOf(cases: readonly HealthCase[], watch: string): readonly HealthCase[] {
  return cases.filter((one) => one.watch === watch && one.finding?.repaired);
}
