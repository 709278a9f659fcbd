/** What equipment health has been worth, and what its findings teach. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import { type CaseAccount, caseLedger } from '../../../monitor/health/cases/caseLedger.ts';
import { labelsOf } from '../../../monitor/health/cases/labels.ts';
import type { HealthLabels, HealthLabelsQuery, HealthLedger, HealthLedgerQuery } from '../../contract/healthLedger.ts';
import { rangeOf } from '../history/moments.ts';
import { answer, type Outcome } from '../outcome.ts';
import type { HealthDoor } from './healthDoor.ts';
import { numberJson } from './healthNumbers.ts';
import { lookUpWatch } from './watchLookup.ts';

type Account = Omit<HealthLedger, 'start' | 'end' | 'watches'>;

export function readLedger(
  { cases }: HealthDoor,
  query: z.output<typeof HealthLedgerQuery>,
  now: Timestamp,
): Outcome<HealthLedger> {
  const range = rangeOf({ ...query, timeZone: 'UTC' }, now);
  if (!range.ok) return range;
  const { start, end } = range.value;
  const all = cases.list({});
  if (!all.ok) return { ...all, extras: {} };
  const judged = cases.judgedDays(start, end);
  if (!judged.ok) return { ...judged, extras: {} };
  const { overall, watches } = caseLedger(all.value, judged.value, { start, end, now });
  const byWatch = [...watches].map(([watch, account]) => ({ watch, ...accountJson(account) }));
  return answer({ start, end, ...accountJson(overall), watches: byWatch });
}

/** Of the times that reach into the range. */
export function listLabels(
  door: HealthDoor,
  { watch: name, ...query }: z.output<typeof HealthLabelsQuery>,
  now: Timestamp,
): Outcome<HealthLabels> {
  const range = rangeOf({ ...query, timeZone: 'UTC' }, now);
  if (!range.ok) return range;
  const watch = name === undefined ? undefined : lookUpWatch(door.watches, name);
  if (watch && !watch.ok) return watch;
  const cases = door.cases.list({ watch: watch?.value.id });
  if (!cases.ok) return { ...cases, extras: {} };
  const byNumber = new Map(cases.value.map((kept) => [kept.number, kept]));
  const { start, end } = range.value;
  const labels = labelsOf(cases.value).filter((label) => label.start < end && label.end > start);
  return answer({
    labels: labels.map(({ case: number, asset, failure, ...label }) => {
      const kept = byNumber.get(number);
      const path = kept?.assetPath ?? asset;
      return { ...label, asset: { id: asset, path }, failure: failure ?? null, number, by: kept?.finding?.by ?? '' };
    }),
  });
}

function accountJson({ precision, lead, falsePerYear, overdue, ...counts }: CaseAccount): Account {
  return {
    ...counts,
    precision: { ...precision, share: numberJson(precision.share) },
    lead: lead ? { ...lead } : null,
    falsePerYear: numberJson(falsePerYear),
    overdue: [...overdue],
  };
}
