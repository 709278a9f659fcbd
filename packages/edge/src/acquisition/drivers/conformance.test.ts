/**
 * What every driver must pass, whatever its protocol: each folder beside this file is one.
 *
 * It holds `README.md`, `example.yaml`, `forbidden.txt` (frames the guard must refuse), `vectors/*.hex`
 * (`>` requests and `<` answers) and `*.transcript`.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Driver, DriverManifest, Link, TaggedPoint } from '../driver.ts';
import { Readings } from '../readings.ts';
import { hexOf, type WireLine } from '../testbed/scriptedLink.ts';
import { openTestPeer } from '../testbed/testPeer.ts';
import { playTranscript } from '../testbed/transcript.ts';
import { openTcpLink } from '../transport/tcpLink.ts';
import { createWriteGuard } from '../transport/writeGuard.ts';
import { DRIVERS, type Protocol } from './driverRegistry.ts';

const FOLDERS = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of FOLDERS) {
  const folder = join(import.meta.dirname, name);
  const { manifest } = (await import(join(folder, 'manifest.ts'))) as { readonly manifest: DriverManifest };
  const driver = DRIVERS[manifest.protocol as Protocol];
  describe(`drivers/${name}`, () => describeDriver(driver, folder));
}

it('finds every driver', () => {
  expect(FOLDERS).toHaveLength(Object.keys(DRIVERS).length);
});

function describeDriver(driver: Driver, folder: string): void {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  describe('its page', () => describePage(driver, read));
  describe('the guard', () => describeGuard(driver, read, folder));
  describe('bad input', () => describeBadInput(driver, read, folder));
  describe('transcripts', () => {
    const transcripts = readdirSync(folder).filter((file) => file.endsWith('.transcript'));
    it.each(transcripts)('%s', (file) => playTranscript(driver, read(file)));
    it('has some', () => expect(transcripts).not.toHaveLength(0));
  });
}

function describePage(driver: Driver, read: (file: string) => string): void {
  it('shows the example, whose points the driver can read', () => {
    const example = read('example.yaml');
    expect(read('README.md')).toContain(example.trim());
    const points = examplePoints(example);
    expect(points).not.toHaveLength(0);
    for (const point of points) expect(driver.checkPoint(point)).toMatchObject({ ok: true });
  });

  it('names every outbound service', () => {
    for (const { name } of driver.manifest.outbound) expect(read('README.md')).toContain(name);
  });
}

function describeGuard(driver: Driver, read: (file: string) => string, folder: string): void {
  const guard = createWriteGuard(driver.manifest);
  const requests = vectorsOf(folder).filter(({ kind }) => kind === 'sent');

  it.each(linesOf(read('forbidden.txt')))('%s reaches no socket', async (line) => {
    const frame = bytesOf(line.split(';')[0]);
    const received: Buffer[] = [];
    const peer = await openTestPeer((bytes) => received.push(bytes));
    const events: PlantEvent[] = [];
    const target = { device: 'pump', host: '127.0.0.1', port: peer.port, connectTimeoutMs: 2000 };
    const opened = await openTcpLink(target, { clock: systemClock, events: (event) => events.push(event), guard });
    if (!opened.ok) throw new Error(opened.fault.detail);
    expect(opened.value.send(frame)).toMatchObject({ ok: false, fault: { code: 'frame.forbidden' } });
    expect(opened.value.send(requests[0].bytes)).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
    await opened.value.closed;
    await vi.waitFor(() => expect([peer.connections, peer.sockets.size]).toEqual([1, 0]));
    await peer.close();
    expect(received).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ kind: 'guard.refused', source: 'pump' })]);
    expect(events[0].detail).toContain(hexOf(frame));
  });

  it('lets the recorded requests pass, and no part, repetition or extension of one', () => {
    expect(requests).not.toHaveLength(0);
    for (const { bytes } of requests) {
      expect(guard.check(bytes)).toMatchObject({ ok: true });
      for (let length = 0; length < bytes.length; length++)
        expect(guard.check(bytes.subarray(0, length)).ok).toBe(false);
      expect(guard.check(Uint8Array.of(...bytes, 0)).ok).toBe(false);
      expect(guard.check(Uint8Array.of(...bytes, ...bytes)).ok).toBe(false);
    }
  });

  it('refuses the reads that the driver does not declare', () => {
    const silent = createWriteGuard({ ...driver.manifest, outbound: [] });
    for (const { bytes } of requests) expect(silent.check(bytes).ok).toBe(false);
  });

  it('refuses a write even where a manifest declares it', () => {
    const everything = Array.from({ length: 256 }, (_, code) => ({ code, name: 'anything' }));
    const reckless = createWriteGuard({ ...driver.manifest, outbound: everything });
    for (const line of linesOf(read('forbidden.txt'))) {
      const [hex, note = ''] = line.split(';');
      if (!note.includes('read')) expect(reckless.check(bytesOf(hex)).ok).toBe(false);
    }
  });

  it('hands out a copy that the driver cannot change afterwards', () => {
    const frame = requests[0].bytes.slice();
    const guarded = guard.check(frame);
    frame.fill(0xff);
    expect(guarded).toMatchObject({ ok: true, value: requests[0].bytes });
  });
}

function describeBadInput(driver: Driver, read: (file: string) => string, folder: string): void {
  const answers = vectorsOf(folder).filter(({ kind }) => kind === 'received');

  it('meets any configured point with a point or a fault that gives an example', () => {
    const word = fc.oneof(fc.string(), fc.stringMatching(/^(holding|coil|4)?:?\d{0,7}[.[]?\d{0,3}\]?$/));
    fc.assert(
      fc.property(word, word, fc.option(word, { nil: undefined }), (address, dataType, wordOrder) => {
        const point = driver.checkPoint({ address, dataType, ...(wordOrder === undefined ? {} : { wordOrder }) });
        if (!point.ok) expect(point.fault.code).toMatch(/^point\./);
      }),
    );
  });

  /** Every point that is due gets one reading, whatever the device sends, however it is cut. */
  const expectOneReadingEach = async (chunks: readonly Uint8Array[], end: 'silence' | 'close') => {
    const points = examplePoints(read('example.yaml'));
    const counts = new Map<number, number>();
    const reader = driver.prepare('device', [points], LIMITS, {
      clock: new ManualClock(),
      events: () => {},
      readings: new Readings({
        write({ tags, count }) {
          for (const tag of tags.subarray(0, count)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
        },
      }),
    });
    await reader.connected(deviceThatSays(driver, chunks, end));
    const [group] = reader.groups;
    group.begin();
    while (group.pending) {
      const exchange = await group.step();
      if (exchange.outcome === 'lost') group.fail(STATUS.BadCommunicationError);
    }
    expect([...counts].sort()).toEqual(points.map(({ tag }) => [tag, 1]).sort());
  };

  it('takes every prefix of an answer, then silence or the end', async () => {
    expect(answers).not.toHaveLength(0);
    for (const { bytes } of answers) {
      for (let length = 0; length <= bytes.length; length++) {
        await expectOneReadingEach([bytes.subarray(0, length)], length % 2 === 0 ? 'silence' : 'close');
      }
    }
  });

  it('takes any bytes, in any pieces', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.constantFrom(...answers.map(({ bytes }) => bytes)),
    );
    const end = fc.constantFrom('silence' as const, 'close' as const);
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 12 }), end, expectOneReadingEach), { numRuns: 300 });
  });
}

const LIMITS = { unit: 1, timeoutMs: 1000, maxGap: undefined, maxRegisters: undefined };

/** A device that hears everything and says the same whatever it is asked. */
function deviceThatSays(driver: Driver, chunks: readonly Uint8Array[], end: 'silence' | 'close'): Link {
  const left = chunks.filter((chunk) => chunk.length > 0);
  const guard = createWriteGuard(driver.manifest);
  return {
    send(frame) {
      const guarded = guard.check(frame);
      return guarded.ok ? success(undefined) : guarded;
    },
    receive() {
      const bytes = left.shift();
      if (bytes) return Promise.resolve(success(bytes));
      return Promise.resolve(failure(end === 'silence' ? 'link.timeout' : 'link.closed', end));
    },
    closed: new Promise(() => {}),
    close() {},
  };
}

interface ExampleTag {
  readonly address: string | number;
  readonly type?: string;
  readonly order?: string;
}

function examplePoints(example: string): TaggedPoint[] {
  const { data, defects } = ConfigDocument.parse('example.yaml', example);
  expect(defects).toEqual([]);
  const { devices } = data as { devices: readonly { readonly tags: readonly ExampleTag[] }[] };
  return devices
    .flatMap((device) => device.tags)
    .map(({ address, type = '', order }, tag) => {
      return { tag, address: String(address), dataType: type, ...(order === undefined ? {} : { wordOrder: order }) };
    });
}

function vectorsOf(folder: string): Extract<WireLine, { readonly bytes: Uint8Array }>[] {
  const directory = join(folder, 'vectors');
  const files = readdirSync(directory).filter((file) => file.endsWith('.hex'));
  return files
    .flatMap((file) => linesOf(readFileSync(join(directory, file), 'utf8')))
    .map((line) => ({ kind: line.startsWith('>') ? 'sent' : 'received', bytes: bytesOf(line.slice(1)) }));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}
