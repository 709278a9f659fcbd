/** A file of samples: its columns, and its rows as often as they are wanted. */

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { openParquetRows } from '@tidegate/platform/historian/lake/exchange/parquetRows.ts';
import { type CsvRecord, CsvRecords } from './csvRecords.ts';

/** Text as it stands in the file; a number where the file itself has numbers. */
export type Cell = string | number | null;

type SourceRow =
  | { readonly line: number; readonly fields: readonly Cell[] }
  | { readonly line: number; readonly defect: string };

export interface ImportSource {
  readonly columns: readonly string[];
  /** In tables that people write with semicolons, numbers have a comma. */
  readonly hasDecimalCommas: boolean;
  /** What is counted in `line`: lines of a text, rows of a table. */
  readonly place: 'line' | 'row';
  readonly bytes: number;
  /** The rows in batches; `onBytes` is told how far the file has been read. */
  batches(onBytes: (bytes: number) => void): AsyncGenerator<readonly SourceRow[], void, undefined>;
  close(): void;
}

const PARQUET_MAGIC = 'PAR1';
const PIECE_BYTES = 1024 * 1024;

/** Rejects with what the file system, or DuckDB, says of the file. */
export async function openImportSource(file: string): Promise<ImportSource> {
  return extname(file).toLowerCase() === '.parquet' || (await beginsWith(file, PARQUET_MAGIC))
    ? openParquetSource(file)
    : openCsvSource(file);
}

async function openParquetSource(file: string): Promise<ImportSource> {
  const { size: bytes } = await stat(file);
  const rows = await openParquetRows(file);
  return {
    columns: rows.columns,
    hasDecimalCommas: false,
    place: 'row',
    bytes,
    close: rows.close,
    async *batches(onBytes) {
      let row = 0;
      for await (const batch of rows.batches()) yield batch.map((fields) => ({ line: ++row, fields }));
      onBytes(bytes);
    },
  };
}

async function openCsvSource(file: string): Promise<ImportSource> {
  const { size: bytes } = await stat(file);
  for await (const { records, separator } of readCsv(file, () => {})) {
    const [header] = records;
    if (!header) continue;
    const columns = 'fields' in header ? header.fields.map((name) => String(name ?? '').trim()) : [];
    return {
      columns,
      hasDecimalCommas: separator === ';',
      place: 'line',
      bytes,
      close: () => {},
      async *batches(onBytes) {
        let isHeader = true;
        for await (const batch of readCsv(file, onBytes)) {
          const rows = isHeader ? batch.records.slice(1) : batch.records;
          if (batch.records.length > 0) isHeader = false;
          yield rows;
        }
      },
    };
  }
  return { columns: [], hasDecimalCommas: false, place: 'line', bytes, close: () => {}, async *batches() {} };
}

async function* readCsv(
  file: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<{ readonly records: readonly CsvRecord[]; readonly separator: string | undefined }, void, undefined> {
  const csv = new CsvRecords();
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) {
    bytes += piece.length;
    const records = csv.push(decoder.decode(piece, { stream: true }), false);
    onBytes(bytes);
    yield { records, separator: csv.separator };
  }
  yield { records: csv.push(decoder.decode(), true), separator: csv.separator };
}

async function beginsWith(file: string, magic: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === magic;
  } finally {
    await handle.close();
  }
}
