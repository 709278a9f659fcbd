import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LinkRig, opened } from './testbed/linkRig.ts';

/** 19,200 bit/s in characters of 11 bits: 1,745 bytes in a second. */
const BAUD_RATE = 19_200;
let directory: string;
let rig: LinkRig;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-recording-'));
  rig = new LinkRig();
});

afterEach(async () => {
  await rig.close();
  rmSync(directory, { recursive: true });
});

function record(bytes: Uint8Array, repeat = false) {
  const path = join(directory, 'bus.bin');
  writeFileSync(path, bytes);
  return { kind: 'recording', path, baudRate: BAUD_RATE, repeat } as const;
}

/** A clock that can wait for the disk: the player reads, and then sets its next timer. */
class PlayersClock extends ManualClock {
  #timers = 0;

  override after(delayMs: number, action: () => void) {
    this.#timers++;
    return super.after(delayMs, action);
  }

  async play(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      const timers = this.#timers;
      await this.advance(10);
      await vi.waitFor(() => expect(this.#timers).toBeGreaterThan(timers), { interval: 1 });
    }
  }
}

it('plays at the speed of the line, and is silent at the end', async () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, index) => index);
  const clock = new PlayersClock();
  const tap = await opened(rig.tap(record(bytes), clock));
  await clock.play(100);
  expect(tap.receivedBytes).toBe(174);
  await clock.play(10);
  await clock.advance(10);
  await vi.waitFor(() => expect(tap.receivedBytes).toBe(200));
  const heard = await tap.receive(0);
  expect(heard.ok && Buffer.from(heard.value).equals(bytes)).toBe(true);
  const silence = tap.receive(1_000);
  await clock.advance(1_000);
  expect(await silence).toMatchObject({ ok: false, fault: { code: 'link.timeout' } });
});

it('begins anew where it is to be repeated, at the same speed', async () => {
  const clock = new PlayersClock();
  const tap = await opened(rig.tap(record(Buffer.from('telegram '), true), clock));
  await clock.play(100);
  const heard = await tap.receive(0);
  expect(heard.ok && Buffer.from(heard.value).toString()).toBe('telegram '.repeat(20).slice(0, 174));
});

it('does not catch up with what was due while the process was held up', async () => {
  const clock = new PlayersClock();
  const tap = await opened(rig.tap(record(Buffer.alloc(10_000)), clock));
  await clock.play(10);
  expect(tap.receivedBytes).toBe(17);
  // The first timer of the three seconds finds the disk slower than the clock; the next one is late.
  await clock.advance(3_000);
  await vi.waitFor(() => expect(tap.receivedBytes).toBeGreaterThan(17));
  await clock.play(10);
  expect(tap.receivedBytes).toBeLessThan(300);
});

it('is silent where there is nothing in it, repeated or not', async () => {
  const clock = new ManualClock();
  const tap = await opened(rig.tap(record(new Uint8Array(), true), clock));
  const silence = tap.receive(1_000);
  await clock.advance(1_000);
  expect(await silence).toMatchObject({ ok: false, fault: { code: 'link.timeout' } });
});

it('stops when it is closed', async () => {
  const clock = new PlayersClock();
  const tap = await opened(rig.tap(record(Buffer.alloc(10_000)), clock));
  await clock.play(100);
  tap.close();
  const timers = vi.spyOn(clock, 'after');
  await clock.advance(1_000);
  expect(timers).not.toHaveBeenCalled();
  expect(tap.receivedBytes).toBe(174);
});

it('cannot be opened where there is no such file', async () => {
  const missing = { kind: 'recording', path: join(directory, 'none'), baudRate: BAUD_RATE, repeat: false } as const;
  const detail = expect.stringContaining('none is not there');
  const opening = rig.tap(missing).open(new AbortController().signal);
  expect(await opening).toEqual({ ok: false, fault: { code: 'link.connect', detail } });
});

it('says that a file cannot be read', async () => {
  const clock = new ManualClock();
  const folder = { kind: 'recording', path: directory, baudRate: BAUD_RATE, repeat: false } as const;
  const tap = await opened(rig.tap(folder, clock));
  await clock.advance(10);
  expect((await tap.closed).detail).toContain('cannot be read');
});
