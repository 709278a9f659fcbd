/** Samples of tags as a table, CSV (RFC 4180) or JSON. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import type { Series } from '../serverApi/answers.ts';

export const SERIES_FORMATS = ['table', 'csv', 'json'] as const;
export type SeriesFormat = (typeof SERIES_FORMATS)[number];

interface Row {
  readonly tag: string;
  readonly time: string;
  readonly value: number | string | boolean | null;
  readonly unit: string;
  readonly status: string;
}

/** One text for all series, one behind the other, that ends with a line feed. */
export function formatSeries(all: readonly Series[], format: SeriesFormat): string {
  const rows = all.flatMap(rowsOf);
  if (format === 'json') return `${JSON.stringify(rows, undefined, 2)}\n`;
  return format === 'csv' ? formatCsv(rows) : formatTable(rows);
}

function rowsOf({ path, valueType, unit, times, values, statuses }: Series): Row[] {
  return times.map((time, index) => {
    const value = values[index];
    return {
      tag: path,
      time: formatTimestamp(time as Timestamp),
      value: valueType === 'boolean' && typeof value === 'number' ? value !== 0 : value,
      unit,
      status: statusName(statuses[index]),
    };
  });
}

const COLUMNS = ['tag', 'time', 'value', 'unit', 'status'] as const satisfies readonly (keyof Row)[];

function formatCsv(rows: readonly Row[]): string {
  const lines = [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column] ?? ''))];
  return lines.map((line) => `${line.map((field) => csvField(String(field))).join(',')}\r\n`).join('');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Numbers to the right, so that their sizes can be compared at a glance. */
function formatTable(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no samples in this range\n';
  const lines = [COLUMNS.map(String), ...rows.map((row) => COLUMNS.map((column) => readable(row[column])))];
  const widths = COLUMNS.map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => (COLUMNS[index] === 'value' ? cell.padStart(widths[index]) : cell.padEnd(widths[index])))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** As the device meant it: 2704.3 where 32 bits made 2704.300048828125 of it. The other formats keep every digit. */
function readable(value: Row[keyof Row]): string {
  if (typeof value !== 'number' || Math.fround(value) !== value) return String(value ?? '');
  let shortest = value;
  for (let digits = 1; digits <= FLOAT32_DIGITS; digits++) {
    shortest = Number(value.toPrecision(digits));
    if (Math.fround(shortest) === value) break;
  }
  return String(shortest);
}

/** As many decimal digits tell every float32 from its neighbours (IEEE 754, 5.12.2). */
const FLOAT32_DIGITS = 9;
