import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, SqlPlant } from './testbed/sqlPlant.ts';

let plant: SqlPlant;
beforeAll(async () => {
  plant = await SqlPlant.open();
});
afterAll(() => plant.close());

describe('tables', () => {
  it('history holds what the lake holds, with paths and every status bit', async () => {
    expect(await plant.rowsOf('SELECT path, time, value, text, status FROM history ORDER BY tag, time')).toEqual([
      ['acme/north/boiler/temperature', at('2026-01-01T00:00:00Z'), 20, null, 0],
      ['acme/north/boiler/temperature', at('2026-01-01T12:00:00Z'), 30, null, 0x40000000],
      ['acme/north/boiler/temperature', at('2026-01-02T00:00:00Z'), null, null, 0x80050000],
      ['acme/north/recipe', at('2026-01-02T06:00:00Z'), null, "d'Or", 0],
    ]);
  });

  it('history follows a new manifest at once', async () => {
    await plant.publish(['2026-01-03']);
    expect(await plant.rowsOf('SELECT count(*) FROM history')).toEqual([[5n]]);
  });

  it('assets are the prefixes of the paths', async () => {
    expect(await plant.rowsOf('SELECT path, name, parent, depth, tags FROM assets ORDER BY path')).toEqual([
      ['acme', 'acme', null, 1, 3n],
      ['acme/north', 'north', 'acme', 2, 2n],
      ['acme/north/boiler', 'boiler', 'acme/north', 3, 1n],
      ['acme/south', 'south', 'acme', 2, 1n],
    ]);
  });

  it('events are handed in again when they have changed', async () => {
    expect(await plant.rowsOf('SELECT time, kind, source, detail FROM events')).toHaveLength(1);
    plant.eventCount = 2;
    expect(await plant.rowsOf('SELECT kind FROM events')).toEqual([['line.lost'], ['line.lost']]);
  });

  it('statuses have a severity', async () => {
    const statement =
      'SELECT is_good(status), is_uncertain(status), is_bad(status) FROM history ORDER BY tag, time LIMIT 3';
    expect(await plant.rowsOf(statement)).toEqual([
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
    expect(await plant.rowsOf(statement)).toEqual([expected]);
  });

  it.each([
    ['WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT sum(n) FROM t', 1],
    ['SHOW TABLES', 7],
    ['DESCRIBE history', 7],
    ['SELECT * FROM samples', 5],
    ['SUMMARIZE tags', 12],
    ['EXPLAIN SELECT * FROM history', 1],
    ['explain analyze select 1', 1],
    ["FROM raw('0', 'a', 'b')", 4],
    ['VALUES (1), (2)', 2],
    ['SELECT * FROM range(3), unnest([1, 2])', 6],
  ])('runs %s', async (statement, count) => {
    expect(await plant.rowsOf(statement)).toHaveLength(count);
  });

  it('takes parameters', async () => {
    expect(
      await plant.rowsOf(
        'SELECT count(*) FROM history WHERE path = $1 AND value > $2',
        'acme/north/boiler/temperature',
        25,
      ),
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
    plant.asked.length = 0;
    await plant.rowsOf(statement);
    expect(plant.asked).toEqual([expected]);
  });

  it('give rows that join with tables and with each other', async () => {
    const statement = `SELECT t.description, l.path, l.value, l.text, r.value
      FROM latest('*') l JOIN tags t USING (tag) LEFT JOIN raw('acme/north/boiler/temperature', 'a', 'b') r USING (tag, time)
      ORDER BY l.tag`;
    expect(await plant.rowsOf(statement)).toEqual([
      ['', 'acme/north/boiler/temperature', 40, null, 40],
      ['', 'acme/north/recipe', null, "d'Or", null],
    ]);
  });

  it('take the parameters of the statement and the time of day', async () => {
    expect(await plant.rowsOf("SELECT count(*) FROM raw($1, now() - INTERVAL '1000 days', now())", '0')).toHaveLength(
      1,
    );
    expect(
      await plant.rowsOf('SELECT value FROM raw($1, $2, $3)', '0', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
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
    expect((await plant.ask(statement)).fault).toEqual({ code, detail: expect.stringMatching(detail) });
  });
});
