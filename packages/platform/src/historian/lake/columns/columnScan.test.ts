/** Columns go into DuckDB and come out of it as they were. */

import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerColumnScan } from './columnScan.ts';
import { type Column, type ColumnShape, type ColumnTable, cellOf, numberColumn, textColumn } from './columnTable.ts';
import { readVector } from './vectorColumns.ts';

const SHAPES: ColumnShape[] = [
  { name: 'd', type: 'DOUBLE' },
  { name: 'i', type: 'INTEGER' },
  { name: 'u', type: 'UINTEGER' },
  { name: 't', type: 'TIMESTAMP' },
  { name: 'b', type: 'BOOLEAN' },
  { name: 's', type: 'VARCHAR' },
];
let fed: readonly ColumnTable[] = [];
let instance: DuckDBInstance;
let connection: Awaited<ReturnType<DuckDBInstance['connect']>>;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  registerColumnScan(connection, { name: 'fed', columns: SHAPES, parameterTypes: [], bind: () => () => fed });
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function read(sql: string): Promise<unknown[][]> {
  const result = await connection.stream(sql);
  const types = result.columnTypes();
  const rows: unknown[][] = [];
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const columns = types.map((type, index) => readVector(chunk!, index, type));
    for (let row = 0; row < chunk.rowCount; row++) rows.push(columns.map((column) => cellOf(column, row)));
  }
  return rows;
}

type Row = [number | null, number | null, number | null, number | null, number | null, string | null];

function tableOf(rows: readonly Row[]): ColumnTable {
  const numbers = (index: number): Column =>
    numberColumn(rows.map((row) => (row[index] as number | null) ?? undefined));
  return {
    rows: rows.length,
    columns: [0, 1, 2, 3, 4].map(numbers).concat(
      textColumn(
        rows.map((row) => row[5]),
        rows.length,
      ),
    ),
  };
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });
const ROW: fc.Arbitrary<Row> = fc.tuple(
  maybe(fc.double()),
  maybe(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  maybe(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  maybe(fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })),
  maybe(fc.constantFrom(0, 1)),
  maybe(fc.oneof(fc.constantFrom('', 'a'), fc.string({ unit: 'grapheme' }))),
);

describe('columns', () => {
  it('keep every value, the order, and what has none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(ROW, { maxLength: 100 }), { maxLength: 4 }), async (tables) => {
        fed = tables.map(tableOf);
        expect(await read('FROM fed()')).toEqual(tables.flat());
      }),
      { numRuns: 50 },
    );
  });

  it('may be longer than a chunk, and asked for singly, in any order, or not at all', async () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, index): Row => [index, index, index, index, index % 2, `s${index >> 4}`],
    );
    fed = [{ rows: 0, columns: [] }, tableOf(rows.slice(0, 5_000)), tableOf(rows.slice(5_000))];
    expect(await read('SELECT s, d FROM fed()')).toEqual(rows.map((row) => [row[5], row[0]]));
    expect(await read('SELECT count(*)::INTEGER FROM fed()')).toEqual([[10_000]]);
    expect(await read('SELECT sum(d) FROM fed() WHERE b AND i < 10')).toEqual([[25]]);
  });
});
