import { zstdDecompressSync } from 'node:zlib';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definitionOf } from '../historian/query/testbed/gatewayStream.ts';
import { ENDPOINTS } from './contract/endpoint.ts';
import { Problem } from './contract/problem.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';

/** What is asked over HTTP of a real historian: two days in March on which the clocks of Berlin change. */

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
const T0 = parseTimestamp('2026-03-28T00:00:00Z')!;
const NOW = parseTimestamp('2026-03-30T00:00:00Z')!;
const RANGE = 'start=2026-03-28T00:00:00Z&end=2026-03-30T00:00:00Z';
const ARROW = 'application/vnd.apache.arrow.stream';

let door: HistorianDoor;
const clock = new ManualClock(NOW);

beforeAll(async () => {
  door = await HistorianDoor.open(clock);
  const states = [
    { code: 0, name: 'stopped' },
    { code: 1, name: 'running' },
  ];
  await door.historian.sink.defineTags('station-1', [
    definitionOf(0, { path: 'acme/tank/temperature', unit: 'Cel', aliases: ['TI-1'] }),
    definitionOf(1, { path: 'acme/pump/state', stepped: true, unit: '', states }),
    definitionOf(2, { path: 'acme/batch/name', type: 'string', stepped: true, unit: '' }),
    definitionOf(3, { path: 'acme/meter/count', unit: 'm3' }),
  ]);
  await door.append(Array.from({ length: 2_880 }, (_, minute) => [0, T0 + minute * 60 * SECOND, minute % 60]));
  await door.append([
    ...[0, 12, 36].map((hour, at) => [1, T0 + hour * HOUR, (at + 1) % 2] as const),
    [2, T0, 'red, "hot"'],
    [2, T0 + HOUR, null, STATUS.BadTimeout],
    ...[0, 1, 2, 3].map((hour) => [3, T0 + hour * HOUR, [90, 95, 5, 10][hour]] as const),
  ]);
  await door.historian.seal();
});
afterAll(() => door.stop());

describe('what every question answers is what the contract says', () => {
  const cases = {
    latest: '/latest?tag=0,1,2',
    historyRaw: `/history/raw?tag=0,2&${RANGE}&limit=100&bounds=true&unit=Cel`,
    historyAt: '/history/at?tag=1&time=2026-03-28T06:00:00Z,2026-03-28T13:00:00Z&stateNames=true',
    historyInterpolated: `/history/interpolated?tag=0&${RANGE}&interval=1h`,
    historyPlot: `/history/plot?tag=0,1&${RANGE}&width=10`,
    historyProcessed: `/history/processed?tag=0&aggregate=Average,Count&${RANGE}&interval=6h`,
    historySummary: `/history/summary?tag=0,2&${RANGE}&interval=1d`,
    historyCounter: `/history/counter?tag=3&${RANGE}&rollover=100`,
    historyStates: `/history/states?tag=1&${RANGE}&stateNames=true`,
    historyCalculated: `/history/calculated?expression=${encodeURIComponent("'TI-1' * 2")}&${RANGE}&interval=1h`,
    historyModified: `/history/modified?tag=0&${RANGE}`,
    historyAnnotations: `/history/annotations?tag=0&${RANGE}`,
  } as const satisfies Partial<Record<keyof typeof ENDPOINTS, string>>;
  test.each(Object.entries(cases))('%s', async (name, path) => {
    const body = await door.json(path);
    const schema = ENDPOINTS[name as keyof typeof cases].answers['application/json'];
    expect(schema.parse(body)).toEqual(body);
    const csv = await (await door.get(path, { accept: 'text/csv' })).text();
    const table = tableFromIPC(await (await door.get(path, { accept: ARROW })).arrayBuffer());
    const series = name === 'latest' ? [body] : body.series;
    const rows = series.reduce((sum: number, one: AnyJson) => sum + (one.times ?? one.starts).length, 0);
    expect(csv.trimEnd().split('\r\n').length).toBe(1 + rows);
    expect(table.numRows).toBe(rows);
  });
});

test('aggregates by day follow the calendar of the time zone, whose day has 23 hours', async () => {
  const ask = (zone: string) =>
    door.json(
      `/history/processed?tag=TI-1&aggregate=Count&start=2026-03-28T12:00:00Z&end=t&interval=1d&timeZone=${zone}`,
    );
  const berlin = await door.json(
    '/history/processed?tag=TI-1&aggregate=Count&start=2026-03-29&end=2026-03-30&interval=1d&timeZone=Europe/Berlin',
  );
  expect(berlin.series[0]).toMatchObject({ values: [23 * 60], aggregate: 'Count', resultUnit: 'count' });
  expect((await ask('UTC')).series[0].values).toEqual([24 * 60, 12 * 60]);
});

test('pages of several tags hold each sample once, and their cursor fits no other question', async () => {
  const address = `/history/raw?tag=1,0,3&${RANGE}`;
  const whole = await door.json(`${address}&limit=10000`);
  expect(whole.next).toBeNull();
  const values: unknown[] = [];
  let link = `/api/v1${address}&limit=701`;
  for (;;) {
    const answer = await fetch(`${door.url}${link}`);
    const page = (await answer.json()) as AnyJson;
    values.push(...page.series.flatMap((series: AnyJson) => series.values));
    if (page.next === null) break;
    expect((await door.get(`/history/raw?tag=0&cursor=${page.next}`)).status).toBe(400);
    link = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')![1];
  }
  expect(values).toEqual(whole.series.flatMap((series: AnyJson) => series.values));
});

test.each([
  ['from a start on', 'start=2026-03-28T00:30:00Z', [30, 31, 32]],
  ['back from an end', 'end=2026-03-28T00:30:00Z', [30, 29, 28]],
  ['backwards', 'start=2026-03-28T00:30:00Z&end=2026-03-28T00:00:00Z', [30, 29, 28]],
  ['at the bounds of a range', 'start=2026-03-28T00:30:30Z&end=2026-03-28T00:31:30Z&bounds=true', [30, 31, 32]],
  ['with a bound that is missing', 'start=2026-03-27&end=2026-03-28T00:01:00Z&bounds=true', [null, 0, 1]],
])('raw samples %s', async (_, range, values) => {
  const { series } = await door.json(`/history/raw?tag=0&limit=3&${range}`);
  expect(series[0].values).toEqual(values);
  if (values[0] === null) expect(series[0].statuses[0]).toBe(STATUS.BadBoundNotFound);
});

test('texts, gaps and quotes survive CSV and Arrow', async () => {
  const path = `/history/raw?tag=2&${RANGE}`;
  const csv = await (await door.get(path, { accept: 'text/csv' })).text();
  expect(csv).toBe(
    'tag,path,time,value,status\r\n' +
      '2,acme/batch/name,2026-03-28T00:00:00.000000Z,"red, ""hot""",Good\r\n' +
      '2,acme/batch/name,2026-03-28T01:00:00.000000Z,,BadTimeout\r\n',
  );
  const table = tableFromIPC(await (await door.get(path, { accept: ARROW })).arrayBuffer());
  expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
    ...['tag Int32', 'path Utf8', 'time Timestamp<MICROSECOND, UTC>', 'value Float64', 'text Utf8', 'status Uint32'],
  ]);
  expect(table.toArray().map(({ value, text, status }) => [value, text, status])).toEqual([
    [null, 'red, "hot"', 0],
    [null, null, STATUS.BadTimeout],
  ]);
  expect(table.getChild('time')?.get(0)).toBe(T0 / 1_000);
});

test('states have names, and last as long as they did', async () => {
  const events = await door.json(`/history/states?tag=1&${RANGE}&stateNames=true`);
  expect(events.series[0]).toMatchObject({
    values: [1, 0, 1],
    stateNames: ['running', 'stopped', 'running'],
    starts: [0, 12, 36].map((hour) => T0 + hour * HOUR),
    ends: [12, 36, 48].map((hour) => T0 + hour * HOUR),
  });
  const days = await door.json(`/history/states?tag=1&${RANGE}&interval=1d`);
  expect(days.series[0]).toMatchObject({
    values: [1, 0, 1, 0],
    totalUs: [12, 12, 12, 12].map((hours) => hours * HOUR),
  });
  expect((await door.json('/tags/1')).states).toEqual([
    { code: 0, name: 'stopped' },
    { code: 1, name: 'running' },
  ]);
});

test('counters roll over, units are converted, expressions filter', async () => {
  const counter = await door.json('/history/counter?tag=3&start=2026-03-28&end=2026-03-28T03:00:00Z&rollover=100');
  expect(counter.series[0]).toMatchObject({ increases: [20], rollovers: [1] });
  const summary = await door.json(`/history/summary?tag=0&${RANGE}&basis=eventWeighted&unit=%5BdegF%5D`);
  expect(summary.series[0]).toMatchObject({ unit: '[degF]', minimums: [32] });
  expect(summary.series[0].maximums[0]).toBeCloseTo(59 * 1.8 + 32, 9);
  const filter = encodeURIComponent("'acme/pump/state' == 1");
  const count = await door.json(`/history/processed?tag=0&aggregate=Count&${RANGE}&filter=${filter}`);
  expect(count.series[0].values).toEqual([24 * 60]);
});

describe('the form of an answer', () => {
  test.each([
    ['*/*', 'application/json; charset=utf-8'],
    ['text/csv, application/json;q=0.5', 'text/csv; charset=utf-8; header=present'],
    ['application/json;q=0.1, text/*;q=0.2', 'text/csv; charset=utf-8; header=present'],
    [`${ARROW}, */*;q=0.1`, ARROW],
    ['text/csv;q=0, */*', 'application/json; charset=utf-8'],
  ])('%s gives %s', async (accept, type) => {
    const answer = await door.get(`/history/raw?tag=2&${RANGE}`, { accept });
    expect(answer.headers.get('content-type')).toBe(type);
    await answer.arrayBuffer();
  });

  test('that is not offered is refused', async () => {
    const answer = await door.get(`/history/raw?tag=2&${RANGE}`, { accept: 'application/pdf' });
    expect(answer.status).toBe(406);
    expect(Problem.parse(await answer.json()).code).toBe('request.not-acceptable');
  });

  test('is compressed where the client takes that and it is worth it', async () => {
    const path = `/history/raw?tag=0&${RANGE}`;
    const plain = await (await door.get(path, { 'accept-encoding': 'identity' })).text();
    for (const [accepted, coding] of [
      ['gzip', 'gzip'],
      ['gzip;q=0.5, zstd', 'zstd'],
      ['zstd;q=0, *;q=0.3', 'gzip'],
    ]) {
      const answer = await rawBody(`${door.url}/api/v1${path}`, accepted);
      expect(answer.coding).toBe(coding);
      expect(answer.text).toBe(plain);
    }
    expect((await rawBody(`${door.url}/api/v1/history/raw?tag=2&${RANGE}`, 'gzip')).coding).toBeUndefined();
  });
});

async function rawBody(url: string, accepted: string): Promise<{ coding: string | undefined; text: string }> {
  const { request } = await import('node:http');
  const { gunzipSync } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': accepted } }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part) => parts.push(part));
      incoming.on('end', () => {
        const coding = incoming.headers['content-encoding'];
        const body = Buffer.concat(parts);
        const plain = coding === 'gzip' ? gunzipSync(body) : coding === 'zstd' ? zstdDecompressSync(body) : body;
        resolve({ coding, text: plain.toString() });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('what cannot be answered is refused with a code and a hint', () => {
  test.each([
    ['/history/raw?tag=acme/tank/temprature', 404, 'tag.unknown', 'acme/tank/temperature'],
    ['/history/processed?tag=0&aggregate=Avarage', 400, 'aggregate.unknown', 'Average'],
    [
      '/history/processed?tag=0&aggregate=Average&interval=0s',
      400,
      'request.invalid',
      'interval must be a length of time',
    ],
    [
      '/history/processed?tag=0&aggregate=Average&interval=-1h',
      400,
      'request.invalid',
      'interval must be a length of time',
    ],
    ['/history/processed?tag=0&aggregate=Average&start=t&end=t', 400, 'request.invalid', 'must not be the same'],
    ['/history/processed?tag=0&aggregate=Average&start=t-1y&end=t&interval=1s', 400, 'request.invalid', 'intervals'],
    [
      '/history/processed?tag=0&aggregate=Average&start=t-30d&end=t&interval=1d&percentDataGood=10&percentDataBad=10',
      400,
      'request.invalid',
      '100 - percentDataBad',
    ],
    ['/history/interpolated?tag=0&start=*&end=*-1h', 400, 'request.invalid', 'must be before end'],
    ['/history/plot?tag=0&start=*%2B1h&end=*%2B2h', 400, 'history.future', 'future'],
    ['/history/raw?tag=0&start=*%2B1h&end=*%2B2h', 400, 'history.future', 'future'],
    ['/history/plot?tag=0&width=0', 400, 'request.invalid', 'width must be at least 1'],
    [`/history/raw?tag=0&${RANGE}&unit=furlong`, 400, 'unit.unknown', 'furlong'],
    [`/history/raw?tag=0&${RANGE}&unit=bar`, 400, 'unit.incommensurable', 'Cel'],
    [`/history/calculated?expression=1%2B&${RANGE}`, 400, 'expression.invalid', 'At character'],
    [
      `/history/calculated?expression=${encodeURIComponent('map("head", 1)')}&${RANGE}`,
      400,
      'expression.invalid',
      'Maps belong to twins',
    ],
    [`/history/calculated?expression=%27nobody%27&${RANGE}`, 404, 'tag.unknown', 'nobody'],
    ['/history/raw', 400, 'request.invalid', 'tag must be given'],
    ['/history/raw?tag=0&cursor=abc', 400, 'request.invalid', 'cursor must be'],
    ['/history/raw?tag=0&timeZone=Mars/Olympus', 400, 'request.invalid', 'timeZone must be a time zone'],
    ['/history/at?tag=0&time=soon', 400, 'request.invalid', 'time is no time'],
    ['/history/rwa?tag=0', 404, 'request.route-unknown', '/api/v1/history/raw'],
  ])('%s', async (path, status, code, hint) => {
    const answer = await door.get(path);
    const problem = Problem.parse(await answer.json());
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect([problem.detail, ...(problem.suggestions ?? [])].join(' ')).toContain(hint);
  });

  test('a range that only reaches into the future has a warning', async () => {
    const { warnings } = await door.json('/history/plot?tag=0&start=*-1h&end=*%2B1h');
    expect(warnings).toEqual([expect.stringContaining('future')]);
  });
});

describe('changes', () => {
  test('are seen, are listed, and leave what was known before', async () => {
    const series = [{ path: 'lab/ph', samples: [{ time: '2026-03-28T00:00:00Z', value: 7, status: 'Good' }] }];
    expect(await (await door.post('/history/import', { series })).json()).toMatchObject({
      series: [{ path: 'lab/ph', samples: 1, unit: '' }],
    });
    await clock.advance(5_000);
    const before = new Date(Number(clock.now()) / 1_000 - 2_000).toISOString();
    const samples = [{ time: T0, value: 7.5 }];
    const edit = { tag: 'lab/ph', kind: 'replace', by: 'anna', reason: 'calibrated', samples };
    expect(await (await door.post('/history/edits', edit)).json()).toMatchObject({
      resultNames: ['GoodEntryReplaced'],
    });
    await clock.advance(5_000);
    const raw = `/history/raw?tag=lab/ph&${RANGE}`;
    expect((await door.json(raw)).series[0].values).toEqual([7.5]);
    expect((await door.json(`${raw}&knownAt=${before}`)).series[0].values).toEqual([7]);
    const modified = await door.json(`/history/modified?tag=lab/ph&${RANGE}`);
    expect(modified.series[0]).toMatchObject({
      values: [7],
      modifications: ['replace'],
      by: ['anna'],
      reasons: ['calibrated'],
    });
  });

  test('notes are written, changed and removed', async () => {
    const note = { tag: 0, time: '2026-03-28T00:00:00Z', text: 'probe exchanged', by: 'anna' };
    const { id } = (await (await door.post('/history/annotations', note)).json()) as { id: number };
    const read = async () => (await door.json(`/history/annotations?tag=0&${RANGE}`)).series[0].texts;
    expect(await read()).toEqual(['probe exchanged']);
    await door.post('/history/annotations', { id, text: 'probe cleaned', by: 'bert' });
    expect(await read()).toEqual(['probe cleaned']);
    const counted = await door.json(`/history/processed?tag=0&aggregate=AnnotationCount&${RANGE}`);
    expect(counted.series[0].values).toEqual([1]);
    await door.post('/history/annotations', { id, text: null, by: 'anna' });
    expect(await read()).toEqual([]);
  });

  test.each([
    ['/history/import', { series: [] }, 'series must not be empty'],
    ['/history/import', { series: [{ path: 'a/b', samples: [{ time: 'x', value: 1 }] }] }, 'series[0].samples[0].time'],
    [
      '/history/import',
      { series: [{ path: 'a/b', samples: [{ time: 1, value: 'x' }] }] },
      'series[0].samples[0].value must be a number',
    ],
    [
      '/history/import',
      { series: [{ path: 'a/b', samples: [{ time: 1, value: 1, status: 'BadNodata' }] }] },
      'such as BadNoData',
    ],
    ['/history/import', { series: [{ path: 'a/b', times: [1, 2], values: [1] }] }, 'of one length'],
    ['/history/import', { series: [{ path: 'a/b', unti: 'bar' }] }, 'series[0].unti is not known'],
    ['/history/edits', { tag: 0, kind: 'delete', by: 'anna', reason: '' }, 'reason must not be empty'],
    ['/history/edits', { tag: 0, kind: 'delete', by: 'anna', reason: 'x', start: 1 }, 'end must be whole microseconds'],
  ])('%s %j is refused', async (path, body, hint) => {
    const answer = await door.post(path, body);
    expect(answer.status).toBe(400);
    expect(Problem.parse(await answer.json()).detail).toContain(hint);
  });

  test.each([
    ['of plain text', { 'content-type': 'text/plain' }, 415],
    ['of a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['of a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['of a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['of a page of another origin', { origin: 'http://127.0.0.1:1' }, 403],
  ])('a body %s is refused', async (_, headers, status) => {
    const note = { tag: 0, time: T0 as Timestamp, text: 'x', by: 'y' };
    const answer = await fetch(`${door.url}/api/v1/history/annotations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      body: JSON.stringify(note),
    });
    expect(answer.status).toBe(status);
    Problem.parse(await answer.json());
  });

  test.each(['{', '', '[1', '{"__proto__":{}}'])('a body that is not JSON is refused: %s', async (body) => {
    const answer = await fetch(`${door.url}/api/v1/history/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([answer.status, Problem.parse(await answer.json()).code]).toEqual([400, 'request.malformed']);
  });

  test('too large a body is refused', async () => {
    const answer = await door.post('/history/annotations', { tag: 0, time: 0, text: 'x'.repeat(9_000_000), by: 'y' });
    expect([answer.status, Problem.parse(await answer.json()).code]).toEqual([413, 'request.too-large']);
  });

  test('nothing else can be written', async () => {
    const answer = await door.post('/history/raw', {});
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await door.get('/history/import')).status).toBe(405);
  });
});
