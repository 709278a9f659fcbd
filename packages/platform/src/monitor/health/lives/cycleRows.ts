/** Rows of a watch averaged over the cycles of a life: every cycle from the first to the last has a row, whether it ran or not. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import type { FeatureTable } from '../features/featureTable.ts';

export interface CycleRows {
  /** Ends of the cycles, µs since 1970 UTC, one cycle apart. */
  readonly times: Float64Array;
  /** By feature of the watch; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** Share of the data of each cycle that is good, 0 to 1; NaN where there was nothing to see. */
  readonly quality: Float64Array;
}

export interface CycleQuestion {
  readonly cycleUs: number;
  /** Rows that lie in `start <= time < end` (µs); those of a cycle that is cut by either count alone. */
  readonly start: number;
  readonly end: number;
}

/** Intervals that are read at once. */
const PIECE = 1_000;
/** A cycle with less good data than this says nothing. */
const LEAST_QUALITY = 0.5;

/** Faults as `FeatureReader.rows`. */
export async function readCycles(
  reader: Pick<FeatureReader, 'rows'>,
  watch: HealthWatch,
  { cycleUs, start, end }: CycleQuestion,
): Promise<Result<CycleRows>> {
  const from = Math.ceil(start / watch.intervalUs) * watch.intervalUs;
  const to = Math.floor(end / watch.intervalUs) * watch.intervalUs;
  const first = Math.floor(from / cycleUs);
  const count = Math.max(0, Math.ceil(to / cycleUs) - first);
  const rows: CycleRows = {
    times: Float64Array.from({ length: count }, (_, cycle) => (first + cycle + 1) * cycleUs),
    columns: watch.features.map(() => new Float64Array(count).fill(Number.NaN)),
    quality: new Float64Array(count).fill(Number.NaN),
  };
  const pieceUs = Math.max(1, Math.floor((PIECE * watch.intervalUs) / cycleUs)) * cycleUs;
  for (let begin = first * cycleUs; begin < to; begin += pieceUs) {
    const question = { start: Math.max(from, begin), end: Math.min(to, begin + pieceUs) };
    const read = await reader.rows(watch, question);
    if (!read.ok) return read;
    average(read.value, watch.intervalUs, cycleUs, first, rows);
    await nextTurn();
  }
  return success(rows);
}

/** Into the rows of the cycles that the table lies in, which has whole ones. */
function average(
  { times, columns, quality }: FeatureTable,
  intervalUs: number,
  cycleUs: number,
  first: number,
  into: CycleRows,
) {
  for (let begin = 0; begin < times.length; ) {
    const cycle = cycleOf(times[begin]);
    let end = begin + 1;
    while (end < times.length && cycleOf(times[end]) === cycle) end++;
    into.quality[cycle] = meanOf(quality, begin, end);
    for (const [at, column] of columns.entries()) {
      into.columns[at][cycle] = into.quality[cycle] < LEAST_QUALITY ? Number.NaN : meanOf(column, begin, end);
    }
    begin = end;
  }
  function cycleOf(time: number): number {
    return Math.floor((time - intervalUs) / cycleUs) - first;
  }
}

function meanOf(column: Float64Array, begin: number, end: number): number {
  let [sum, count] = [0, 0];
  for (let row = begin; row < end; row++) {
    if (Number.isNaN(column[row])) continue;
    sum += column[row];
    count++;
  }
  return sum / count;
}

/** The same without what comes before the first cycle that has any value. */
export function withoutLead(rows: CycleRows): CycleRows {
  const first = rows.times.findIndex((_, cycle) => rows.columns.some((column) => Number.isFinite(column[cycle])));
  return cyclesFrom(rows, first < 0 ? rows.times.length : first);
}

export function cyclesFrom({ times, columns, quality }: CycleRows, first: number): CycleRows {
  return {
    times: times.subarray(first),
    columns: columns.map((column) => column.subarray(first)),
    quality: quality.subarray(first),
  };
}

/** Rows that follow on others. */
export function followed(before: CycleRows, after: CycleRows): CycleRows {
  const join = (a: Float64Array, b: Float64Array) => Float64Array.of(...a, ...b);
  return {
    times: join(before.times, after.times),
    columns: before.columns.map((column, at) => join(column, after.columns[at])),
    quality: join(before.quality, after.quality),
  };
}
