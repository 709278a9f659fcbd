/** Reads a list of tags as spreadsheets hold it, CSV or XLSX: whatever the columns are called, those that say something. */

import { parseTable } from '@tidegate/config/table.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { unzipSync } from 'fflate';
import { readSheet } from 'read-excel-file/node';
import { z } from 'zod';

export interface ListedTag {
  readonly name: string;
  readonly description: string;
  /** As it is written; it need not be UCUM. */
  readonly unit: string;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

type Column = keyof ListedTag;
/** What the columns are called in the exports of control systems, historians and instrument lists, without blanks. */
const HEADINGS: Readonly<Record<Column, RegExp>> = {
  name: /^(tag|tagname|tagno|tagnumber|tagpath|name|path|point|pointname|item|itemname|signal|kks|kkscode|instrumenttag)$/,
  description: /^(description|desc|descriptor|service|servicedescription|comment|text|longtext|designation)$/,
  unit: /^(unit|units|eu|uom|engunit|engunits|engineeringunit|engineeringunits|dimension)$/,
  low: /^(low|lo|min|minimum|lrv|rangelow|lowrange|eulo|zero|scalelow|lowlimit)$/,
  high: /^(high|hi|max|maximum|urv|rangehigh|highrange|euhi|span|scalehigh|highlimit)$/,
};
const COLUMNS = Object.keys(HEADINGS) as Column[];
const MAX_TAGS = 200_000;
/** A spreadsheet is a zip archive: what it unpacks to is looked at before it is unpacked. */
const MAX_SHEET_BYTES = 256 * 1024 * 1024;
/** Spreadsheets often begin with a title: the row that names the columns is looked for in so many. */
const MAX_HEADER_ROW = 10;

/** Fault `model.import`. */
export async function readTagList(file: string, bytes: Uint8Array): Promise<Result<readonly ListedTag[]>> {
  const isSheet = /\.xlsx$/i.test(file) || (bytes[0] === 0x50 && bytes[1] === 0x4b);
  const rows = isSheet ? await sheetRows(file, bytes) : success(tableRows(file, bytes));
  if (!rows.ok) return rows;
  const header = rows.value.slice(0, MAX_HEADER_ROW).findIndex((row) => row.some((cell) => isHeading('name', cell)));
  if (header < 0) {
    const found = (rows.value[0] ?? []).filter((cell) => cell !== '').slice(0, 12);
    const columns = found.length === 0 ? 'The file holds no rows' : `The columns are ${found.join(', ')}`;
    return failure('model.import', `${columns}; none of the first rows has one called tag, name, path, point or KKS.`);
  }
  const places = COLUMNS.map((column) => rows.value[header].findIndex((cell) => isHeading(column, cell)));
  const tags = rows.value.slice(header + 1).flatMap((row): ListedTag[] => {
    const [name, description, unit, low, high] = places.map((place) => (place < 0 ? '' : (row[place] ?? '')));
    return name === '' ? [] : [{ name, description, unit, low: numberOf(low), high: numberOf(high) }];
  });
  if (tags.length === 0) return failure('model.import', 'The list names no tag.');
  if (tags.length > MAX_TAGS) return failure('model.import', `The list has more than ${MAX_TAGS} tags.`);
  return success(tags);
}

function isHeading(column: Column, cell: string): boolean {
  return HEADINGS[column].test(cell.toLowerCase().replace(/[^a-z]/g, ''));
}

function numberOf(text: string): number | undefined {
  const number = Number(text.replace(',', '.'));
  return text === '' || !Number.isFinite(number) ? undefined : number;
}

async function sheetRows(file: string, bytes: Uint8Array): Promise<Result<readonly (readonly string[])[]>> {
  try {
    let unpacked = 0;
    unzipSync(bytes, {
      filter: ({ originalSize }) => {
        unpacked += originalSize;
        return false;
      },
    });
    if (unpacked > MAX_SHEET_BYTES)
      return failure('model.import', `${file} unpacks to more than ${MAX_SHEET_BYTES} bytes.`);
    const rows = await readSheet(Buffer.from(bytes));
    return success(rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell).trim()))));
  } catch (error) {
    // Two libraries read these bytes, and each throws what it likes at what is no spreadsheet.
    return failure('model.import', `${file} cannot be read as a spreadsheet: ${(error as Error).message}.`);
  }
}

/** Every row by the columns of the widest, so that titles above the header do not matter. */
function tableRows(file: string, bytes: Uint8Array): readonly (readonly string[])[] {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n');
  const lines = text.split('\n');
  const start = lines
    .slice(0, MAX_HEADER_ROW)
    .findIndex((line) => line.split(/[,;\t]/).some((cell) => isHeading('name', cell.replaceAll('"', ''))));
  if (start < 0) return [lines[0].split(/[,;\t]/)];
  const header = lines[start].split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const wanted = COLUMNS.map((column) => header.find((cell) => isHeading(column, cell)));
  const shape = Object.fromEntries(
    wanted.flatMap((cell) => (cell === undefined ? [] : [[cell, z.string().optional()]])),
  );
  const { rows } = parseTable(file, lines.slice(start).join('\n'), z.object(shape));
  const cells = rows.map(({ value }) =>
    wanted.map((cell) => (cell === undefined ? '' : ((value as Record<string, string | undefined>)[cell] ?? ''))),
  );
  return [wanted.map((cell) => cell ?? ''), ...cells];
}
