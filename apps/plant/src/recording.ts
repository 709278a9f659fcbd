/** A recorded CSV file, read once: the rows that the plant replays. */

import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** One row of the file, by the name of the column. */
export type RecordedRow = Readonly<Record<string, string>>;

/** All rows of a CSV file with a header line, in the order of the file. Throws where there are none. */
export function readRecording(file: string): readonly RecordedRow[] {
  const rows: RecordedRow[] = parse(readFileSync(file), { columns: true, skip_empty_lines: true, trim: true });
  if (rows.length === 0) throw new Error(`${file} holds no rows`);
  return rows;
}

/** The number in a column; throws where it is not one, because the recordings come with the program. */
export function numberIn(row: RecordedRow, column: string): number {
  const value = Number(row[column]);
  if (row[column] === undefined || row[column] === '' || Number.isNaN(value)) {
    throw new Error(`column ${column} holds "${row[column]}", which is not a number`);
  }
  return value;
}

/** The text in a column; throws where the column is missing. */
export function textIn(row: RecordedRow, column: string): string {
  const text = row[column];
  if (text === undefined) throw new Error(`there is no column ${column}`);
  return text;
}
