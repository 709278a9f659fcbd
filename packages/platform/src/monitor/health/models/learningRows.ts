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
  /** The first or the last that is enough. */
  readonly which: 'first' | 'last';
  readonly knownAt?: number | undefined;
  /** Nothing more is read when it aborts. */
  readonly signal?: AbortSignal;
}

export interface LearningRows {
  readonly table: FeatureTable;
  /** Of the first and the last row (µs); all that was read where there is none. */
  readonly start: number;
  readonly end: number;
  readonly excluded: readonly ExcludedPeriod[];
  /** Normal operation that was found (µs). */
  readonly foundUs: number;
}

/** Intervals that are read at once. */
const PIECE = 1_000;

/**
 * Reads on from the beginning or back from the end, a piece at a time, until there is enough; `onFound` is told how much there is
 * (µs). Faults: those of `FeatureReader.rows`.
 */
export async function learningRows(
  { reader, excluded }: RowsPorts,
  watch: HealthWatch,
  { earliest, end, neededUs, which, knownAt, signal }: RowsQuestion,
  onFound: (foundUs: number) => void = () => undefined,
): Promise<Result<LearningRows>> {
  const { intervalUs } = watch;
  const isFirst = which === 'first';
  const pieces: FeatureTable[] = [];
  // What lies between has not been read.
  let [from, to] = [earliest, end];
  let foundUs = 0;
  while (from < to && foundUs < neededUs && !signal?.aborted) {
    const start = isFirst ? from : Math.max(from, to - PIECE * intervalUs);
    const stop = isFirst ? Math.min(to, from + PIECE * intervalUs) : to;
    const question = { start, end: stop, ...(knownAt !== undefined && { knownAt }) };
    const read = await reader.rows(watch, question);
    if (!read.ok) return read;
    const piece = withoutPeriods(read.value, intervalUs, excluded(watch.id, start, stop));
    if (isFirst) pieces.push(piece);
    else pieces.unshift(piece);
    foundUs += completeRows(piece) * intervalUs;
    onFound(foundUs);
    if (isFirst) from = stop;
    else to = start;
    await nextTurn();
  }
  const table = neededRows(joined(watch, pieces), neededUs / intervalUs, which);
  const { times } = table;
  const [start, stop] = times.length === 0 ? [earliest, end] : [times[0] - intervalUs, times.at(-1)!];
  // Of what was asked for it is said why it was not learned from; what was not needed nobody asks about.
  const [first, last] = Number.isFinite(neededUs) ? [start, stop] : [earliest, end];
  return success({ table, start, end: stop, excluded: excluded(watch.id, first, last), foundUs });
}

/** The first or the last rows in which there are so many complete ones, from one complete row to another. */
function neededRows(whole: FeatureTable, needed: number, which: RowsQuestion['which']): FeatureTable {
  const { times, columns } = whole;
  const complete = Array.from(times.keys()).filter((row) => isComplete(columns, row));
  const wanted = which === 'first' ? complete.slice(0, needed) : complete.slice(-needed);
  const [first = 0, last = times.length - 1] = [wanted[0], wanted.at(-1)];
  return rowsWhere(whole, (row) => row >= first && row <= last);
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
  { times, columns, quality, ...told }: FeatureTable,
  isKept: (row: number) => boolean,
): FeatureTable {
  const kept = (column: Float64Array) => column.filter((_value, row) => isKept(row));
  return { ...told, times: kept(times), columns: columns.map(kept), quality: kept(quality) };
}

function completeRows({ times, columns }: FeatureTable): number {
  let count = 0;
  for (let row = 0; row < times.length; row++) if (isComplete(columns, row)) count++;
  return count;
}

/** Nothing is learned of normal operation from a row that misses a feature. */
function isComplete(columns: readonly Float64Array[], row: number): boolean {
  return columns.every((column) => Number.isFinite(column[row]));
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
    lacks: features.map((_feature, index) => pieces.findLast(({ lacks }) => lacks?.[index])?.lacks?.[index]),
  };
}
