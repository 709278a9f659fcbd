import { systemClock } from '@tidegate/core/clock/clock.ts';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { Problem } from '../contract/problem.ts';
import { LatestRows } from '../contract/sample.ts';
import { ServerStatus } from '../contract/serverStatus.ts';
import { Tag, TagPage } from '../contract/tag.ts';
import { MemoryHistorian, type Row, storedTag, streamLedger } from '../testbed/memoryHistorian.ts';
import { RunningDoor } from '../testbed/runningDoor.ts';

const T0 = parseTimestamp('2026-01-01T00:00:00Z')!;
const SECOND = 1_000_000;

const TAGS = [
  storedTag(0, { path: 'acme/north/reactor/temperature', aliases: ['TIC 9', '101'], low: 0, high: 150 }),
  storedTag(1, { path: 'acme/north/reactor/pressure', id: 'PI/1', description: 'Druck im Reaktor' }),
  storedTag(2, { path: 'acme/northeast/mill/state', id: 'STATE', type: 'string', stepped: true, unit: '' }),
  storedTag(3, { path: 'acme/south/pump/running', id: 'DUP', type: 'boolean', stepped: true }),
  storedTag(4, { path: 'acme/south/pump/speed', id: 'DUP', gateway: 'station-2' }),
  storedTag(5, { path: 'station-1/_devices/plc/state', id: 'station-1/_devices/plc/state', type: 'string', unit: '' }),
];

const ROWS: Row[] = [
  [0, T0, 1.5],
  [0, T0 + SECOND, Number.NaN, STATUS.UncertainDataSubNormal],
  [0, T0 + 2 * SECOND, Number.POSITIVE_INFINITY],
  [0, T0 + 3 * SECOND, null, STATUS.BadTimeout],
  [0, T0 + 4 * SECOND, -7],
  [2, T0, 'idle'],
  [2, T0 + SECOND, 'NaN'],
];

let door: RunningDoor;
beforeAll(async () => {
  const historian = new MemoryHistorian(TAGS);
  historian.store(ROWS);
  historian.ledgerList.push(streamLedger({ stored: 7 }));
  door = await RunningDoor.open({ historian, clock: { ...systemClock, now: () => T0 } });
});
afterAll(() => door.stop());

describe('what every endpoint answers is what the contract says', () => {
  test.each([
    ['tags', '/tags?latest=true'],
    ['tag', '/tags/0'],
    ['latest', '/latest'],
    ['devices', '/devices'],
    ['boundary', '/boundary'],
    ['ledger', '/ledger'],
    ['policy', '/policy'],
    ['status', '/status'],
    ['faults', '/faults'],
    ['openapi', '/openapi.json'],
  ] as const)('%s', async (name, path) => {
    const answer = await door.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = await answer.json();
    // Parsing drops what the contract does not know: nothing may be dropped.
    expect(ENDPOINTS[name].answers['application/json'].parse(body)).toEqual(body);
  });
});

describe('tags', () => {
  const paths = (page: TagPage) => page.tags.map((tag) => tag.path.slice('acme/'.length));

  test.each([
    [
      '',
      [
        'north/reactor/pressure',
        'north/reactor/temperature',
        'northeast/mill/state',
        'south/pump/running',
        'south/pump/speed',
      ],
    ],
    ['?path=acme/north', ['north/reactor/pressure', 'north/reactor/temperature']],
    ['?path=ACME/North/', ['north/reactor/pressure', 'north/reactor/temperature']],
    ['?path=acme/south/pump/speed', ['south/pump/speed']],
    ['?path=acme/nowhere', []],
    ['?search=druck', ['north/reactor/pressure']],
    ['?search=dup', ['south/pump/running', 'south/pump/speed']],
    ['?search=tic 9&path=acme/south', []],
  ])('%s', async (query, expected) => {
    const page = TagPage.parse(await door.json(`/tags${query}`));
    expect(paths(page)).toEqual(expected);
    expect(page).toMatchObject({ total: expected.length, next: null });
  });

  test.each([
    ['', 5, false],
    ['?scope=system', 1, true],
    ['?scope=all', 6, true],
  ])('%s are %d', async (query, total, hasState) => {
    const page = TagPage.parse(await door.json(`/tags${query}`));
    expect(page.total).toBe(total);
    expect(page.tags.some(({ path }) => path === 'station-1/_devices/plc/state')).toBe(hasState);
  });

  test('pages join to the whole list, also while tags come and go', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page: TagPage = TagPage.parse(await door.json(`/tags?limit=2${cursor}`));
      expect(page.tags.length).toBeLessThanOrEqual(2);
      seen.push(...paths(page));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
      if (seen.length === 2) door.historian.tagList.push(storedTag(9, { path: 'acme/aaa/early' }));
    } while (cursor !== '');
    door.historian.tagList.pop();
    expect(seen).toEqual(paths(TagPage.parse(await door.json('/tags'))));
  });

  test('bring their latest sample only where it is asked for', async () => {
    const without = TagPage.parse(await door.json('/tags?path=acme/north'));
    expect(without.tags.map((tag) => tag.latest)).toEqual([undefined, undefined]);
    const { tags } = TagPage.parse(await door.json('/tags?path=acme/north&latest=true'));
    expect(tags.map((tag) => tag.latest)).toEqual([
      null,
      { time: T0 + 4 * SECOND, value: -7, status: 0, statusName: 'Good' },
    ]);
  });
});

describe('one tag', () => {
  test.each([
    ['0', 0],
    ['acme/north/reactor/temperature', 0],
    ['TI-0', 0],
    ['TIC 9', 0],
    ['PI/1', 1],
    ['STATE', 2],
  ])('is found as %s', async (name, index) => {
    expect(Tag.parse(await door.json(`/tags/${encodeURIComponent(name)}`)).index).toBe(index);
  });

  test.each([
    ['acme/north/reactor/temprature', 404, 'tag.unknown', 'acme/north/reactor/temperature'],
    ['TI_0', 404, 'tag.unknown', 'TI-0'],
    ['101', 404, 'tag.unknown', undefined],
    ['77', 404, 'tag.unknown', undefined],
    ['DUP', 409, 'tag.ambiguous', 'acme/south/pump/running'],
    ['x'.repeat(1_500), 404, 'tag.unknown', undefined],
  ])('%s is %d %s', async (name, status, code, nearest) => {
    const answer = await door.get(`/tags/${encodeURIComponent(name)}`);
    expect(answer.status).toBe(status);
    const problem = Problem.parse(await answer.json());
    expect(problem).toMatchObject({ code, status, type: `urn:tidegate:fault:${code}` });
    expect(problem.suggestions?.[0]).toBe(nearest);
  });
});

describe('latest', () => {
  test('is one row for each tag that has a sample', async () => {
    const rows = LatestRows.parse(await door.json('/latest'));
    expect(rows).toMatchObject({ tags: [0, 2], values: [-7, 'NaN'] });
    expect(rows.paths[0]).toBe('acme/north/reactor/temperature');
    expect(LatestRows.parse(await door.json('/latest?tag=2,3,2')).tags).toEqual([2]);
    expect(LatestRows.parse(await door.json('/latest?tag=STATE&tag=TI-0')).tags).toEqual([2, 0]);
  });
});

describe('status', () => {
  test('says what runs, and shows only the counters of the historian that are numbers', async () => {
    const status = ServerStatus.parse(await door.json('/status'));
    expect(status).toMatchObject({
      name: 'tidegate',
      tags: 5,
      systemTags: 1,
      liveClients: 0,
      historian: { damage: 0, freeDiskBytes: 1e9 },
    });
    expect(status.historian).not.toHaveProperty('newestFile');
    expect(status.residentBytes).toBeGreaterThan(1_000_000);
  });
});

describe('wrong parameters', () => {
  test.each([
    ['/tags?limit=0', ['limit must be at least 1']],
    ['/tags?limit=99999999', ['limit must be at most 10000']],
    ['/tags?limit=ten', ['limit must be a number']],
    ['/tags?limit=1.5', ['limit must be a whole number']],
    ['/tags?limit=', ['limit must be at least 1']],
    ['/tags?limit=1&limit=2', ['limit is given more than once']],
    ['/tags?path=a&path=b', ['path is given more than once']],
    ['/tags?latest=yes', ['latest must be one of true, false']],
    ['/tags?cursor=!', ['cursor must be the `next` of a page of tags']],
    ['/tags?prefix=a', ['prefix is not known here: there are path, search, scope, latest, limit, cursor']],
    ['/tags/0?x=1', ['x is not known here: there are no parameters']],
    ['/latest?tags=1', ['tags is not known here: there are tag']],
    ['/live?tags=', ['tags must be tag indexes separated by commas, such as 1,2,3']],
    ['/live?tag=1', ['tag is not known here: there are tags']],
    [
      '/tags?limit=0&scope=x&nonsense=1',
      [
        'scope must be one of plant, system, all',
        'limit must be at least 1',
        expect.stringMatching(/^nonsense is not known/),
      ],
    ],
  ])('%s', async (path, expected) => {
    const answer = await door.get(path);
    expect(answer.status).toBe(400);
    const problem = Problem.parse(await answer.json());
    expect(problem.code).toBe('request.invalid');
    expect(problem.errors?.map((error) => `${error.field} ${error.detail}`)).toEqual(expected);
  });

  test.each(['/live?tags=0,77,78', '/live?tags=77,78'])('%s names the tags that there are not', async (path) => {
    const answer = await door.get(path);
    expect(answer.status).toBe(404);
    expect(Problem.parse(await answer.json()).detail).toBe('No tag has the index 77 or 78.');
  });
});
