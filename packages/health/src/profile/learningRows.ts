/** The rows that a profile learns from: complete, of good data, of features that change; or what stands in the way. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DETECTOR_NAMES } from '../detect/namedEnsemble.ts';
import type { ProfileSpec } from './profileSpec.ts';

/** Rows of features, oldest first; columns in the order of `spec.features`. */
export interface FeatureRowsLike {
  /** Ends of the intervals, µs since 1970 UTC, ascending. */
  readonly times: Float64Array;
  /** NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** Share of good data behind each row, 0 to 1. */
  readonly quality: Float64Array;
}

export interface LearningRows {
  /** Features that are learned, by their place in the spec. */
  readonly kept: readonly number[];
  readonly leftOut: readonly string[];
  /** Complete rows alone; their places in the table. */
  readonly places: readonly number[];
  readonly times: Float64Array;
  readonly columns: readonly Float64Array[];
  /** Of all rows with usable data, those that missed a feature or had doubtful data. */
  readonly passedOver: number;
  /** Complete rows that are no operation, and were left out. */
  readonly strays: number;
}

/** A row of which less is good has no score. */
export const LEAST_QUALITY = 0.5;
/** Fewer complete rows than this say nothing about what is normal. */
export const FEWEST_LEARNING_ROWS = 100;
/** Rows that hardly ever differ from the one before are the same few, over and over. */
const FEWEST_CHANGES = 20;
/** A feature with values in less of the rows would cost all the others theirs. */
const LEAST_FILLED = 0.5;

/** No quantity of a plant is so large: what is has gone wrong on its way, and is no value. */
const MOST_MEASURED = 1e30;
/** What changes by less is rounding, or too small to be squared. */
const LEAST_CHANGE_SHARE = 1e-12;
const LEAST_CHANGE = 1e-100;

/** Whether a number may be the value of a feature. */
export function isMeasured(value: number): boolean {
  return Math.abs(value) < MOST_MEASURED;
}

/** `health.bad-data` and `health.too-little` name what is wrong. */
export function learningRows(table: FeatureRowsLike, spec: ProfileSpec): Result<LearningRows> {
  const wrong = wrongTable(table, spec);
  if (wrong !== undefined) return failure('health.bad-data', wrong);
  const { times, columns, quality } = table;
  const good = rowsWhere(times.length, (row) => quality[row] >= LEAST_QUALITY);
  const names = spec.features.map(({ name }) => name);
  const { kept, complete } = learnable(columns, good);
  if (kept.length === 0) {
    return failure('health.too-little', `None of ${names.join(', ')} has values that change in the learning time.`);
  }
  if (complete.length < FEWEST_LEARNING_ROWS) {
    const detail = `${complete.length} of ${times.length} rows are complete and of good data; ${FEWEST_LEARNING_ROWS} are needed.`;
    return failure('health.too-little', detail);
  }
  const changes = complete.filter(
    (row, i) => i > 0 && kept.some((at) => columns[at][row] !== columns[at][complete[i - 1]]),
  );
  if (changes.length < FEWEST_CHANGES) {
    const detail = `Values change ${changes.length} times in ${complete.length} rows, and ${FEWEST_CHANGES} times are needed: they stand still.`;
    return failure('health.too-little', detail);
  }
  return success({
    kept,
    leftOut: names.filter((_, i) => !kept.includes(i)),
    places: complete,
    times: Float64Array.from(complete, (row) => times[row]),
    columns: kept.map((i) => Float64Array.from(complete, (row) => columns[i][row])),
    passedOver: times.length - complete.length,
    strays: 0,
  });
}

/** Features that change in the rows that have all of them: one that changes only where another has no value does not. */
function learnable(columns: readonly Float64Array[], good: readonly number[]) {
  let complete = good;
  let kept = columns.flatMap((column, i) => (isLearnable(column, good) ? [i] : []));
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    complete = good.filter((row) => kept.every((i) => isMeasured(columns[i][row])));
    if (complete.length >= FEWEST_LEARNING_ROWS) kept = kept.filter((i) => isLearnable(columns[i], complete));
  }
  return { kept, complete };
}

/** What makes a spec unfit, in a sentence; `undefined` where nothing does. */
export function wrongSpec({ features, intervalUs, budget, detectors }: ProfileSpec): string | undefined {
  if (features.length === 0) return 'There is no feature to learn.';
  const names = features.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `The name '${twice}' stands for two features.`;
  if (!(intervalUs > 0 && Number.isFinite(intervalUs))) return `An interval of ${intervalUs} µs is none.`;
  const rate = budget.alarms / budget.perUs;
  if (!(rate > 0 && Number.isFinite(rate))) return `${budget.alarms} alarms in ${budget.perUs} µs are no budget.`;
  if (detectors?.length === 0) return 'It names no detector at all.';
  for (const [i, name] of detectors?.entries() ?? []) {
    if (!DETECTOR_NAMES.includes(name)) return `'${name}' is no detector; there are ${DETECTOR_NAMES.join(', ')}.`;
    if (detectors?.indexOf(name) !== i) return `The detector '${name}' is named twice.`;
  }
  for (const { name, negligible, limit } of features) {
    if (!(negligible >= 0 && Number.isFinite(negligible)))
      return `'${name}' cannot have a negligible shift of ${negligible}.`;
    if (limit !== undefined && !Number.isFinite(limit.at))
      return `'${name}' has a limit of ${limit.at}, which is none.`;
  }
  return undefined;
}

function wrongTable({ times, columns, quality }: FeatureRowsLike, spec: ProfileSpec): string | undefined {
  const spoilt = wrongSpec(spec);
  if (spoilt !== undefined) return spoilt;
  if (columns.length !== spec.features.length)
    return `${spec.features.length} features have ${columns.length} columns.`;
  const odd = columns.findIndex((column) => column.length !== times.length);
  if (odd >= 0)
    return `'${spec.features[odd].name}' has ${columns[odd].length} rows, and there are ${times.length} times.`;
  if (quality.length !== times.length) return `There are ${quality.length} qualities of ${times.length} rows.`;
  for (let row = 0; row < times.length; row++) {
    const follows = Number.isFinite(times[row]) && (row === 0 || times[row] > times[row - 1]);
    if (!follows) return `The time of row ${row + 1} does not follow that of the row before.`;
  }
  return undefined;
}

function isLearnable(column: Float64Array, rows: readonly number[]): boolean {
  let filled = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (!isMeasured(column[row])) continue;
    filled++;
    least = Math.min(least, column[row]);
    most = Math.max(most, column[row]);
  }
  const rounding = LEAST_CHANGE_SHARE * Math.max(Math.abs(least), Math.abs(most));
  return filled >= rows.length * LEAST_FILLED && most - least > Math.max(rounding, LEAST_CHANGE);
}

function rowsWhere(count: number, fits: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (fits(row)) rows.push(row);
  return rows;
}
