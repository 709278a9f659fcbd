/** Statements through the real engine, in its own process, over a lake that was really published. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, success } from '@tidegate/core/fault/fault.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipRun, sliceRun } from '../../historian/archive/sampleRun.ts';
import { cellOf } from '../../historian/lake/columns/columnTable.ts';
import type { SqlParameter } from '../../historian/lake/engine/engineMessage.ts';
import { DEFAULT_LIMITS, type SqlEngine } from '../../historian/lake/engine/sqlEngine.ts';
import { LakePublication } from '../../historian/lake/publish/lakePublication.ts';
import {
  type MemorySeries,
  memoryPlace,
  memorySource,
  runOf,
  storedTag,
} from '../../historian/lake/testbed/memorySource.ts';
import type { HistoryFunctions } from './historyFunctions.ts';
import { type PlantSqlOptions, plantSql } from './plantSql.ts';

const at = (text: string) => parseTimestamp(text)!;
const SERIES: MemorySeries[] = [
  {
    tag: storedTag(0, 'acme/north/boiler/temperature'),
    run: runOf([
      [at('2026-01-01T00:00:00Z'), 20, 0],
      [at('2026-01-01T12:00:00Z'), 30, 0x40000000],
      [at('2026-01-02T00:00:00Z'), null, 0x80050000],
      [at('2026-01-03T00:00:00Z'), 40, 0],
    ]),
  },
  { tag: storedTag(1, 'acme/north/recipe'), run: runOf([[at('2026-01-02T06:00:00Z'), "d'Or", 0]]) },
  { tag: storedTag(2, 'acme/south/flow'), run: runOf([]) },
];
/** What the live historian would do, over the same samples; every call is noted. */
const asked: unknown[][] = [];
const find = (tag: string) => SERIES.find((one) => one.tag.path === tag || String(one.tag.index) === tag);
const history: HistoryFunctions = {
  async raw(tag, start, end) {
    asked.push(['raw', tag, start, end]);
    const found = find(tag);
    if (!found) return failure('tag.unknown', `No tag is called "${tag}".`);
    const [from, to] = [parseTimestamp(start), parseTimestamp(end)];
    return success([{ tag: found.tag, run: from && to ? clipRun(found.run, from, to) : found.run }]);
  },
  async interpolated(tag, start, end, interval) {
    asked.push(['interpolated', tag, start, end, interval]);
    return success([{ tag: SERIES[0].tag, run: runOf([]) }]);
  },
  async aggregate(tag, aggregate, start, end, interval) {
    asked.push(['aggregate', tag, aggregate, start, end, interval]);
    return success([{ tag: SERIES[0].tag, run: runOf([[0, 25, 0]]) }]);
  },
  async latest(pattern, signal) {
    asked.push(['latest', pattern]);
    if (pattern === 'bug') throw new Error('a bug');
    if (pattern === 'never') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return success(
      SERIES.map(({ tag, run }) => ({ tag, run: sliceRun(run, run.times.length - 1, run.times.length) })).slice(0, 2),
    );
  },
};

let directory: string;
let lake: string;
let sql: SqlEngine;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plant-sql-'));
  lake = join(directory, 'lake');
  await publish(['2026-01-01', '2026-01-02']);
  await writeFile(join(directory, 'secret.csv'), 'secret\n1\n');
  sql = open();
});
afterAll(async () => {
  await sql.close();
  await rm(directory, { recursive: true });
});

let eventRevision = 0;
function open(options: Partial<PlantSqlOptions> = {}) {
  const event = () => ({ at: at('2026-01-01T00:00:00Z'), kind: 'line.lost' as const, source: 'g1', detail: 'Line 1.' });
  return plantSql({
    ...{ lake, spill: join(directory, `spill-${Math.random()}`), history, ...options },
    tags: { revision: () => 0, rows: () => SERIES.map(({ tag }) => tag) },
    events: { revision: () => eventRevision, rows: () => Array.from({ length: eventRevision + 1 }, event) },
  });
}

async function publish(days: string[]) {
  const order = { directory: lake, days: days.map((day) => ({ day, mark: '1' })), source: memoryPlace(SERIES) };
  const limits = { limits: { memoryBytes: 2 ** 28, threads: 1 }, maxPartRows: 100, graceMs: 0 };
  expect(await LakePublication.run({ ...order, ...limits }, memorySource(SERIES), () => {})).toMatchObject({
    ok: true,
  });
}

type Rows = (string | number | bigint | null)[][];

async function ask(statement: string, parameters: SqlParameter[] = [], limits = DEFAULT_LIMITS, engine = sql) {
  const answer = await engine.query(statement, parameters, limits);
  if (!answer.ok) return { fault: answer.fault, rows: [] as Rows };
  const rows: Rows = [];
  let fault: Fault | undefined;
  for await (const batch of answer.value.batches()) {
    if (!batch.ok) fault = batch.fault;
    else for (let row = 0; row < batch.value.rows; row++) rows.push(batch.value.columns.map((c) => cellOf(c, row)));
  }
  return { fault, rows, columns: answer.value.columns, truncated: answer.value.truncated };
}

async function rowsOf(statement: string, ...parameters: SqlParameter[]): Promise<Rows> {
  const { fault, rows } = await ask(statement, parameters);
  expect(fault).toBeUndefined();
  return rows;
}

describe('tables', () => {
  it('history holds what the lake holds, with paths and every status bit', async () => {
    expect(await rowsOf('SELECT path, time, value, text, status FROM history ORDER BY tag, time')).toEqual([
      ['acme/north/boiler/temperature', at('2026-01-01T00:00:00Z'), 20, null, 0],
      ['acme/north/boiler/temperature', at('2026-01-01T12:00:00Z'), 30, null, 0x40000000],
      ['acme/north/boiler/temperature', at('2026-01-02T00:00:00Z'), null, null, 0x80050000],
      ['acme/north/recipe', at('2026-01-02T06:00:00Z'), null, "d'Or", 0],
    ]);
  });

  it('history follows a new manifest at once', async () => {
    await publish(['2026-01-03']);
    expect(await rowsOf('SELECT count(*) FROM history')).toEqual([[5n]]);
  });

  it('assets are the prefixes of the paths', async () => {
    expect(await rowsOf('SELECT path, name, parent, depth, tags FROM assets ORDER BY path')).toEqual([
      ['acme', 'acme', null, 1, 3n],
      ['acme/north', 'north', 'acme', 2, 2n],
      ['acme/north/boiler', 'boiler', 'acme/north', 3, 1n],
      ['acme/south', 'south', 'acme', 2, 1n],
    ]);
  });

  it('events are handed in again when they have changed', async () => {
    expect(await rowsOf('SELECT time, kind, source, detail FROM events')).toHaveLength(1);
    eventRevision = 1;
    expect(await rowsOf('SELECT kind FROM events')).toEqual([['line.lost'], ['line.lost']]);
  });

  it('statuses have a severity', async () => {
    const statement =
      'SELECT is_good(status), is_uncertain(status), is_bad(status) FROM history ORDER BY tag, time LIMIT 3';
    expect(await rowsOf(statement)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it.each([
    ['numbers', 'SELECT 1::TINYINT, 2.5::DECIMAL(4,1), 2::HUGEINT, 3::UBIGINT, 4::BIGINT', [1, 2.5, 2, 3, 4n]],
    [
      'times',
      "SELECT TIMESTAMP '1970-01-01 00:00:01', TIMESTAMPTZ '1970-01-01 01:00:01+01', DATE '1970-01-02'",
      [1e6, 1e6, 864e8],
    ],
    ['others', "SELECT true, NULL, [1, 2], {'a': 1}, 'x'", [1, null, '[1, 2]', "{'a': 1}", 'x']],
  ])('gives %s', async (_name, statement, expected) => {
    expect(await rowsOf(statement)).toEqual([expected]);
  });

  it.each([
    ['WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT sum(n) FROM t', 1],
    ['SHOW TABLES', 5],
    ['DESCRIBE history', 7],
    ['SELECT * FROM samples', 5],
    ['SUMMARIZE tags', 12],
    ['EXPLAIN SELECT * FROM history', 1],
    ['explain analyze select 1', 1],
    ["FROM raw('0', 'a', 'b')", 4],
    ['VALUES (1), (2)', 2],
    ['SELECT * FROM range(3), unnest([1, 2])', 6],
  ])('runs %s', async (statement, count) => {
    expect(await rowsOf(statement)).toHaveLength(count);
  });

  it('takes parameters', async () => {
    expect(
      await rowsOf('SELECT count(*) FROM history WHERE path = $1 AND value > $2', 'acme/north/boiler/temperature', 25),
    ).toEqual([[2n]]);
  });
});

describe('history functions', () => {
  it.each([
    ["SELECT * FROM raw('acme/north/recipe', '*-8h', '*')", ['raw', 'acme/north/recipe', '*-8h', '*']],
    [
      "SELECT * FROM raw(1, DATE '2026-01-01', TIMESTAMP '2026-01-02 03:04:05.000006')",
      ['raw', '1', '2026-01-01T00:00:00.000000Z', '2026-01-02T03:04:05.000006Z'],
    ],
    [
      "SELECT * FROM interpolated('t' || 1, 'y', 't', INTERVAL '90 minutes')",
      ['interpolated', 't1', 'y', 't', '5400000ms'],
    ],
    [
      "SELECT value FROM aggregate('x', 'TimeAverage', 'y', 't', '1h')",
      ['aggregate', 'x', 'TimeAverage', 'y', 't', '1h'],
    ],
    ["SELECT count(*) FROM latest('acme/*')", ['latest', 'acme/*']],
  ])('%s asks the historian once, with what it says', async (statement, expected) => {
    asked.length = 0;
    await rowsOf(statement);
    expect(asked).toEqual([expected]);
  });

  it('give rows that join with tables and with each other', async () => {
    const statement = `SELECT t.description, l.path, l.value, l.text, r.value
      FROM latest('*') l JOIN tags t USING (tag) LEFT JOIN raw('acme/north/boiler/temperature', 'a', 'b') r USING (tag, time)
      ORDER BY l.tag`;
    expect(await rowsOf(statement)).toEqual([
      ['', 'acme/north/boiler/temperature', 40, null, 40],
      ['', 'acme/north/recipe', null, "d'Or", null],
    ]);
  });

  it('take the parameters of the statement and the time of day', async () => {
    expect(await rowsOf("SELECT count(*) FROM raw($1, now() - INTERVAL '1000 days', now())", '0')).toHaveLength(1);
    expect(
      await rowsOf('SELECT value FROM raw($1, $2, $3)', '0', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
    ).toEqual([[20], [30]]);
  });

  it.each([
    ['an unknown tag', "FROM raw('nope', 'a', 'b')", 'tag.unknown', /"nope"/],
    ['too few arguments', "FROM raw('0', 'a')", 'sql.argument', /raw\(VARCHAR, VARCHAR\)/],
    ['an argument that depends on rows', 'SELECT * FROM tags, raw(tags.path, 1, 2)', 'sql.argument', /lateral/],
    ['a number as a time', "FROM raw('0', 5, 'b')", 'sql.argument', /start is 5; write raw\('site/],
    ['no value', 'FROM latest(NULL)', 'sql.argument', /pattern is null/],
    ['an interval of months', "FROM aggregate('0', 'Count', 'y', 't', INTERVAL 1 MONTH)", 'sql.argument', /months/],
    ['a list', "FROM latest(['a'])", 'sql.argument', /pattern can be/],
  ])('refuse %s', async (_name, statement, code, detail) => {
    expect((await ask(statement)).fault).toEqual({ code, detail: expect.stringMatching(detail) });
  });
});

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
    const secret = join(directory, 'secret.csv');
    const { fault, rows } = await ask(statement.replace('SECRET', secret).replace('LAKE', lake));
    expect(rows).toEqual([]);
    expect(fault?.code).toMatch(/^sql\.(refused|syntax)$/);
    expect(await rowsOf('SELECT count(*) FROM tags'), 'and the engine goes on').toEqual([[3n]]);
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
    expect((await ask(statement)).fault).toEqual({ code, detail: expected });
  });
});

describe('limits', () => {
  const ENDLESS = 'SELECT count(*) FROM range(1000000000000)';

  it('a statement ends after its time', async () => {
    const { fault } = await ask(ENDLESS, [], { timeMs: 100, rows: 1 });
    expect(fault?.code).toBe('sql.timeout');
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('rows beyond the limit are left off, and the answer says so', async () => {
    const some = await ask('FROM range(100000)', [], { timeMs: 10_000, rows: 5_000 });
    expect([some.rows.length, some.truncated]).toEqual([5_000, true]);
    const all = await ask('FROM range(5000)', [], { timeMs: 10_000, rows: 5_000 });
    expect([all.rows.length, all.truncated]).toEqual([5_000, false]);
  });

  it('a statement is cancelled by its signal, while it runs and while it waits for the historian', async () => {
    for (const statement of [ENDLESS, "FROM latest('never')"]) {
      const controller = new AbortController();
      const answer = sql.query(statement, [], DEFAULT_LIMITS, controller.signal);
      controller.abort();
      expect(await answer).toMatchObject({ ok: false, fault: { code: 'sql.cancelled' } });
    }
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('a reader that leaves cancels, and a slow one holds the statement back', async () => {
    const answer = await sql.query('FROM range(100000000)');
    if (!answer.ok) throw new Error(answer.fault.detail);
    for await (const batch of answer.value.batches()) {
      expect(batch.ok).toBe(true);
      break;
    }
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('memory beyond the limit of DuckDB is a fault', async () => {
    const small = open({ memoryBytes: 32 * 2 ** 20 });
    expect((await ask('SELECT len(list(range)) FROM range(5000000)', [], DEFAULT_LIMITS, small)).fault?.code).toBe(
      'sql.memory',
    );
    await small.close();
  });

  it('memory that DuckDB does not count ends the process, and the next statement starts another', async () => {
    const small = open({ residentBytes: 300 * 2 ** 20 });
    const before = await ask('SELECT 1', [], DEFAULT_LIMITS, small);
    const pid = small.pid;
    expect((await ask("SELECT length(repeat('x', 2000000000))", [], DEFAULT_LIMITS, small)).fault?.code).toBe(
      'sql.memory',
    );
    expect((await ask('SELECT 1', [], DEFAULT_LIMITS, small)).rows).toEqual(before.rows);
    expect(small.pid).not.toBe(pid);
    await small.close();
  });

  it('statements beyond the number allowed are refused', async () => {
    const one = open({ concurrency: 1 });
    const first = one.query("FROM latest('never')");
    expect(await one.query('SELECT 1')).toMatchObject({ ok: false, fault: { code: 'sql.busy' } });
    await one.close();
    expect(await first).toMatchObject({ ok: false, fault: { code: 'sql.cancelled' } });
  });
});

describe('the process of the engine', () => {
  it('answers several statements at a time while tables change', async () => {
    const before = eventRevision;
    for (let round = 0; round < 10; round++) {
      eventRevision++;
      const counts = await Promise.all([1, 2, 3, 4].map(() => rowsOf('SELECT count(*) FROM events, samples')));
      expect(counts).toEqual(Array(4).fill([[BigInt((before + round + 2) * 5)]]));
    }
  });

  it('is content without a lake', async () => {
    const bare = open({ lake: join(directory, 'none') });
    expect((await ask('SELECT * FROM history', [], DEFAULT_LIMITS, bare)).rows).toEqual([]);
    await bare.close();
  });

  it('ends a statement whose function throws', async () => {
    expect((await ask("FROM latest('bug')")).fault).toMatchObject({ code: 'server.bug' });
  });

  it('may die: what it was doing is a fault, and the next statement starts it anew', async () => {
    const answer = sql.query("FROM latest('never')");
    process.kill(sql.pid!, 'SIGKILL');
    expect(await answer).toMatchObject({ ok: false, fault: { code: 'sql.engine' } });
    expect(await rowsOf('SELECT count(*) FROM tags')).toEqual([[3n]]);
  });

  it('may hang: it is killed after the grace time', async () => {
    const brief = open({ graceMs: 50 });
    await ask('SELECT 1', [], DEFAULT_LIMITS, brief);
    const hanging = brief.pid!;
    process.kill(hanging, 'SIGSTOP');
    const answers = await Promise.all([
      brief.query('SELECT 1', [], { timeMs: 10, rows: 1 }),
      brief.query('SELECT 1', [], { timeMs: 10_000, rows: 1 }),
    ]);
    expect(answers.map((answer) => !answer.ok && answer.fault.code)).toEqual(['sql.timeout', 'sql.engine']);
    expect((await ask('SELECT 1', [], DEFAULT_LIMITS, brief)).rows).toEqual([[1]]);
    await brief.close();
  });

  it('knows nothing of the environment of the server', async () => {
    const environment = await readFile(`/proc/${sql.pid}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toContain('PATH=/');
  });

  it('reports a manifest that is damaged, and goes on when it is whole again', async () => {
    const manifest = await readFile(join(lake, 'manifest.json'));
    await writeFile(join(lake, 'manifest.json'), '{');
    expect((await ask('SELECT 1')).fault?.code).toBe('lake.manifest');
    await writeFile(join(lake, 'manifest.json'), manifest);
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });
});
