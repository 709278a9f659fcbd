/** A CSV table (RFC 4180, and what spreadsheets make of it) as validated rows that know the line they stand on. */

import { type CsvError, type Info, parse } from 'csv-parse/sync';
import type { z } from 'zod';
import { type Defect, FILE_START, makeDefect, type Place } from './defect.ts';
import { readText } from './readText.ts';
import { suggest, zodDefects } from './zodDefects.ts';

/** After so many lines with wrong quotes the file is something else than a table. */
const MAX_QUOTE_ERRORS = 20;

export interface TableRow<T> {
  readonly value: T;
  /** Where the field of a column begins; the row, where the table has no such column. */
  place(column: string): Place;
}

/** The good rows, and what is wrong with the others: both, so that rows can be checked against each other all the same. */
export interface Table<T> {
  readonly file: string;
  readonly rows: readonly TableRow<T>[];
  readonly defects: readonly Defect[];
}

interface RawRecord {
  readonly fields: readonly string[];
  /** The line on which the record begins, from 1. */
  readonly line: number;
}

/**
 * Reads a table whose first row names the columns. Columns are separated by comma, semicolon or tab; empty lines and lines
 * that begin with `#` are skipped; a column `min_interval` or `Min Interval` is the key `minInterval` of the schema; an
 * empty field is an absent one. `rowSchema` takes text fields. Never throws.
 */
export async function loadTable<S extends z.ZodObject>(file: string, rowSchema: S): Promise<Table<z.output<S>>> {
  const text = await readText(file);
  return text.ok ? parseTable(file, text.value, rowSchema) : { file, rows: [], defects: text.defects };
}

/** The table in `text`, whose lines end in `\n`; `file` is its name in defects. */
export function parseTable<S extends z.ZodObject>(file: string, text: string, rowSchema: S): Table<z.output<S>> {
  const source = new TableText(file, text);
  const [header, ...records] = source.records;
  if (header === undefined) {
    const hint = `the first row names the columns: ${Object.keys(rowSchema.shape).join(', ')}`;
    const empty = makeDefect('config.missing', file, FILE_START, 'the table is empty', hint);
    return { file, rows: [], defects: [...source.defects, empty] };
  }
  const columns = readHeader(source, header, rowSchema);
  const defects = [...source.defects, ...columns.defects];
  if (columns.missing) return { file, rows: [], defects };
  const rows: TableRow<z.output<S>>[] = [];
  for (const record of records) {
    if (record.fields.every((field) => field.trim() === '')) continue;
    const row = readRow(source, record, columns.keys, rowSchema);
    if ('value' in row) rows.push(row);
    else defects.push(...row.defects);
  }
  return { file, rows, defects };
}

interface Header {
  /** The schema key of each column; `undefined` for a column that is not known. */
  readonly keys: readonly (string | undefined)[];
  readonly defects: readonly Defect[];
  /** True where a required column is missing, so that the rows need not be looked at. */
  readonly missing: boolean;
}

function readHeader(source: TableText, header: RawRecord, rowSchema: z.ZodObject): Header {
  const known = Object.keys(rowSchema.shape);
  const byName = new Map(known.map((key) => [bareName(key), key]));
  const keys: (string | undefined)[] = [];
  const defects: Defect[] = [];
  for (const [index, name] of header.fields.entries()) {
    const key = byName.get(bareName(name));
    const twice = key !== undefined && keys.includes(key);
    keys.push(twice ? undefined : key);
    if (key !== undefined && !twice) continue;
    const place = source.fieldPlace(header, index);
    if (name.trim() === '' && index === header.fields.length - 1) continue;
    const shown = JSON.stringify(name.trim());
    defects.push(
      twice
        ? makeDefect('config.syntax', source.file, place, `the column ${shown} stands twice`, 'remove one of the two')
        : makeDefect(
            'config.unknown-key',
            source.file,
            place,
            `unknown column ${shown}`,
            suggest(name.trim(), known, 'known here'),
          ),
    );
  }
  const absent = known.filter((key) => !keys.includes(key) && isRequired(rowSchema, key));
  for (const key of absent) {
    const hint =
      absent.length > 2 ? 'columns are separated by comma, semicolon or tab, the same in every row' : undefined;
    const place = source.fieldPlace(header, 0);
    defects.push(makeDefect('config.missing', source.file, place, `the column "${columnName(key)}" is missing`, hint));
  }
  return { keys, defects, missing: absent.length > 0 };
}

function readRow<S extends z.ZodObject>(
  source: TableText,
  record: RawRecord,
  keys: readonly (string | undefined)[],
  rowSchema: S,
): TableRow<z.output<S>> | { readonly defects: readonly Defect[] } {
  const input: Record<string, string> = {};
  const defects: Defect[] = [];
  for (const [index, field] of record.fields.entries()) {
    const text = field.trim();
    const key = keys[index];
    if (key !== undefined && text !== '') input[key] = text;
    if (index >= keys.length && text !== '') {
      const message = `the row has ${record.fields.length} fields, the header ${keys.length}`;
      const hint = 'put a field that holds the separator between double quotes';
      defects.push(makeDefect('config.syntax', source.file, source.fieldPlace(record, index), message, hint));
      break;
    }
  }
  const place = (column: string) => source.fieldPlace(record, Math.max(keys.indexOf(column), 0));
  const parsed = rowSchema.safeParse(input, { reportInput: true });
  if (parsed.success && defects.length === 0) return { value: parsed.data, place };
  for (const { code, path, message, hint } of parsed.success ? [] : zodDefects(parsed.error, rowSchema)) {
    const key = String(path[0] ?? '');
    const named = message.replace(JSON.stringify(key), `"${columnName(key)}"`);
    defects.push(makeDefect(code, source.file, place(key), named, hint));
  }
  return { defects };
}

/** The text of a table cut into records, with the means to find a field again. */
class TableText {
  readonly file: string;
  readonly records: readonly RawRecord[];
  readonly defects: readonly Defect[];
  readonly #lines: readonly string[];
  readonly #separator: string;

  constructor(file: string, text: string) {
    this.file = file;
    this.#lines = text.split('\n');
    this.#separator = findSeparator(this.#lines);
    const records: RawRecord[] = [];
    const defects: Defect[] = [];
    for (let from: number | undefined = 1; from !== undefined && defects.length < MAX_QUOTE_ERRORS; ) {
      const stopped = this.#readFrom(from, records);
      from = stopped && stopped.line + 1;
      if (stopped) defects.push(stopped);
    }
    this.records = records;
    this.defects = defects;
  }

  /** Where the field `index` of a record begins, found by walking over the fields before it. */
  fieldPlace(record: RawRecord, index: number): Place {
    let line = record.line;
    let column = 0;
    let quoted = false;
    for (let remaining = index; remaining > 0; ) {
      const text = this.#lines[line - 1];
      if (text === undefined) return { line: record.line, column: 1 };
      if (column >= text.length) {
        if (!quoted) break;
        line++;
        column = 0;
        continue;
      }
      if (text[column] === '"') quoted = !quoted;
      else if (text[column] === this.#separator && !quoted) remaining--;
      column++;
    }
    return { line, column: column + 1 };
  }

  /** Reads records from a line on, up to the end or to a wrong quote, which it names; reading goes on behind its line. */
  #readFrom(firstLine: number, records: RawRecord[]): Defect | undefined {
    const before = firstLine - 1;
    let endLine = before;
    const take = (fields: string[], info: Info): null => {
      endLine = before + info.lines;
      const extraLines = fields.reduce((sum, field) => sum + field.split('\n').length - 1, 0);
      records.push({ fields, line: endLine - extraLines });
      return null;
    };
    try {
      parse(this.#lines.slice(before).join('\n'), {
        delimiter: this.#separator,
        record_delimiter: '\n',
        comment: '#',
        comment_no_infix: true,
        skip_empty_lines: true,
        relax_column_count: true,
        on_record: (fields, context) => take(fields as unknown as string[], context as unknown as Info),
      });
      return undefined;
    } catch (error) {
      const { code, message } = error as CsvError;
      const line = this.#nextRecordLine(endLine + 1);
      const hint =
        'a field with a quote in it stands between double quotes, and the quote in it is doubled: "3"" pipe"';
      const unclosed = code === 'CSV_QUOTE_NOT_CLOSED';
      const said = unclosed
        ? 'a quote that opens here is never closed'
        : `a quote stands where none may be (${message})`;
      return makeDefect('config.syntax', this.file, { line, column: this.#quoteColumn(line) }, said, hint);
    }
  }

  /** The first line from `line` on that is neither empty nor a comment. */
  #nextRecordLine(line: number): number {
    while (line < this.#lines.length && isSkipped(this.#lines[line - 1])) line++;
    return line;
  }

  #quoteColumn(line: number): number {
    return Math.max((this.#lines[line - 1] ?? '').indexOf('"'), 0) + 1;
  }
}

/** The separator that the header uses most, outside quotes. */
function findSeparator(lines: readonly string[]): string {
  const header = (lines.find((line) => !isSkipped(line)) ?? '').replace(/"[^"]*"/g, '');
  const count = (separator: string) => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

function isSkipped(line: string): boolean {
  return line === '' || line.startsWith('#');
}

function isRequired(rowSchema: z.ZodObject, key: string): boolean {
  return !(rowSchema.shape[key] as z.ZodType).safeParse(undefined).success;
}

/** `min_interval`, `Min Interval` and `minInterval` are one name. */
function bareName(name: string): string {
  return name.replace(/[\s_-]/g, '').toLowerCase();
}

/** A schema key as it is written in a header: `minInterval` as `min_interval`. */
function columnName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
