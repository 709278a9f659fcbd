/** SQL as a client sees it: over HTTP, with the real engine, over a real historian. */

import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlEngine } from '../historian/lake/engine/sqlEngine.ts';
import { definitionOf } from '../historian/query/testbed/gatewayStream.ts';
import { Problem } from './contract/problem.ts';
import { SqlAnswer } from './contract/sql.ts';
import { HistoryDoor } from './sql/historyDoor.ts';
import { plantSql } from './sql/plantSql.ts';
import { RecentEvents } from './sql/recentEvents.ts';
import { HistorianDoor } from './testbed/historianDoor.ts';
import { RunningDoor } from './testbed/runningDoor.ts';

const at = (text: string) => parseTimestamp(`${text}Z`)!;
const NOW = at('2026-01-01T12:00:00');
const TAG = 'acme/reactor/temperature';
const ENDLESS = 'SELECT count(*) FROM range(1000000000000)';

const clock = new ManualClock(NOW);
const events = new RecentEvents();
/** Of every statement that was asked for through the door. */
const signals: AbortSignal[] = [];
let engine: SqlEngine;
let door: HistorianDoor;

beforeAll(async () => {
  door = await HistorianDoor.open(clock, (historian, directory) => {
    engine = plantSql({
      ...{ lake: join(directory, 'lake'), spill: join(directory, 'spill'), events },
      tags: { revision: () => historian.tagRevision, rows: () => historian.tags() },
      history: new HistoryDoor(historian, clock),
    });
    const query: SqlEngine['query'] = (sql, parameters, limits, signal) => {
      if (signal) signals.push(signal);
      return engine.query(sql, parameters, limits, signal);
    };
    return { sql: { engine: { query }, limits: { timeMs: 20_000, rows: 1_000 } } };
  });
  await door.historian.sink.defineTags('station-1', [
    definitionOf(0, { path: TAG, aliases: ['TI-9'] }),
    definitionOf(1, { path: 'acme/pump/state', type: 'string', stepped: true }),
    definitionOf(2, { path: 'acme/pump/flow' }),
  ]);
  await door.append([
    [0, at('2026-01-01T10:00:00'), 10],
    [0, at('2026-01-01T11:00:00'), 20],
    [0, at('2026-01-01T11:30:00'), null, STATUS.BadTimeout],
    [1, at('2026-01-01T11:00:00'), 'running'],
  ]);
});
afterAll(async () => {
  await engine.close();
  await door.stop();
});

async function table(sql: string, ...parameters: unknown[]): Promise<unknown[][]> {
  const { columns, rows } = SqlAnswer.parse(await (await door.post('/sql', { sql, parameters })).json());
  return Array.from({ length: rows }, (_, row) => columns.map(({ values }) => values[row]));
}

async function problem(body: object): Promise<Problem> {
  const answer = await door.post('/sql', body);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return Problem.parse(await answer.json());
}

describe('the functions of history', () => {
  it.each([
    [`raw('${TAG}', '*-1h', '*')`, [at('2026-01-01T11:00:00'), 20, null, 0], 2],
    ["raw('TI-9', TIMESTAMP '2026-01-01 10:00:00', now()::TIMESTAMP)", [at('2026-01-01T10:00:00'), 10, null, 0], 3],
    ["raw('acme/pump/state', 't', '*')", [at('2026-01-01T11:00:00'), null, 'running', 0], 1],
    ["interpolated('TI-9', 't+10h', 't+11h', '15min')", [at('2026-01-01T10:00:00'), 10, null, 0], 4],
    ["interpolated(0, 't+10h', 't+11h', INTERVAL 30 MINUTE)", [at('2026-01-01T10:00:00'), 10, null, 0], 2],
    ["aggregate('TI-9', 'Maximum', 't+10h', 't+12h', '1h')", [at('2026-01-01T10:00:00'), 10, null, 0], 2],
    [
      "aggregate('TI-9', 'count', 't', 't+12h', INTERVAL 400 DAYS)",
      [at('2026-01-01T00:00:00'), 2, null, 0x40a40405],
      1,
    ],
    ["latest('acme/pump/*')", [at('2026-01-01T11:00:00'), null, 'running', 0], 1],
    ["latest('*')", [at('2026-01-01T11:30:00'), null, null, STATUS.BadTimeout], 2],
  ])('%s sees what has just come', async (call, first, count) => {
    const rows = await table(`SELECT time, value, text, status FROM ${call}`);
    expect(rows[0]).toEqual(first);
    expect(rows).toHaveLength(count);
  });

  it.each([
    ["raw('TI-8', '*-1h', '*')", 'tag.unknown', /"TI-9"/],
    ["aggregate('TI-9', 'TimeAverge', 't', '*', '1h')", 'aggregate.unknown', /nearest is TimeAverage/],
    ["raw('TI-9', 'soon', '*')", 'request.invalid', /start is no time \("soon"\)/],
    ["raw('TI-9', '*', '*-1h')", 'request.invalid', /start must be before end/],
    ["raw('TI-9', '*+1d', '*+2d')", 'history.future', /future/],
    ["interpolated('TI-9', 't', '*', '0s')", 'sql.argument', /"0s" is no length of time/],
    ["aggregate('TI-9', 'Count', 't-1y', '*', '1s')", 'request.invalid', /intervals/],
    ["latest('acme/pump/flw')", 'tag.unknown', /acme\/pump\/flow/],
  ])('%s is refused with a hint', async (call, code, detail) => {
    expect(await problem({ sql: `FROM ${call}` })).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });
});

it('a function gives as many samples as there are, each once and in order', async () => {
  const start = at('2026-01-01T00:00:00');
  const rows = Array.from({ length: 100_000 }, (_, row) => [2, start + Math.floor(row / 3), row] as const);
  for (let from = 0; from < rows.length; from += 50_000) await door.append(rows.slice(from, from + 50_000));
  const inOrder = `SELECT count(*), count(DISTINCT value), bool_and(value = row - 1)
    FROM (SELECT value, row_number() OVER () AS row FROM raw('tag-2', 't', '*'))`;
  expect(await table(inOrder)).toEqual([[100_000, 100_000, true]]);
});

describe('the tables', () => {
  it('follow the names of tags at once', async () => {
    expect(await table('SELECT count(*) FROM tags')).toEqual([[3]]);
    await door.historian.sink.defineTags('station-1', [definitionOf(2, { path: 'acme/pump/rate' })]);
    expect(await table("SELECT path FROM tags WHERE path LIKE '%pump/rate'")).toEqual([['acme/pump/rate']]);
  });

  it('hold the latest events, and not all there ever were', async () => {
    for (let number = 0; number < 25_000; number++) {
      events.record({ at: NOW, kind: 'line.lost', source: `line ${number}`, detail: 'no carrier' });
    }
    expect(await table('SELECT count(*), last(source) FROM events')).toEqual([[5_000, 'line 24999']]);
  });
});

describe('an answer', () => {
  const EVERY_KIND = `SELECT 1.5 AS a, 9007199254740993::BIGINT, 7::BIGINT, NULL::BIGINT, true, NULL::BOOLEAN,
    DATE '2026-01-31', TIMESTAMP '2026-01-01 12:00:00', [1, 2], NULL AS "a,b"`;

  it('has each type of a column', async () => {
    expect(await table(EVERY_KIND)).toEqual([
      [1.5, '9007199254740993', 7, null, true, null, '2026-01-31', NOW, '[1, 2]', null],
    ]);
    const { columns, truncated } = await door.json('/sql?query=SELECT 1 AS a, 2 AS a, current_date');
    expect(columns.map(({ name, type }: { name: string; type: string }) => [name, type])).toEqual([
      ['a', 'INTEGER'],
      ['a', 'INTEGER'],
      [expect.any(String), 'DATE'],
    ]);
    expect(truncated).toBe(false);
  });

  it('comes as CSV', async () => {
    const answer = await door.post('/sql', { sql: EVERY_KIND }, { accept: 'text/csv' });
    const [head, row] = (await answer.text()).split('\r\n');
    expect(head).toMatch(/^a,.*,"a,b"$/);
    expect(row).toBe('1.5,9007199254740993,7,,true,,2026-01-31,2026-01-01T12:00:00.000000Z,"[1, 2]",');
  });

  it('comes as Arrow', async () => {
    const headers = { accept: 'application/vnd.apache.arrow.stream' };
    const answer = await door.post('/sql', { sql: EVERY_KIND }, headers);
    const rows = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
    expect(rows.schema.fields.map(({ type }) => String(type)).slice(0, 8)).toEqual([
      ...['Float64', 'Int64', 'Int64', 'Int64', 'Bool', 'Bool', 'Date32<DAY>', 'Timestamp<MICROSECOND, UTC>'],
    ]);
    const values = Array.from({ length: 6 }, (_, at) => rows.getChildAt(at)?.get(0));
    expect(values).toEqual([1.5, 9007199254740993n, 7n, null, true, null]);
    const none = await door.post('/sql', { sql: 'FROM range(0)' }, headers);
    expect(tableFromIPC(new Uint8Array(await none.arrayBuffer())).numRows).toBe(0);
  });

  it('is compressed', async () => {
    const answer = await door.post('/sql', { sql: 'FROM range(1000)' }, { 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(SqlAnswer.parse(await answer.json()).rows).toBe(1_000);
  });

  it('ends at the limit of rows and says so', async () => {
    const [few, many] = [{ rows: 5 }, { rows: 1_000_000 }];
    expect(await door.json(`/sql?query=FROM range(6)&rows=5`)).toMatchObject({ rows: 5, truncated: true });
    for (const [limits, rows] of [
      [few, 5],
      [many, 1_000],
    ] as const) {
      const answer = await door.post('/sql', { sql: 'FROM range(100000)', ...limits }, { accept: 'text/csv' });
      expect(answer.headers.get('tidegate-truncated')).toBe('true');
      expect((await answer.text()).split('\r\n')).toHaveLength(rows + 2);
    }
  });
});

describe('a statement', () => {
  it('takes parameters', async () => {
    expect(await table('SELECT $1 || $2, $3', 'a', 'b', null)).toEqual([['ab', null]]);
  });

  it.each([
    ['SELECT 1,\n  nothing FROM tags', { line: 2, column: 3 }],
    [`SELECT ${'1, '.repeat(200)} nothing FROM tags`, { line: 1, column: 609 }],
    ['SELEC 1', { line: 1, column: 1 }],
  ])('with a mistake is answered with its place', async (sql, position) => {
    const found = await problem({ sql });
    expect(found).toMatchObject({
      code: 'sql.syntax',
      status: 400,
      position,
      remedy: expect.stringMatching(/DuckDB/),
    });
  });

  it.each([
    ['that writes', { sql: "COPY tags TO '/tmp/x.csv'" }, 403, 'sql.refused'],
    ['that takes too long', { sql: ENDLESS, timeLimit: '100ms' }, 408, 'sql.timeout'],
    [
      'that fails on its last row',
      { sql: "SELECT CASE WHEN range < 99999 THEN range ELSE error('late') END FROM range(100000)", rows: 1_000_000 },
      400,
      'sql.syntax',
    ],
    ['of nothing', { sql: '' }, 400, 'request.invalid'],
    ['with a limit that is none', { sql: 'SELECT 1', timeLimit: 'soon' }, 400, 'request.invalid'],
  ])('%s is a problem', async (_name, body, status, code) => {
    expect(await problem(body)).toMatchObject({ status, code });
  });

  it('ends when its client has gone', async () => {
    const leaving = new AbortController();
    const query = encodeURIComponent(ENDLESS);
    const before = signals.length;
    const asked = fetch(`${door.url}/api/v1/sql?query=${query}`, { signal: leaving.signal }).catch(() => 'gone');
    while (signals.length === before) await nextTurn();
    const signal = signals[before];
    expect(signal.aborted).toBe(false);
    leaving.abort();
    expect(await asked).toBe('gone');
    await once(signal, 'abort');
    expect(await table('SELECT 1')).toEqual([[1]]);
  });
});

it('without SQL says that there is none', async () => {
  const plain = await RunningDoor.open();
  const answer = await plain.get('/sql?query=SELECT 1');
  expect([answer.status, Problem.parse(await answer.json()).code]).toEqual([404, 'sql.disabled']);
  await plain.stop();
});
