/** One watch over rows of its features as the server judges them: learned from the first, and cases of what comes after, by the rules of the server. */

import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import { alertedCase, openedCase } from '@tidegate/platform/monitor/health/cases/alertedCase.ts';
import { caseFor } from '@tidegate/platform/monitor/health/cases/caseMatch.ts';
import { explainStanding } from '@tidegate/platform/monitor/health/cases/explain/explainStanding.ts';
import type { HealthCase } from '@tidegate/platform/monitor/health/cases/healthCase.ts';
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
  /** As it stands at first, after a week at the latest, and at last. */
  readonly first: HealthCase;
  readonly settled: HealthCase;
  readonly last: HealthCase;
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
  const cases: { -readonly [K in keyof WatchCase]: WatchCase[K] }[] = [];
  for (let at = learning; at < times.length; at++) {
    const row = Float64Array.from(columns, (column) => column[at]);
    const assessment = stream.push(times[at], row, quality[at]);
    see(assessment);
    if (!assessment.strange && !assessment.drifting) continue;
    const { time } = assessment;
    for (const evidence of explainStanding({ watch, model: 1, assessment, row, fatigue: [] }, EXPLAINED)) {
      const alert = { watch, model: 1, time, evidence };
      const present = cases.filter(({ last }) => last.lastAlertAt > time - CASE_OVER_US);
      const one = caseFor(
        evidence,
        present.map(({ last }) => last),
      );
      const known = present.find(({ last }) => last === one);
      if (known) {
        known.last = alertedCase(known.last, alert);
        if (time <= known.time + CASE_OVER_US) known.settled = known.last;
        continue;
      }
      const opened = { number: cases.length + 1, ...openedCase(alert, { similar: [], beganWith: undefined }) };
      cases.push({ watch, time, first: opened, settled: opened, last: opened });
    }
  }
  return { cases, learnedUntil: times[learning - 1], notes: learned.value.report.notes };
}
