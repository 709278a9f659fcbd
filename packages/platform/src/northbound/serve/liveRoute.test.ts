import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_LIVE_CLIENTS } from '../live/liveHub.ts';
import { EventReader } from '../testbed/eventReader.ts';
import { liveBatch, MemoryHistorian, type Row, storedTag, streamLedger } from '../testbed/memoryHistorian.ts';
import { RunningDoor } from '../testbed/runningDoor.ts';

/** Who listens as long as the server runs: the measure of latency. */
const MONITORS = 1;

let door: RunningDoor;
let historian: MemoryHistorian;

beforeEach(async () => {
  historian = new MemoryHistorian(Array.from({ length: 100 }, (_, index) => storedTag(index)));
  historian.ledgerList.push(streamLedger());
  door = await RunningDoor.open({ historian });
});
afterEach(() => door.stop());

describe('the live stream over a real connection', () => {
  test('brings the latest samples, then each that is stored, and the boundary', async () => {
    historian.store([[7, 1, 'early']]);
    const stream = await EventReader.open(`${door.url}/api/v1/live`);
    expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers['cache-control']).toContain('no-store');
    expect(stream.response.headers['x-content-type-options']).toBe('nosniff');
    await stream.until(() => stream.count('boundary') > 0);
    expect(stream.all('latest')).toMatchObject([{ tags: [7], values: ['early'] }]);
    historian.store([
      [3, 2, 1.25],
      [4, 2, null, STATUS.BadTimeout],
    ]);
    await stream.until(() => stream.count('samples') > 0);
    expect(stream.all('samples')).toEqual([
      { tags: [3, 4], times: [2, 2], values: [1.25, null], statuses: [STATUS.Good, STATUS.BadTimeout], skipped: 0 },
    ]);
    await stream.until(() => stream.count('boundary') > 1);
    await stream.close();
  });

  test('brings only the tags that are asked for', async () => {
    const stream = await EventReader.open(`${door.url}/api/v1/live?tags=5,3,5`);
    await stream.until(() => stream.count('latest') > 0);
    historian.store([
      [3, 1, 1],
      [4, 1, 1],
      [5, 1, 1],
    ]);
    await stream.until(() => stream.count('samples') > 0);
    expect(stream.all('samples')[0].tags).toEqual([3, 5]);
    await stream.close();
  });

  test('ends with the server, which waits for nobody', async () => {
    const stream = await EventReader.open(`${door.url}/api/v1/live`);
    await stream.until(() => stream.count('latest') > 0);
    await door.stop();
    await stream.ended();
    expect(historian.listenerCount).toBe(0);
  });

  test('lets the historian go when the last client has left', async () => {
    const stream = await EventReader.open(`${door.url}/api/v1/live`);
    await stream.until(() => stream.count('latest') > 0);
    expect(historian.listenerCount).toBe(MONITORS + 1);
    await stream.close();
    await expect.poll(() => historian.listenerCount).toBe(MONITORS);
    expect(await door.json('/status')).toMatchObject({ liveClients: 0 });
  });

  test('refuses a client too many with a problem', async () => {
    const streams = await Promise.all(
      Array.from({ length: MAX_LIVE_CLIENTS }, () => EventReader.open(`${door.url}/api/v1/live`)),
    );
    const refused = await door.get('/live');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'live.full' });
    await Promise.all(streams.map((stream) => stream.close()));
  });
});

describe('a client that does not read', () => {
  test('holds nobody up, is sent the last sample of every tag, and is told how many it was not sent', async () => {
    const quick = await EventReader.open(`${door.url}/api/v1/live`);
    const slow = await EventReader.openUnread(`${door.url}/api/v1/live`);
    const rows = Array.from({ length: 500 }, (_, row): Row => [row % 100, row, `${row}`.padEnd(4_000)]);
    const batch = liveBatch(rows);
    // Two megabytes each: the kernel takes some for a client that does not read, and several times that much is sent.
    const flushes = 20;
    for (let flush = 1; flush <= flushes; flush++) {
      historian.publish(batch);
      await quick.until(() => quick.count('samples') === flush);
    }
    expect(quick.all('samples').every((event) => event.skipped === 0)).toBe(true);
    slow.start();
    await slow.until(() => slow.all('samples').some((event) => event.skipped > 0));
    const events = slow.all('samples');
    const total = events.reduce((sum, event) => sum + event.tags.length + event.skipped, 0);
    expect(total).toBe(flushes * rows.length);
    expect(events.length).toBeLessThan(flushes);
    expect(events.at(-1)?.tags.length).toBe(100);
    expect(events.at(-1)?.times.every((time) => time >= 400)).toBe(true);
    await slow.close();
    await quick.close();
  });
});
