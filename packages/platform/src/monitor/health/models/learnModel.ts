/** What learning a model computes, from rows that have been read: the profile, what it said of rows it had not seen, and what it has seen. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { LearnedProfile, ProfileReport } from '@tidegate/health/profile/learnedProfile.ts';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import type { ProfileSpec } from '@tidegate/health/profile/profileSpec.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureTable } from '../features/featureTable.ts';
import { rowsWhere } from './learningRows.ts';
import type { ModelCard } from './modelVersion.ts';
import { type SeenRows, seenRows } from './seenRows.ts';

/** Plain data, as a thread is told. */
export interface LearningTask {
  readonly table: FeatureTable;
  readonly spec: ProfileSpec;
}

export interface LearnedModel {
  /** `LearnedProfile.toJson`. */
  readonly profile: unknown;
  readonly report: ProfileReport;
  readonly backtest: ModelCard['backtest'];
  readonly seen: SeenRows;
}

/** The rows are parted into so many blocks, each of which is judged by what is learned of the others. */
const BLOCKS = 4;
/** Rows are compared with those of learning so many days at a time. */
export const SEEN_WINDOW_US = 7 * US_PER_DAY;

export function profileSpecOf({ features, intervalUs, budget }: HealthWatch): ProfileSpec {
  return {
    features: features.map(({ name, unit, negligible, limit }) => ({ name, unit, negligible, limit })),
    ...{ intervalUs, budget },
  };
}

/** Faults: `health.too-little`, `health.bad-data`. */
export function learnModel({ table, spec }: LearningTask): Result<LearnedModel> {
  const learned = learnProfile(table, spec);
  if (!learned.ok) return learned;
  const windowRows = Math.round(SEEN_WINDOW_US / spec.intervalUs);
  return success({
    profile: learned.value.toJson(),
    report: learned.value.report,
    backtest: backtest(table, spec),
    seen: seenRows(table.names, table.columns, windowRows),
  });
}

/** A block that what is left of the rows is too little to judge counts for nothing. */
function backtest(table: FeatureTable, spec: ProfileSpec): ModelCard['backtest'] {
  const count = table.times.length;
  let [rows, alarms] = [0, 0];
  for (let block = 0; block < BLOCKS; block++) {
    const [from, to] = [block, block + 1].map((edge) => Math.floor((edge * count) / BLOCKS));
    const others = learnProfile(
      rowsWhere(table, (row) => row < from || row >= to),
      spec,
    );
    if (!others.ok) continue;
    rows += to - from;
    alarms += alarmsIn(others.value, table, from, to);
  }
  return { rows, days: (rows * spec.intervalUs) / US_PER_DAY, alarms };
}

/** How often an alarm begins. */
function alarmsIn(
  profile: LearnedProfile,
  { times, columns, quality }: FeatureTable,
  from: number,
  to: number,
): number {
  const stream = profile.stream();
  const values = new Float64Array(columns.length);
  let [alarms, isAlarm] = [0, false];
  for (let row = from; row < to; row++) {
    for (let at = 0; at < columns.length; at++) values[at] = columns[at][row];
    const { strange, drifting } = stream.push(times[row], values, quality[row]);
    if (!isAlarm && (strange || drifting)) alarms++;
    isAlarm = strange || drifting;
  }
  return alarms;
}
