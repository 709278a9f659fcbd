/** What SQL from outside may not do. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlPlant } from './testbed/sqlPlant.ts';

let plant: SqlPlant;
beforeAll(async () => {
  plant = await SqlPlant.open();
  await writeFile(join(plant.directory, 'secret.csv'), 'secret\n1\n');
});
afterAll(() => plant.close());

describe('what a statement may not do', () => {
  it.each([
    ["SELECT * FROM read_csv('SECRET')"],
    ["SELECT * FROM 'SECRET'"],
    ["SELECT * FROM read_text('LAKE/../secret.csv')"],
    ["SELECT * FROM read_blob('/proc/self/environ')"],
    ["SELECT * FROM glob('/etc/*')"],
    ["SELECT * FROM sniff_csv('SECRET')"],
    ["SELECT * FROM parquet_metadata('LAKE/x.parquet')"],
    ["SELECT * FROM 'https://example.com/x.parquet'"],
    ["SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = 'LAKE/log')"],
    ["SELECT (SELECT max(content) FROM read_text('SECRET'))"],
    ["WITH a AS (SELECT * FROM read_text('SECRET')) SELECT * FROM a"],
    ["SELECT * FROM query('SELECT 1')"],
    ["SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))"],
    ['SELECT * FROM system.main.duckdb_secrets()'],
    ['SELECT * FROM feed_tags()'],
    ["COPY (SELECT 1) TO 'LAKE/evil.csv'"],
    ["EXPLAIN ANALYZE COPY (SELECT 1) TO 'LAKE/evil.csv'"],
    ["COPY tags FROM 'SECRET'"],
    ["ATTACH 'LAKE/x.db'"],
    ["EXPORT DATABASE 'LAKE/x'"],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    ["SET memory_limit = '100GB'"],
    ['RESET threads'],
    ['PRAGMA threads = 8'],
    ['PRAGMA database_list'],
    ['CALL enable_logging()'],
    ['CREATE TABLE x (a INTEGER)'],
    ['CREATE OR REPLACE VIEW history AS SELECT 1'],
    ["INSERT INTO tags (path) VALUES ('x')"],
    ['EXPLAIN ANALYZE DELETE FROM tags'],
    ['DROP TABLE tags'],
    ['CHECKPOINT'],
    ['PREPARE x AS SELECT 1'],
    ['BEGIN'],
    ['SELECT 1; SELECT 2'],
    ['SELECT 1; DROP TABLE tags'],
  ])('%s', async (statement) => {
    const secret = join(plant.directory, 'secret.csv');
    const { fault, rows } = await plant.ask(statement.replace('SECRET', secret).replace('LAKE', plant.lake));
    expect(rows).toEqual([]);
    expect(fault?.code).toMatch(/^sql\.(refused|syntax)$/);
    expect(await plant.rowsOf('SELECT count(*) FROM tags'), 'and the engine goes on').toEqual([[3n]]);
  });

  it.each([
    ['SELECT 1 +', 'sql.syntax', 'Line 1, column 11: syntax error at end of input.'],
    ['SELECT\n  1 2', 'sql.syntax', /^Line 2, column 5/],
    ['EXPLAIN SELEC 1', 'sql.syntax', /^Line 1, column 9/],
    ['', 'sql.syntax', 'There is no statement.'],
    ['-- nothing', 'sql.syntax', 'There is no statement.'],
    ['SELECT nope FROM tags', 'sql.syntax', /nope/],
    ['SELECT * FROM nope', 'sql.syntax', /nope/],
    ["SELECT 'a'::INTEGER", 'sql.syntax', /Could not convert/],
    ['SELECT $1', 'sql.syntax', /parameter/i],
    ["SELECT getenv('HOME')", 'sql.syntax', /getenv/],
    [`SELECT '${'x'.repeat(100_000)}'`, 'sql.syntax', /longer/],
  ])('%s is a fault that says where', async (statement, code, detail) => {
    const expected = typeof detail === 'string' ? detail : expect.stringMatching(detail);
    expect((await plant.ask(statement)).fault).toEqual({ code, detail: expected });
  });
});
