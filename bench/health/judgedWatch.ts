/** One watch over rows of its features as the server judges them: learned from the first, and cases of what comes after. */

import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import { type CaseEvidence, explainStanding } from '@tidegate/platform/monitor/health/cases/explain/explainStanding.ts';
import type { HealthWatch } from '@tidegate/platform/monitor/health/definition/healthWatch.ts';
import type { FeatureTable } from '@tidegate/platform/monitor/health/features/featureTable.ts';
import { profileSpecOf } from '@tidegate/platform/monitor/health/models/learnModel.ts';

const DAY_US = 86_400e6;
/** A case without an alarm for so long is over. */
const CASE_OVER_US = 7 * DAY_US;
const EXPLAINED = { zone: 'America/Edmonton', wearHorizonDays: 30 };

export interface WatchCase {
  readonly watch: HealthWatch;
  /** Of the first alarm (µs). */
  readonly time: number;
  /** Of the last. */
  readonly until: number;
  /** What it says at first, after a week at the latest, and at last. */
  readonly first: CaseEvidence;
  readonly settled: CaseEvidence;
  readonly last: CaseEvidence;
}

export interface JudgedWatch {
  readonly cases: readonly WatchCase[];
  /** When the learning time ends (µs); none where there were too few rows. */
  readonly learnedUntil: number;
  readonly notes: readonly string[];
}

/** A model is learned from the first rows that make up the learning time, and judges all that follow; `see` is shown each of them. */
export function judgedWatch(
  watch: HealthWatch,
  { times, columns, quality }: FeatureTable,
  see: (assessment: Assessment) => void = () => undefined,
): JudgedWatch {
  const learning = Math.round(watch.learnUs / watch.intervalUs);
  if (times.length <= learning) return { cases: [], learnedUntil: Number.POSITIVE_INFINITY, notes: [] };
  const learned = learnProfile(
    {
      times: times.subarray(0, learning),
      columns: columns.map((column) => column.subarray(0, learning)),
      quality: quality.subarray(0, learning),
    },
    profileSpecOf(watch),
  );
  if (!learned.ok) throw new Error(`${watch.id}: ${learned.fault.detail}`);
  const stream = learned.value.stream();
  const open = new Map<string, { -readonly [K in keyof WatchCase]: WatchCase[K] }>();
  const cases: WatchCase[] = [];
  for (let at = learning; at < times.length; at++) {
    const row = Float64Array.from(columns, (column) => column[at]);
    const assessment = stream.push(times[at], row, quality[at]);
    see(assessment);
    if (!assessment.strange && !assessment.drifting) continue;
    const standing = { watch, model: 1, assessment, row, fatigue: [] };
    for (const evidence of explainStanding(standing, EXPLAINED)) {
      const name = evidence.reasons.failure ?? '';
      // What is strange at first often gets a name: it is the same case then.
      const known = open.get(name) ?? [...open.values()].find(({ until }) => until > assessment.time - CASE_OVER_US);
      if (known && known.until > assessment.time - CASE_OVER_US) {
        known.until = assessment.time;
        known.last = evidence;
        if (assessment.time <= known.time + CASE_OVER_US) known.settled = evidence;
        open.set(name, known);
        continue;
      }
      const { time } = assessment;
      const found = { watch, time, until: time, first: evidence, settled: evidence, last: evidence };
      open.set(name, found);
      cases.push(found);
    }
  }
  return { cases, learnedUntil: times[learning - 1], notes: learned.value.report.notes };
}
