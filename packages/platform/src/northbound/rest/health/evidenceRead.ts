/** What speaks for a case or a watch, over time: score, features against what is normal, and damage. */

import { type Timestamp, US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { HistorianReader } from '../../../historian/query/historianReader.ts';
import type { HealthCase } from '../../../monitor/health/cases/healthCase.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { FeatureTable } from '../../../monitor/health/features/featureTable.ts';
import type { HealthEvidence, HealthEvidenceQuery } from '../../contract/healthEvidence.ts';
import { momentOf } from '../history/moments.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';
import { planPoints, reduced } from './evidencePoints.ts';
import { evidenceSigns } from './evidenceSigns.ts';
import type { HealthDoor } from './healthDoor.ts';
import { columnJson, lifeJson } from './healthNumbers.ts';
import { withJudgedVibration } from './judgedVibration.ts';
import { ScoreColumns } from './scoreColumns.ts';
import { lookUpWatch } from './watchLookup.ts';

/** Rows that are gone through at once: five years of ten minutes each. */
const MAX_ROWS = 300_000;
const LEAST_BEFORE_US = 14 * US_PER_DAY;
const WITHOUT_CASE_US = 30 * US_PER_DAY;

interface Subject {
  readonly watch: HealthWatch;
  readonly kept: HealthCase | undefined;
}

export async function readEvidence(
  door: HealthDoor,
  historian: HistorianReader,
  query: z.output<typeof HealthEvidenceQuery>,
  now: Timestamp,
): Promise<Outcome<HealthEvidence>> {
  const subject = subjectOf(door, query);
  if (!subject.ok) return subject;
  const { watch, kept } = subject.value;
  const range = rangeOf(query, kept, now);
  if (!range.ok) return range;
  const { start, end } = range.value;
  if ((end - start) / watch.intervalUs > MAX_ROWS) {
    return refusal('history.too-much', `There would be more than ${MAX_ROWS} rows: ask for a shorter range.`);
  }
  const plan = planPoints(start, end, watch.intervalUs, query.points);
  const rows = await door.features.rows(watch, { start, end, withoutVibration: true });
  if (!rows.ok) return { ...rows, extras: {} };
  const table = await withJudgedVibration(historian, watch, rows.value);
  const scores = new ScoreColumns(historian, watch, plan);
  const standing = door.scorer.standing(watch.id)?.latest;
  const active = door.models.list(watch.id);
  if (!active.ok) return { ...active, extras: {} };
  const report = active.value.find(({ state }) => state === 'active')?.card.report;
  const damage: HealthEvidence['damage'] = [];
  for (const { name, part, cause } of watch.fatigue) {
    const { life, noLife } = standing?.fatigue.find((one) => one.name === name) ?? {};
    const values = await scores.read(`${name}/damage`, 'last');
    damage.push({ name, part, cause, values, ...lifeJson({ life, noLife }) });
  }
  const levels: (number | null)[][] = [];
  for (const { name } of watch.features) levels.push(await scores.read(`${name}/level`, 'last'));
  return answer({
    ...{ watch: watch.id, number: kept?.number ?? null, start, end, pointSeconds: plan.pointUs / US_PER_S },
    times: Array.from({ length: plan.count }, (_, at) => plan.first + at * plan.pointUs),
    quality: columnJson(reduced(plan, table.times, table.quality, 'least')),
    score: await scores.read('score', 'greatest'),
    threshold: report?.threshold ?? null,
    signs: evidenceSigns({ watch, kept, standing, plan, table }, levels),
    damage,
    notes: notesOf(table, report?.leftOut ?? []),
  });
}

function subjectOf(door: HealthDoor, query: z.output<typeof HealthEvidenceQuery>): Outcome<Subject> {
  const { number, watch } = query;
  if ((number === undefined) === (watch === undefined)) {
    return invalidFields([{ field: 'number', detail: 'or watch must be given, and not both' }]);
  }
  if (number === undefined) {
    const found = lookUpWatch(door.watches, watch ?? '');
    return found.ok ? answer({ watch: found.value, kept: undefined }) : found;
  }
  const kept = door.cases.get(number);
  if (!kept.ok) return { ...kept, extras: {} };
  const found = lookUpWatch(door.watches, kept.value.watch);
  return found.ok ? answer({ watch: found.value, kept: kept.value }) : found;
}

/** Of a case, what led to it is shown as well, and what was before that. */
function rangeOf(
  { start, end }: z.output<typeof HealthEvidenceQuery>,
  kept: HealthCase | undefined,
  now: Timestamp,
): Outcome<{ readonly start: number; readonly end: number }> {
  const last = momentOf('end', end, 'UTC', now);
  if (!last.ok) return last;
  const before = kept
    ? kept.since - Math.max(LEAST_BEFORE_US, (last.value - kept.since) / 2)
    : last.value - WITHOUT_CASE_US;
  const first = start === undefined ? answer(Math.floor(before)) : momentOf('start', start, 'UTC', now);
  if (!first.ok) return first;
  if (first.value < last.value) return answer({ start: first.value, end: last.value });
  return invalidFields([{ field: 'start', detail: `must be before end ("${start}", "${end}")` }]);
}

function notesOf({ times }: FeatureTable, leftOut: readonly string[]): string[] {
  const notes: string[] = [];
  if (times.length === 0) notes.push('There is no row in this range: no data, or its condition never held.');
  if (leftOut.length > 0) notes.push(`The model does not watch ${leftOut.join(', ')}: nothing was found in it.`);
  return notes;
}
