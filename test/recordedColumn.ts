/** Compares what the historian holds of a tag with the column of the recording that it was replayed from. */

import { fileURLToPath } from 'node:url';
import { readRecording } from '../apps/plant/src/recording.ts';
import type { History } from './runningTidegate.ts';

const DATA = new URL('../examples/plant/data/', import.meta.url);

/** A column as the historian should give it, from the row on with which the replay begins, then from the first again. */
export function recordedColumn(
  file: string,
  column: string,
  firstRow: number,
  convert: (text: string) => number | string,
): (number | string)[] {
  const values = readRecording(fileURLToPath(new URL(file, DATA))).map((row) => convert(row[column]));
  return [...values.slice(firstRow), ...values.slice(0, firstRow)];
}

/** The history without the repetitions that a time limit of exception reporting asks for. */
export function changesOf({ times, values }: History): History {
  const kept = values.flatMap((value, index) => (index === 0 || value !== values[index - 1] ? [index] : []));
  return { times: kept.map((index) => times[index]), values: kept.map((index) => values[index]) };
}

/**
 * The row of each change in the recording, each behind the one before; -1 from the first value on that is in no such row.
 * A recording that repeats a value within a few rows is matched to the earliest row.
 */
export function rowsOf({ values }: History, recorded: readonly (number | string)[]): number[] {
  let next = 0;
  return values.map((value) => {
    const row = next === -1 ? -1 : recorded.indexOf(value, next);
    next = row === -1 ? -1 : row + 1;
    return row;
  });
}

/**
 * By how many milliseconds the times contradict a replay of `rowsPerSecond`: row `r` stands in the registers from
 * `begin + r / rate` to `begin + (r + 1) / rate`, and one `begin` must fit all samples. 0 or less where one does.
 */
export function timeContradictionMs(times: readonly number[], rows: readonly number[], rowsPerSecond: number): number {
  const rowMs = 1_000 / rowsPerSecond;
  const earliest = times.map((time, index) => time / 1_000 - (rows[index] + 1) * rowMs);
  const latest = times.map((time, index) => time / 1_000 - rows[index] * rowMs);
  return Math.max(...earliest) - Math.min(...latest);
}
