/** The rows that a model is learned from: normal operation, without what is known not to have been. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import type { FeatureTable } from '../features/featureTable.ts';

/** What is known of a watch besides its data. */
export interface ExcludedPeriod {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** Those that have a part in `start <= time < end` (µs). */
export type ExcludedPeriods = (watch: string, start: number, end: number) => readonly ExcludedPeriod[];

export interface RowsPorts {
  readonly reader: Pick<FeatureReader, 'rows'>;
  readonly excluded: ExcludedPeriods;
}

export interface RowsQuestion {
  /** Nothing before it is read (µs). */
  readonly earliest: number;
  readonly end: number;
  /** Enough is read when there is so much of normal operation (µs); all of it where it is infinite. */
  readonly neededUs: number;
  readonly knownAt?: number | undefined;
}

export interface LearningRows {
  readonly table: FeatureTable;
  /** From here on it was read (µs). */
  readonly start: number;
  readonly end: number;
  readonly excluded: readonly ExcludedPeriod[];
  /** Normal operation that was found (µs). */
  readonly foundUs: number;
}

/** Intervals that are read at once. */
const PIECE = 1_000;

/**
 * Reads back from the end, a piece at a time, until there is enough; `onFound` is told how much there is (µs). Faults: those of
 * `FeatureReader.rows`.
 */
export async function learningRows(
  { reader, excluded }: RowsPorts,
  watch: HealthWatch,
  { earliest, end, neededUs, knownAt }: RowsQuestion,
  onFound: (foundUs: number) => void = () => undefined,
): Promise<Result<LearningRows>> {
  const { intervalUs } = watch;
  const pieces: FeatureTable[] = [];
  let [start, foundUs] = [end, 0];
  while (start > earliest && foundUs < neededUs) {
    const from = Math.max(earliest, start - PIECE * intervalUs);
    const question = { start: from, end: start, ...(knownAt !== undefined && { knownAt }) };
    const read = await reader.rows(watch, question);
    if (!read.ok) return read;
    const piece = withoutPeriods(read.value, intervalUs, excluded(watch.id, from, start));
    pieces.unshift(piece);
    foundUs += rowsWithValues(piece) * intervalUs;
    onFound(foundUs);
    start = from;
    await nextTurn();
  }
  const whole = joined(watch, pieces);
  const first = firstNeeded(whole, neededUs / intervalUs);
  const table = rowsWhere(whole, (row) => row >= first);
  if (first > 0) start = table.times[0] - intervalUs;
  return success({ table, start, end, excluded: excluded(watch.id, start, end), foundUs });
}

/** The row from which on there are so many with values; 0 where there are fewer. */
function firstNeeded({ times, columns }: FeatureTable, needed: number): number {
  let found = 0;
  for (let row = times.length - 1; row > 0; row--) {
    if (hasValue(columns, row) && ++found >= needed) return row;
  }
  return 0;
}

function withoutPeriods(table: FeatureTable, intervalUs: number, periods: readonly ExcludedPeriod[]): FeatureTable {
  if (periods.length === 0) return table;
  const { times } = table;
  return rowsWhere(table, (row) =>
    periods.every(({ start, end }) => times[row] <= start || times[row] - intervalUs >= end),
  );
}

/** In columns of its own. */
export function rowsWhere(
  { names, times, columns, quality }: FeatureTable,
  isKept: (row: number) => boolean,
): FeatureTable {
  const kept = (column: Float64Array) => column.filter((_value, row) => isKept(row));
  return { names, times: kept(times), columns: columns.map(kept), quality: kept(quality) };
}

function rowsWithValues({ times, columns }: FeatureTable): number {
  let count = 0;
  for (let row = 0; row < times.length; row++) {
    if (hasValue(columns, row)) count++;
  }
  return count;
}

function hasValue(columns: readonly Float64Array[], row: number): boolean {
  return columns.some((column) => Number.isFinite(column[row]));
}

function joined({ features }: HealthWatch, pieces: readonly FeatureTable[]): FeatureTable {
  const column = (of: (piece: FeatureTable) => Float64Array) => {
    const whole = new Float64Array(pieces.reduce((sum, piece) => sum + of(piece).length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(of(piece), at);
      at += of(piece).length;
    }
    return whole;
  };
  return {
    names: features.map(({ name }) => name),
    times: column(({ times }) => times),
    columns: features.map((_feature, index) => column(({ columns }) => columns[index])),
    quality: column(({ quality }) => quality),
  };
}
