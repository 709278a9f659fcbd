import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Historian } from '../historian/query/historian.ts';
import { definitionOf, GatewayStream } from '../historian/query/testbed/gatewayStream.ts';
import { Boundary } from './contract/boundary.ts';
import { Ledger } from './contract/ledger.ts';
import { Series } from './contract/series.ts';
import { ServerStatus } from './contract/serverStatus.ts';
import { Tag, TagPage } from './contract/tag.ts';
import { type RunningNorthbound, startNorthbound } from './northbound.ts';
import { EventReader } from './testbed/eventReader.ts';
import { silentLog } from './testbed/runningDoor.ts';

/** The doors in front of the historian as the server app puts them together, fed through the boundary's seam. */

const T0 = parseTimestamp('2026-01-01T00:00:00Z')!;
const SECOND = 1_000_000;
const RANGE = 'start=2026-01-01T00:00:00Z&end=2026-01-01T00:10:00Z';

let directory: string;
let historian: Historian;
let running: RunningNorthbound;
const gateway = new GatewayStream('station-1');

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-door-'));
  const opened = await Historian.open({ directory, clock: systemClock, events: () => undefined });
  if (!opened.ok) throw new Error(opened.fault.detail);
  historian = opened.value;
  await historian.sink.defineTags('station-1', [
    definitionOf(0, { path: 'acme/reactor/temperature', aliases: ['TI-9'] }),
    definitionOf(1, { path: 'acme/pump/state', type: 'string', stepped: true }),
  ]);
  const started = await startNorthbound({
    host: '127.0.0.1',
    port: 0,
    historian,
    clock: systemClock,
    log: silentLog([]),
  });
  if (!started.ok) throw new Error(started.fault.detail);
  running = started.value;
});

afterAll(async () => {
  await running.stop();
  await historian.close();
  await rm(directory, { recursive: true });
});

async function json(address: string): Promise<unknown> {
  return (await fetch(`${running.url}/api/v1${address}`)).json();
}

test('what crosses the boundary is seen live, in the history, and in the accounts', async () => {
  const live = await EventReader.open(`${running.url}/api/v1/live`);
  await live.until(() => live.count('latest') > 0);
  const first = gateway.sealRows([
    [0, T0, 10],
    [0, T0 + SECOND, Number.NaN],
    [1, T0 + SECOND, 'running'],
    [0, T0 + 2 * SECOND, null, STATUS.BadTimeout],
    [0, T0 + 4 * SECOND, 30],
  ]);
  expect(await historian.sink.append(first.header, first.bytes)).toMatchObject({ ok: true });
  expect(await historian.sink.append(first.header, first.bytes)).toMatchObject({ ok: true });
  await live.until(() => live.count('samples') > 0);
  const rows = live.all('samples')[0];
  expect(rows.values).toEqual([10, 'NaN', 'running', null, 30]);
  await live.close();

  const tag = Tag.parse(await json('/tags/TI-9'));
  expect(tag).toMatchObject({ path: 'acme/reactor/temperature', latest: { time: T0 + 4 * SECOND, value: 30 } });
  expect(rows.tags.filter((index) => index === tag.index).length).toBe(4);

  const series = Series.parse(await json(`/tags/acme%2Freactor%2Ftemperature/samples?${RANGE}`));
  expect(series).toMatchObject({ values: [10, 'NaN', null, 30], next: null });
  expect(series.statuses[2]).toBe(STATUS.BadTimeout);

  const { streams } = Boundary.parse(await json('/boundary'));
  expect(streams).toMatchObject([{ gateway: 'station-1', stored: 5, lost: 0, repeated: 5, balanced: true }]);
  const { total } = Ledger.parse(await json('/ledger'));
  expect(total).toMatchObject({ samplesRead: 5, stored: 5, inFlight: 0, balanced: true });
  const status = ServerStatus.parse(await json('/status'));
  expect(status).toMatchObject({ tags: 2, historian: { samples: 5, damage: 0 } });
  expect(status.historian.freeDiskBytes).toBeGreaterThan(0);
});

test('ten thousand samples come in pages, each once, in order', async () => {
  const rows = Array.from({ length: 10_000 }, (_, row) => [0, T0 + (60 + Math.floor(row / 3)) * SECOND, row] as const);
  const block = gateway.sealRows(rows);
  expect(await historian.sink.append(block.header, block.bytes)).toMatchObject({ ok: true });
  const values: unknown[] = [];
  const address = '/tags/TI-9/samples?limit=997';
  let page = Series.parse(await json(`${address}&start=2026-01-01T00:01:00Z&end=*`));
  while (page.next !== null) {
    values.push(...page.values);
    page = Series.parse(await json(`${address}&cursor=${page.next}`));
  }
  values.push(...page.values);
  expect(values).toEqual(rows.map((row) => row[2]));
});

test('interpolated values are the same in one page and in many', async () => {
  const address = `/tags/TI-9/samples?${RANGE}&mode=interpolated&interval=500ms`;
  const whole = Series.parse(await json(address));
  expect(whole.times.length).toBe(1_200);
  let page = Series.parse(await json(`${address}&limit=333`));
  const values = [...page.values];
  while (page.next !== null) {
    page = Series.parse(await json(`/tags/TI-9/samples?limit=333&cursor=${page.next}`));
    values.push(...page.values);
  }
  expect(values).toEqual(whole.values);
});

test('a tag list that has changed shows at once', async () => {
  await historian.sink.defineTags('station-1', [
    definitionOf(0, { path: 'acme/reactor/core-temperature', aliases: [] }),
  ]);
  const { tags } = TagPage.parse(await json('/tags?path=acme/reactor'));
  expect(tags.map((tag) => tag.path)).toEqual(['acme/reactor/core-temperature']);
});
