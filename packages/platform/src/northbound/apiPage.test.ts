import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENDPOINTS } from './contract/endpoint.ts';
import { LIVE_EVENTS, LiveSamples } from './contract/live.ts';
import { DEFAULT_INTERVALS, DEFAULT_SAMPLE_LIMIT, MAX_SAMPLE_LIMIT } from './contract/series.ts';
import { FLUSH_INTERVAL_MS } from './live/liveGroup.ts';
import { MemoryHistorian, storedTag } from './testbed/memoryHistorian.ts';
import { RunningDoor } from './testbed/runningDoor.ts';

const page = await readFile(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
const commands = [...page.matchAll(/^curl (.*)$/gm)].map((match) => match[1]);

/** First column of the table whose head begins with `head`. */
function firstColumn(head: string): string[] {
  const table = page.slice(page.indexOf(`| ${head} |`)).split('\n\n')[0];
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]);
}

describe('docs/api.md', () => {
  let door: RunningDoor;
  beforeAll(async () => {
    const tags = [storedTag(0, { path: 'acme/north/reactor/temperature' }), storedTag(1), storedTag(2)];
    door = await RunningDoor.open({ historian: new MemoryHistorian(tags) });
  });
  afterAll(() => door.stop());

  test('lists the addresses of the contract, all and no others', () => {
    expect(firstColumn('address')).toEqual(Object.values(ENDPOINTS).map((endpoint) => endpoint.path));
  });

  test('lists the live events of the contract, and what is in them', () => {
    expect(firstColumn('event')).toEqual(Object.keys(LIVE_EVENTS));
    for (const field of Object.keys(LiveSamples.shape)) expect(page).toContain(`\`${field}\``);
  });

  test('states the limits that hold', () => {
    for (const limit of [DEFAULT_SAMPLE_LIMIT, MAX_SAMPLE_LIMIT]) expect(page).toContain(limit.toLocaleString('en'));
    expect(page).toContain(`without an interval, ${DEFAULT_INTERVALS} of them`);
    expect(page).toContain(`at most every ${FLUSH_INTERVAL_MS} ms`);
  });

  test('shows commands for every kind of address', () => {
    expect(commands.length).toBeGreaterThan(10);
    for (const { path } of Object.values(ENDPOINTS)) {
      const address = new RegExp(`/api/v1${path.replace('{tag}', '[^/]+')}[?']`);
      expect(commands.some((command) => address.test(command))).toBe(true);
    }
  });

  test.each(commands)('curl %s is answered', async (command) => {
    const url = /'(http:[^']+)'/.exec(command)?.[1] ?? '';
    const accept = /Accept: ([^']+)/.exec(command)?.[1] ?? '*/*';
    const abort = new AbortController();
    const answer = await fetch(`${door.url}${url.slice(url.indexOf('/api'))}`, {
      headers: { accept },
      signal: abort.signal,
    });
    expect(answer.status).toBe(200);
    if (accept !== '*/*') expect(answer.headers.get('content-type')).toContain(accept);
    abort.abort();
  });
});
