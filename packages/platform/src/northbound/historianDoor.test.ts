import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionOf } from '../historian/query/testbed/gatewayStream.ts';
import { Boundary } from './contract/boundary.ts';
import { RawAnswer } from './contract/historyAnswer.ts';
import { Ledger } from './contract/ledger.ts';
import { ServerStatus } from './contract/serverStatus.ts';
import { Tag, TagPage } from './contract/tag.ts';
import { EventReader } from './testbed/eventReader.ts';
import { HistorianDoor } from './testbed/historianDoor.ts';

const T0 = parseTimestamp('2026-01-01T00:00:00Z')!;
const SECOND = 1_000_000;
const RANGE = 'start=2026-01-01T00:00:00Z&end=2026-01-01T00:10:00Z';

let door: HistorianDoor;

beforeAll(async () => {
  door = await HistorianDoor.open();
  await door.historian.sink.defineTags('station-1', [
    definitionOf(0, { path: 'acme/reactor/temperature', aliases: ['TI-9'] }),
    definitionOf(1, { path: 'acme/pump/state', type: 'string', stepped: true }),
  ]);
});

afterAll(() => door.stop());

test('what crosses the boundary is seen live, in the history, and in the accounts', async () => {
  const live = await EventReader.open(`${door.url}/api/v1/live`);
  await live.until(() => live.count('latest') > 0);
  const first = door.gateway.sealRows([
    [0, T0, 10],
    [0, T0 + SECOND, Number.NaN],
    [1, T0 + SECOND, 'running'],
    [0, T0 + 2 * SECOND, null, STATUS.BadTimeout],
    [0, T0 + 4 * SECOND, 30],
  ]);
  expect(await door.historian.sink.append(first.header, first.bytes)).toMatchObject({ ok: true });
  expect(await door.historian.sink.append(first.header, first.bytes)).toMatchObject({ ok: true });
  await live.until(() => live.count('samples') > 0);
  const rows = live.all('samples')[0];
  expect(rows.values).toEqual([10, 'NaN', 'running', null, 30]);
  await live.close();

  const tag = Tag.parse(await door.json('/tags/TI-9'));
  expect(tag).toMatchObject({ path: 'acme/reactor/temperature', latest: { time: T0 + 4 * SECOND, value: 30 } });
  expect(rows.tags.filter((index) => index === tag.index).length).toBe(4);

  const { next, series: all } = RawAnswer.parse(await door.json(`/history/raw?tag=acme/reactor/temperature&${RANGE}`));
  const [series] = all;
  expect([series.values, next]).toEqual([[10, 'NaN', null, 30], null]);
  expect(series.statuses[2]).toBe(STATUS.BadTimeout);

  const { streams } = Boundary.parse(await door.json('/boundary'));
  expect(streams).toMatchObject([{ gateway: 'station-1', stored: 5, lost: 0, repeated: 5, balanced: true }]);
  const { total } = Ledger.parse(await door.json('/ledger'));
  expect(total).toMatchObject({ samplesRead: 5, stored: 5, inFlight: 0, balanced: true });
  const status = ServerStatus.parse(await door.json('/status'));
  expect(status).toMatchObject({ tags: 2, historian: { samples: 5, damage: 0 } });
  expect(status.historian.freeDiskBytes).toBeGreaterThan(0);
});

test('ten thousand samples come in pages, each once, in order', async () => {
  const rows = Array.from({ length: 10_000 }, (_, row) => [0, T0 + (60 + Math.floor(row / 3)) * SECOND, row] as const);
  const block = door.gateway.sealRows(rows);
  expect(await door.historian.sink.append(block.header, block.bytes)).toMatchObject({ ok: true });
  const values: unknown[] = [];
  let next: string | null = '';
  while (next !== null) {
    const address = `/history/raw?tag=TI-9&limit=997&start=2026-01-01T00:01:00Z&end=*&cursor=${next}`;
    const page = RawAnswer.parse(await door.json(next === '' ? address.replace('&cursor=', '') : address));
    values.push(...page.series.flatMap((series) => series.values));
    next = page.next;
  }
  expect(values).toEqual(rows.map((row) => row[2]));
});

test('a tag list that has changed shows at once', async () => {
  await door.historian.sink.defineTags('station-1', [
    definitionOf(0, { path: 'acme/reactor/core-temperature', aliases: [] }),
  ]);
  const { tags } = TagPage.parse(await door.json('/tags?path=acme/reactor'));
  expect(tags.map((tag) => tag.path)).toEqual(['acme/reactor/core-temperature']);
});
