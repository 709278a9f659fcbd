/** Analyses of recorded alarm logs, held against counts that SQL makes of the same files. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { AlarmHappening, AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import { parseTimestamp, type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../journalRecord.ts';
import { type AlarmAnalysis, analyseAlarms } from './alarmAnalysis.ts';
import { NUISANCE_LIMITS } from './nuisance.ts';

const LOGS = ['fault00', 'fault01', 'fault12', 'fault18'];
const DAY = parseTimestamp('2024-01-01T00:00:00Z') as number;
const MINUTE = 60 * US_PER_S;
/** The log has a row in three minutes: three in fifteen is as fast as it can tell. */
const LIMITS = { ...NUISANCE_LIMITS, chatterWindowUs: 15 * MINUTE };

const fileOf = (log: string) => fileURLToPath(new URL(`vectors/${log}.csv.gz`, import.meta.url));

function recordsOf(log: string, shiftUs = 0): JournalRecord[] {
  const [, ...lines] = gunzipSync(readFileSync(fileOf(log)))
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [time, tag, level, priority, state] = line.split(',');
    return record((parseTimestamp(time) as number) + shiftUs, `${tag}/${level}`, state === 'ACT', priority === '1');
  });
}

function record(time: number, alarm: string, isActive: boolean, isHigh = false): JournalRecord {
  const happening: AlarmHappening = isActive ? 'activated' : 'returned';
  const priority: AlarmPriority = isHigh ? 'high' : 'low';
  const what = { alarm, happening, priority, state: 'unacknowledged', condition: 'high', message: '' };
  return { ...what, time: time as Timestamp, origin: 'tep', received: time as Timestamp };
}

function analyse(log: string): AlarmAnalysis {
  return analyseAlarms(recordsOf(log), { start: DAY, end: DAY + 2 * 24 * 60 * MINUTE, limits: LIMITS });
}

/** Rows of a question to `log`, where `a` are its activations with their number `n` in order. */
async function sql(log: string, question: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = await connection.runAndReadAll(`
      WITH log AS (SELECT *, row_number() OVER () AS line FROM read_csv('${fileOf(log)}', header = true)),
      a AS (SELECT row_number() OVER (ORDER BY line) AS n, epoch_us(time) AS t, tag || '/' || level AS alarm
            FROM log WHERE state = 'ACT')
      ${question}`);
    return rows.getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe.each(LOGS)('the log of %s', (log) => {
  const analysis = analyse(log);

  it('has the activations in ten minutes that SQL counts', async () => {
    const rows = await sql(log, `SELECT t // 600000000 AS period, count(*) AS n FROM a GROUP BY 1 ORDER BY 1`);
    const { starts, counts } = analysis.rate;
    const ours = [...counts].flatMap((n, at) => (n > 0 ? [[starts[at] / 600e6, n]] : []));
    expect(ours).toEqual(rows.map(({ period, n }) => [Number(period), Number(n)]));
    const [{ n: over }] = await sql(
      log,
      `SELECT count(*) AS n FROM (SELECT t // 600000000 FROM a GROUP BY 1 HAVING count(*) > 10)`,
    );
    expect(analysis.rate.shareOverTen).toBeCloseTo(Number(over) / 288, 12);
  });

  it('has the floods that SQL finds', async () => {
    const rows = await sql(
      log,
      `, w AS (SELECT n, t, (SELECT count(*) FROM a b WHERE b.n <= a.n AND b.t > a.t - 600000000) AS within FROM a),
      m AS (SELECT *, within >= 10 AS rises, within - 1 < 5 AS falls FROM w),
      s AS (SELECT *, max(CASE WHEN rises THEN n END) OVER (ORDER BY n) AS risen,
              max(CASE WHEN falls THEN n END) OVER (ORDER BY n) AS fallen FROM m),
      f AS (SELECT *, coalesce(risen, 0) > coalesce(fallen, 0) AS inside FROM s),
      e AS (SELECT *, inside AND NOT coalesce(lag(inside) OVER (ORDER BY n), false) AS begins FROM f),
      g AS (SELECT *, sum(begins::int) OVER (ORDER BY n) AS flood FROM e WHERE inside)
      SELECT min(n) - any_value((SELECT within FROM g h WHERE h.flood = g.flood ORDER BY n LIMIT 1)) + 1 AS first,
             max(n) AS last, max(within) AS peak FROM g GROUP BY flood ORDER BY 1`,
    );
    const announced = analysis.floods.map(({ flood }) => [flood.activations, flood.peak, flood.end]);
    const ends = (await sql(log, 'SELECT t FROM a ORDER BY n')).map(({ t }) => Number(t));
    const timeOf = (n: unknown) => ends[Number(n) - 1];
    const expected = rows.map(({ first, last, peak }) => [
      Number(last) - Number(first) + 1,
      Number(peak),
      timeOf(last),
    ]);
    expect(announced).toEqual(expected);
  });

  it('has the bad actors and the chattering alarms that SQL finds', async () => {
    const actors = await sql(log, 'SELECT alarm, count(*) AS n FROM a GROUP BY 1 ORDER BY n DESC, alarm');
    expect(analysis.alarms.map(({ key, activations }) => [key, activations])).toEqual(
      actors.map(({ alarm, n }) => [`tep:${alarm}`, Number(n)]),
    );
    const chattering = await sql(
      log,
      `SELECT DISTINCT a.alarm FROM a WHERE
       (SELECT count(*) FROM a b WHERE b.alarm = a.alarm AND b.t <= a.t AND b.t > a.t - 900000000) >= 3`,
    );
    const ours = analysis.alarms.filter((alarm) => alarm.chattering).map(({ key }) => key);
    expect(ours.sort()).toEqual(chattering.map(({ alarm }) => `tep:${alarm}`).sort());
  });
});

it('tells a log with a disturbance from a quiet one', () => {
  expect(analyse('fault00').floods).toEqual([]);
  expect(analyse('fault12').floods.length).toBeGreaterThan(0);
  expect(analyse('fault12').rate.verdict).toBe('over-demanding');
});

describe('floods that are alike', () => {
  const week = 7 * 24 * 60 * MINUTE;
  const options = { start: DAY + week, end: DAY + 2 * week, limits: LIMITS };
  const acknowledged = (time: number): JournalRecord => ({
    ...record(time, 'XMEAS7/H', true),
    ...{ happening: 'acknowledged' as const, by: 'mira', comment: 'closed the condenser bypass' },
  });

  it('finds last week’s flood of the same disturbance, and what was done then', () => {
    const first = analyse('fault12').floods[0].flood;
    const before = [...recordsOf('fault12'), acknowledged(first.start + MINUTE)].sort((a, b) => a.time - b.time);
    const found = analyseAlarms([...before, ...recordsOf('fault12', week)], options).floods[0];
    expect(found.alike[0].similarity).toBeCloseTo(1, 6);
    expect(found.alike.some(({ done }) => done.some(({ comment }) => comment === 'closed the condenser bypass'))).toBe(
      true,
    );
  });

  it('finds none where another disturbance was before', () => {
    const first = (log: string) => analyse(log).floods[0].flood;
    const same = analyseAlarms([...recordsOf('fault12'), ...recordsOf('fault12', week)], options).floods[0].alike[0];
    const other = analyseAlarms([...recordsOf('fault18'), ...recordsOf('fault12', week)], options).floods[0].alike[0];
    expect(first('fault18').activations).toBeGreaterThan(9);
    expect(other?.similarity ?? 0).toBeLessThan(same.similarity - 0.3);
  });
});

describe('alarms that are no use', () => {
  const HOUR = 60 * MINUTE;
  const cycle = (alarm: string, at: number, lasts: number) => [
    record(at, alarm, true),
    record(at + lasts, alarm, false),
  ];
  const log = [
    ...Array.from({ length: 6 }, (_, at) => cycle('pressure/high', at * HOUR, MINUTE)).flat(),
    ...Array.from({ length: 6 }, (_, at) => cycle('pressure/trip-warning', at * HOUR + 2 * US_PER_S, MINUTE)).flat(),
    ...cycle('level/low', 0, 30 * HOUR),
    record(HOUR, 'fan/fault', true),
    ...[0, 20, 40].flatMap((second) => cycle('door/open', 3 * HOUR + second * US_PER_S, 5 * US_PER_S)),
  ].sort((a, b) => a.time - b.time);
  const { alarms, duplicates } = analyseAlarms(log, { start: 0, end: 40 * HOUR });
  const of = (alarm: string) => alarms.find(({ key }) => key === `tep:${alarm}`);

  it.each([
    ['door/open', { chattering: true, stale: false, standing: false }],
    ['pressure/high', { chattering: false, stale: false, standing: false, neverActedUpon: true }],
    ['level/low', { chattering: false, stale: true, standing: false, longestUs: 30 * HOUR }],
    ['fan/fault', { chattering: false, stale: true, standing: true, longestUs: 39 * HOUR }],
  ])('%s', (alarm, expected) => expect(of(alarm)).toMatchObject(expected));

  it('two that tell of one thing', () => {
    expect(duplicates).toEqual([{ keys: ['tep:pressure/high', 'tep:pressure/trip-warning'], together: 6, share: 1 }]);
  });
});
