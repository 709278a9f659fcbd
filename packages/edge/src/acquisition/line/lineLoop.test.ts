import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { describe, expect, it } from 'vitest';
import { lineConfig, ownAddresses, Recorder } from '../testbed/testLine.ts';
import type { LineOpener, Link } from '../transport/link.ts';
import { type LineConfig, type RunningLine, runLine } from './line.ts';

/** A device in virtual time: it answers after `answerMs`, or not at all. */
class VirtualDevice {
  readonly clock = new ManualClock();
  readonly recorder = new Recorder();
  readonly connectsMs: number[] = [];
  readonly asked: { readonly atMs: number; readonly first: number }[] = [];
  answerMs = 0;
  reachable = true;
  answers = true;
  /** It ends the connection a moment after each answer. */
  closes = false;
  /** The guard refuses a question for what begins at this address. */
  forbidden: number | undefined;

  start(config: LineConfig): RunningLine {
    const ports = { ...this.recorder.ports, clock: this.clock, random: () => 0 };
    return runLine(
      config,
      ports,
      openerOf(() => this.#open()),
    );
  }

  /** In steps of a millisecond, so that every chain of promises has time to run out. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(0);
    for (let step = 0; step < ms; step++) await this.clock.advance(1);
  }

  #open(): Result<Link> {
    this.connectsMs.push(this.clock.elapsedMs());
    if (!this.reachable) return failure('link.connect', 'nobody there');
    const end = Promise.withResolvers<Fault>();
    let request: Uint8Array | undefined;
    return success<Link>({
      sentBytes: 0,
      receivedBytes: 0,
      send: (frame) => {
        if (Buffer.from(frame).readUInt16BE(8) === this.forbidden) return failure('frame.forbidden', 'not a read');
        request = frame;
        this.asked.push({ atMs: this.clock.elapsedMs(), first: Buffer.from(frame).readUInt16BE(8) });
        return success(undefined);
      },
      receive: (withinMs) => {
        const inTime = this.answers && this.answerMs < withinMs;
        const answer = new Promise<Result<Uint8Array>>((resolve) => {
          this.clock.after(inTime ? this.answerMs : withinMs, () => {
            resolve(inTime ? success(ownAddresses(request!)) : failure('link.timeout', 'silence'));
            if (this.closes) this.clock.after(1, () => end.resolve({ code: 'link.closed', detail: 'closed' }));
          });
        });
        return Promise.race([answer, end.promise.then((fault) => ({ ok: false, fault }) as const)]);
      },
      closed: end.promise,
      close: () => end.resolve({ code: 'link.closed', detail: 'closed' }),
    });
  }
}

/** A medium that is opened by a function. */
function openerOf(open: () => Result<Link>): LineOpener<Link> {
  return { open: () => Promise.resolve(open()), close: () => Promise.resolve() };
}

const secondly = (addresses: readonly string[], changes: Parameters<typeof lineConfig>[3] = {}) =>
  lineConfig(0, 1000, addresses, changes);

describe('rhythm', () => {
  it('scans on multiples of the interval, however long an answer takes', async () => {
    const device = new VirtualDevice();
    device.answerMs = 130;
    const running = device.start(
      secondly(['holding:1'], { scanClasses: { fast: { intervalMs: 1000, offsetMs: 250 } } }),
    );
    await device.pass(5000);
    expect(device.asked.slice(1).map(({ atMs }) => atMs)).toEqual([250, 1250, 2250, 3250, 4250]);
    expect(device.recorder.of(0).map(({ time }) => time / 1000)).toEqual([380, 1380, 2380, 3380, 4380]);
    await running.stop();
  });

  it('skips ticks that it cannot keep, counts them, and stays in step', async () => {
    const device = new VirtualDevice();
    device.answerMs = 150;
    const config = lineConfig(0, 100, ['holding:1']);
    const running = device.start(config);
    await device.pass(1000);
    // The greeting takes 150 ms; then each scan takes one and a half intervals: every second tick is left out, and none begins late.
    expect(device.asked.slice(1).map(({ atMs }) => atMs)).toEqual([150, 300, 500, 700, 900]);
    // The ticks at 200, 400, 600, 800 and 1000.
    expect(running.status()[0].skippedScans).toBe(5);
    expect(device.recorder.count('Good')).toBe(
      device.recorder.readings.length - device.recorder.count('BadNotConnected'),
    );
    await running.stop();
  });

  it('lets a fast class overtake a slow one between two requests, and starves neither', async () => {
    const device = new VirtualDevice();
    device.answerMs = 40;
    const slow = Array.from({ length: 20 }, (_, index) => ({
      tag: 100 + index,
      address: `holding:${1000 + index * 200}`,
      dataType: 'uint16',
      scanClass: 'slow',
    }));
    const [{ points }] = lineConfig(0, 100, ['holding:1']).devices;
    const scanClasses = { slow: { intervalMs: 5000, offsetMs: 0 }, fast: { intervalMs: 100, offsetMs: 0 } };
    const running = device.start(lineConfig(0, 100, [], { scanClasses, points: [...slow, ...points] }));
    await device.pass(4000);
    expect(device.recorder.of(0).length).toBeGreaterThanOrEqual(37);
    for (const { tag } of slow) expect(device.recorder.of(tag)).toHaveLength(1);
    await running.stop();
  });
});

describe('a device that cannot be reached', () => {
  it('has a bad reading for every scan, and is called at growing intervals', async () => {
    const device = new VirtualDevice();
    device.reachable = false;
    const running = device.start(secondly(['holding:1', 'input:1']));
    await device.pass(60_000);
    expect(device.recorder.count('BadNotConnected')).toBe(2 * 60 + 2);
    expect(device.recorder.readings).toHaveLength(2 * 60 + 2);
    const waits = device.connectsMs.slice(1).map((ms, index) => ms - device.connectsMs[index]);
    expect(waits.slice(0, 8)).toEqual([125, 250, 500, 1000, 2000, 4000, 7500, 7500]);
    expect(device.recorder.kinds()).toEqual(['device.lost']);
    await running.stop();
  });

  it('is read at once when it is back, also in a class whose next scan is far off', async () => {
    const device = new VirtualDevice();
    device.reachable = false;
    const running = device.start(lineConfig(0, 600_000, ['holding:1']));
    await device.pass(1000);
    expect(device.recorder.of(0).map(({ status }) => status)).toEqual(['BadNotConnected']);
    device.reachable = true;
    await device.pass(2000);
    expect(device.recorder.of(0).map(({ status }) => status)).toEqual(['BadNotConnected', 'Good']);
    await running.stop();
  });

  it('has a bad reading for every scan also where the timeout is longer than the scan', async () => {
    const device = new VirtualDevice();
    const running = device.start(secondly(['holding:1'], { timeoutMs: 7000 }));
    await device.pass(2500);
    expect(device.recorder.count('Good')).toBe(3);
    device.answers = false;
    await device.pass(8000);
    const before = device.recorder.count('BadTimeout');
    expect(before).toBeGreaterThanOrEqual(1);
    await device.pass(20_000);
    expect(device.recorder.count('BadTimeout') - before).toBe(20);
    expect(running.status()[0].state).toBe('silent');
    await running.stop();
  });
});

it('a device that closes after each answer is called again shortly before its next scan, and not all the time', async () => {
  const device = new VirtualDevice();
  device.closes = true;
  const running = device.start(lineConfig(0, 60_000, ['holding:1']));
  await device.pass(125_000);
  expect(device.recorder.of(0).map(({ status }) => status)).toEqual(['Good', 'Good', 'Good']);
  expect(device.recorder.kinds()).toEqual(['device.connected']);
  // Each connection serves one question: a greeting, and where it comes in time the scan behind it.
  expect(device.connectsMs.length).toBeLessThan(20);
  await running.stop();
});

it('a device is not called more often than it may be asked', async () => {
  const device = new VirtualDevice();
  device.answers = false;
  const running = device.start(secondly(['holding:1'], { timeoutMs: 100, limits: { maxRequestsPerSecond: 0.2 } }));
  await device.pass(60_000);
  const asked = device.asked.map(({ atMs }) => atMs);
  expect(asked.length).toBeGreaterThan(3);
  for (const [index, atMs] of asked.slice(1).entries()) expect(atMs - asked[index]).toBeGreaterThanOrEqual(5000);
  await running.stop();
});

it('a device that fails in every scan does not fill the log', async () => {
  const device = new VirtualDevice();
  const running = device.start(secondly(['holding:1']));
  for (let turn = 0; turn < 40; turn++) {
    device.answers = turn % 2 === 0;
    await device.pass(3000);
  }
  expect(device.recorder.count('Good')).toBeGreaterThan(20);
  expect(device.recorder.kinds()).toEqual(['device.connected', 'device.lost', 'device.connected', 'device.lost']);
  await running.stop();
});

it('a device is not called again and again over a frame that the guard refuses', async () => {
  const device = new VirtualDevice();
  device.forbidden = 500;
  const running = device.start(secondly(['holding:1', 'holding:500']));
  await device.pass(60_000);
  expect(device.recorder.count('Good')).toBeGreaterThan(3);
  expect(device.connectsMs.length).toBeLessThan(12);
  await running.stop();
});

it('ends with the exception of a bug, and not in silence', async () => {
  const device = new VirtualDevice();
  const broken = new Recorder();
  const ports = {
    ...broken.ports,
    clock: device.clock,
    sink: {
      write: () => {
        throw new TypeError('a bug in the sink');
      },
    },
  };
  const opener = openerOf(() => failure('link.connect', 'nobody there'));
  const running = runLine(secondly(['holding:1']), ports, opener);
  const ended = expect(running.finished).rejects.toThrow('a bug in the sink');
  await device.pass(10);
  await ended;
  expect(running.status()[0].state).toBe('stopped');
});
