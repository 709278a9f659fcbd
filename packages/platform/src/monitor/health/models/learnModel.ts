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
import type { OnnxScores } from './onnx/onnxScores.ts';
import { type SeenRows, seenRows } from './seenRows.ts';

/** Plain data, as a thread is told. */
export interface LearningTask {
  readonly table: FeatureTable;
  readonly spec: ProfileSpec;
  /** What a model from elsewhere says of each row, which takes the place of the score that is learned. */
  readonly outside?: OnnxScores | undefined;
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

export function profileSpecOf({ features, intervalUs, budget, detectors }: HealthWatch): ProfileSpec {
  return {
    features: features.map(({ name, unit, negligible, limit }) => ({ name, unit, negligible, limit })),
    ...{ intervalUs, budget, detectors },
  };
}

/** Faults: `health.too-little`, `health.bad-data`. */
export function learnModel(task: LearningTask): Result<LearnedModel> {
  const { table, spec, outside } = task;
  const learned = learnProfile(table, spec, outside?.scores);
  if (!learned.ok) return learned;
  const windowRows = Math.round(SEEN_WINDOW_US / spec.intervalUs);
  return success({
    profile: learned.value.toJson(),
    report: outside ? withReach(learned.value, task, outside.farthest) : learned.value.report,
    backtest: backtest(task),
    seen: seenRows(table.names, table.columns, windowRows),
  });
}

/** Some scores end: those of forests do. Where that is below the threshold a person must know it. */
function withReach(profile: LearnedProfile, { table }: LearningTask, farthest: number): ProfileReport {
  const { report } = profile;
  const row = table.times.indexOf(report.start);
  const values = Float64Array.from(table.columns, (column) => column[row]);
  const { score } = profile.stream().push(report.start, values, 1, farthest);
  if (!(score <= report.threshold)) return report;
  const note =
    `Of rows far outside all that is normal it says ${score.toFixed(1)}, which is below its threshold of ` +
    `${report.threshold.toFixed(1)}: by its score alone it can raise nothing. Learn over a longer time, allow more alarms, or ` +
    'bring a model whose score goes on growing.';
  return { ...report, notes: [note, ...report.notes] };
}

/** A block that what is left of the rows is too little to judge counts for nothing. */
function backtest({ table, spec, outside }: LearningTask): ModelCard['backtest'] {
  const count = table.times.length;
  let [rows, alarms] = [0, 0];
  for (let block = 0; block < BLOCKS; block++) {
    const [from, to] = [block, block + 1].map((edge) => Math.floor((edge * count) / BLOCKS));
    const isOther = (row: number) => row < from || row >= to;
    const given = outside?.scores.filter((_score, row) => isOther(row));
    const others = learnProfile(rowsWhere(table, isOther), spec, given);
    if (!others.ok) continue;
    rows += to - from;
    alarms += alarmsIn(others.value, { table, outside }, from, to);
  }
  return { rows, days: (rows * spec.intervalUs) / US_PER_DAY, alarms };
}

/** How often an alarm begins. */
function alarmsIn(
  profile: LearnedProfile,
  { table: { times, columns, quality }, outside }: Pick<LearningTask, 'table' | 'outside'>,
  from: number,
  to: number,
): number {
  const stream = profile.stream();
  const values = new Float64Array(columns.length);
  let [alarms, isAlarm] = [0, false];
  for (let row = from; row < to; row++) {
    for (let at = 0; at < columns.length; at++) values[at] = columns[at][row];
    const { strange, drifting } = stream.push(times[row], values, quality[row], outside?.scores[row]);
    if (!isAlarm && (strange || drifting)) alarms++;
    isAlarm = strange || drifting;
  }
  return alarms;
}
