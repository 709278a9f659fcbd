import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { describe, expect, test } from 'vitest';
import { LIVE_EVENTS, type LiveEventData, type LiveEventName } from '../contract/live.ts';
import { liveBatch, MemoryHistorian, type Row, storedTag, streamLedger } from '../testbed/memoryHistorian.ts';
import { type EventStream, MAX_WAITING_BYTES } from './liveClient.ts';
import { LiveHub, MAX_LIVE_CLIENTS, STALLED_AFTER_MS } from './liveHub.ts';

/** A client whose connection takes everything until it is told to stop. */
class Listener implements EventStream {
  readonly written: Uint8Array[] = [];
  writableLength = 0;
  isDestroyed = false;

  write(bytes: Uint8Array): boolean {
    this.written.push(bytes);
    return true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  all<Name extends LiveEventName>(name: Name): LiveEventData[Name][] {
    const prefix = `event: ${name}\ndata: `;
    const texts = this.written.map((bytes) => Buffer.from(bytes).toString()).filter((text) => text.startsWith(prefix));
    return texts.map((text) => LIVE_EVENTS[name].parse(JSON.parse(text.slice(prefix.length))) as LiveEventData[Name]);
  }
}

function setUp() {
  const clock = new ManualClock();
  const historian = new MemoryHistorian(Array.from({ length: 4 }, (_, index) => storedTag(index)));
  historian.ledgerList.push(streamLedger());
  const hub = new LiveHub(historian, undefined, clock);
  const listen = (tags?: readonly number[]) => {
    const listener = new Listener();
    return { listener, subscription: hub.join(listener, tags) };
  };
  return { clock, historian, hub, listen };
}

describe('the live hub', () => {
  test('begins with the latest sample of each tag asked for, and the boundary', () => {
    const { historian, listen } = setUp();
    historian.store([
      [0, 5, 1],
      [1, 6, 'x'],
      [3, 7, Number.NaN],
    ]);
    const { listener } = listen([0, 2, 3]);
    expect(listener.all('latest')).toEqual([
      { tags: [0, 3], times: [5, 7], values: [1, 'NaN'], statuses: [0, 0], skipped: 0 },
    ]);
    expect(listener.all('boundary').length).toBe(1);
  });

  test('sends the first samples after a pause at once, and then at most every 50 ms', async () => {
    const { clock, historian, listen } = setUp();
    const { listener } = listen();
    historian.store([[0, 1, 1]]);
    historian.store([[1, 1, 1]]);
    await clock.advance(1);
    expect(listener.all('samples').map((event) => event.tags)).toEqual([[0, 1]]);
    for (let ms = 0; ms < 100; ms += 5) {
      historian.store([[0, ms, ms]]);
      await clock.advance(5);
    }
    const events = listener.all('samples').slice(1);
    expect(events.length).toBe(2);
    expect(events.every((event) => event.skipped === 0)).toBe(true);
  });

  test('encodes once for everybody who watches the same tags', async () => {
    const { clock, historian, listen } = setUp();
    const all = [listen(), listen(), listen()];
    const some = listen([1]);
    historian.store([
      [0, 1, 1],
      [1, 1, 2],
    ]);
    await clock.advance(60);
    const [first, ...others] = all.map(({ listener }) => listener.written.at(-1));
    expect(others.every((bytes) => bytes === first)).toBe(true);
    expect(some.listener.all('samples').map((event) => event.values)).toEqual([[2]]);
  });

  test('sends nothing where no tag that is wanted has changed', async () => {
    const { clock, historian, listen } = setUp();
    const { listener } = listen([3]);
    historian.store([[0, 1, 1]]);
    await clock.advance(500);
    expect(listener.all('samples')).toEqual([]);
  });

  test('sends the boundary every second, and a comment every 15', async () => {
    const { clock, listen } = setUp();
    const { listener } = listen();
    await clock.advance(30_000);
    expect(listener.all('boundary').length).toBe(31);
    const comments = listener.written.filter((bytes) => bytes[0] === ':'.charCodeAt(0));
    expect(comments.length).toBe(2);
  });

  test('keeps only the latest of each tag for a client that is slow, and tells how many it was not sent', async () => {
    const { clock, historian, listen } = setUp();
    const slow = listen();
    const fast = listen();
    slow.listener.writableLength = MAX_WAITING_BYTES + 1;
    for (let time = 1; time <= 50; time++) {
      historian.store([
        [0, time, time],
        [1, time, -time],
      ]);
      await clock.advance(50);
    }
    expect(slow.listener.all('samples')).toEqual([]);
    expect(slow.listener.all('boundary').length).toBe(1);
    expect(fast.listener.all('samples').flatMap((event) => event.times).length).toBe(100);
    slow.listener.writableLength = 0;
    slow.subscription.drained();
    expect(slow.listener.all('samples')).toEqual([
      { tags: [0, 1], times: [50, 50], values: [50, -50], statuses: [0, 0], skipped: 98 },
    ]);
    historian.store([[2, 51, 51]]);
    await clock.advance(50);
    expect(slow.listener.all('samples').at(-1)).toMatchObject({ tags: [2], skipped: 0 });
  });

  test('gives up a client that takes nothing for a minute', async () => {
    const { clock, historian, listen } = setUp();
    const { listener, subscription } = listen();
    listener.writableLength = MAX_WAITING_BYTES + 1;
    historian.store([[0, 1, 1]]);
    await clock.advance(STALLED_AFTER_MS);
    expect(listener.isDestroyed).toBe(false);
    await clock.advance(2_000);
    expect(listener.isDestroyed).toBe(true);
    subscription.leave();
  });

  test('goes through a backlog with one row per tag and flush, and counts the rest', async () => {
    const { clock, historian, listen } = setUp();
    const { listener } = listen();
    const backlog = liveBatch(Array.from({ length: 65_536 }, (_, row): Row => [row % 4, row, row]));
    for (let time = 0; time < 10; time++) historian.publish(backlog);
    await clock.advance(50);
    expect(listener.all('samples')).toEqual([
      {
        tags: [0, 1, 2, 3],
        times: [65_532, 65_533, 65_534, 65_535],
        values: [65_532, 65_533, 65_534, 65_535],
        statuses: [0, 0, 0, 0],
        skipped: 655_356,
      },
    ]);
  });

  test('asks the historian only while somebody watches, and leaves no timer behind', async () => {
    const { clock, historian, hub, listen } = setUp();
    expect(historian.listenerCount).toBe(0);
    const first = listen();
    const second = listen([1]);
    expect(historian.listenerCount).toBe(1);
    expect(hub.clientCount).toBe(2);
    historian.store([[1, 1, 1]]);
    first.subscription.leave();
    first.subscription.leave();
    second.subscription.leave();
    expect(historian.listenerCount).toBe(0);
    expect(hub.clientCount).toBe(0);
    const before = first.listener.written.length;
    await clock.advance(5_000);
    expect(first.listener.written.length).toBe(before);
    expect(listen().listener.all('latest').length).toBe(1);
  });

  test('admits so many clients and no more', () => {
    const { hub, listen } = setUp();
    for (let count = 0; count < MAX_LIVE_CLIENTS; count++) {
      expect(hub.admit().ok).toBe(true);
      listen();
    }
    expect(hub.admit()).toMatchObject({ ok: false, fault: { code: 'live.full' } });
  });
});
