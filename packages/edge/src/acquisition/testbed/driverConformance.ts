/**
 * What every driver must pass, whatever its protocol, ours and those of others alike.
 *
 * Its folder holds `README.md`, `example.yaml`, `forbidden.txt` (frames the guard must refuse), `vectors/*.hex`
 * (`>` requests and `<` answers) and `*.transcript`. Where a folder has several protocols, a line such as `[modbus-rtu]`
 * in `forbidden.txt` and the vectors says whose frames follow, and a transcript names its own with `protocol modbus-rtu`.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AnyDriver, DeviceSpec, Exchange, LineReader, TaggedPoint } from '../driver.ts';
import { type DeviceConfig, startLine } from '../line/line.ts';
import { Readings } from '../readings.ts';
import type { Link } from '../transport/link.ts';
import { guardedOpener } from '../transport/openLine.ts';
import { createWriteGuard, type GuardedStation, type WriteGuard } from '../transport/writeGuard.ts';
import { doorsIn } from './doorsIn.ts';
import { hexOf } from './scriptedLink.ts';
import { Recorder } from './testLine.ts';
import { openTestPeer } from './testPeer.ts';
import { playTranscript } from './transcript.ts';

/** What a driver's page must tell, each under a heading of its own. */
const HEADINGS = ['Addresses', 'Quality', 'Outbound services', 'Limits', 'Sources'];

/** The addresses of DNP3 have 16 bits, which is more than those of the others. */
const STATIONS = 65_536;

/** One frame of the vectors. */
interface Vector {
  readonly sent: boolean;
  readonly bytes: Uint8Array;
}

/** A driver and what stands in its folder. */
interface Subject {
  readonly driver: AnyDriver;
  readonly page: string;
  readonly example: string;
  readonly devices: readonly DeviceSpec<unknown>[];
  /** Vectors and forbidden frames may go to any station: what is refused is refused for what it is. */
  readonly stations: readonly GuardedStation[];
  /** The guard of a line with all these stations, and every option switched on. */
  readonly guard: WriteGuard;
  /** Frames and what they are. */
  readonly forbidden: readonly string[];
  readonly vectors: readonly Vector[];
  readonly transcripts: ReadonlyMap<string, string>;
}

/** Declares the tests of one driver, whose files are in `folder`. */
export function describeDriver(driver: AnyDriver, folder: string): void {
  const subject = readSubject(driver, folder);
  describe('its page', () => describePage(subject));
  it('has no door of its own: a device is reached over the link alone', () => expect(doorsOf(folder)).toEqual([]));
  describe('the guard', () =>
    driver.manifest.outbound.length > 0 ? describeGuard(subject) : describeSilence(subject));
  describe('bad input', () => describeBadInput(subject));
  it('a silent device gives bad readings, each within a scan', () => expectBadReadings(subject));
  describe('transcripts', () => {
    it('has some', () => expect(subject.transcripts.size).toBeGreaterThan(0));
    it.each([...subject.transcripts])('%s', (_, text) => playTranscript(driver, text));
  });
}

function readSubject(driver: AnyDriver, folder: string): Subject {
  const { protocol } = driver.manifest;
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const vectorFiles = readdirSync(join(folder, 'vectors')).filter((file) => file.endsWith('.hex'));
  const transcripts = readdirSync(folder)
    .filter((file) => file.endsWith('.transcript'))
    .map((file): [string, string] => [file, read(file)])
    .filter(([, text]) => (/^protocol (\S+)/m.exec(text)?.[1] ?? protocol) === protocol);
  const options = driver.manifest.outbound.flatMap(({ option }) => option ?? []);
  const stations = Array.from({ length: STATIONS }, (_, station) => ({ station, options }));
  return {
    driver,
    page: read('README.md'),
    example: read('example.yaml'),
    devices: exampleDevices(driver, read('example.yaml')),
    stations,
    guard: createWriteGuard(driver.manifest, driver.dissect, stations),
    forbidden: linesOf(read('forbidden.txt'), protocol),
    vectors: vectorFiles
      .flatMap((file) => linesOf(read(join('vectors', file)), protocol))
      .map((line) => ({ sent: line.startsWith('>'), bytes: bytesOf(line.slice(1)) })),
    transcripts: new Map(transcripts),
  };
}

/** Those in its sources, each behind its file; what only tests use may have some. */
function doorsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/\.test\.|(^|[\\/])(testbed|node_modules)[\\/]/.test(file))
    .flatMap((file) => doorsIn(readFileSync(join(folder, file), 'utf8')).map((door) => `${file}: ${door}`));
}

function describePage({ driver, page, example, devices }: Subject): void {
  it('has the headings that people look for', () => {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(expect.arrayContaining(HEADINGS));
  });

  it('shows the example, whose points the driver can read', () => {
    expect(page).toContain(example.trim());
    expect(devices).not.toHaveLength(0);
    for (const { options, classes } of devices) {
      for (const point of classes[0].points) expect(driver.checkPoint(point, options)).toMatchObject({ ok: true });
    }
  });

  it('names every key that a device may have', () => {
    for (const key of Object.keys(driver.options.shape)) expect(page).toContain(`\`${key}\``);
  });

  it('names every outbound service, and why what is no read is needed', () => {
    for (const { service, effect, reason, option } of driver.manifest.outbound) {
      expect(page.toLowerCase()).toContain(service.toLowerCase());
      if (effect === 'session') expect(reason).toBeTruthy();
      if (option !== undefined) expect(page).toContain(`\`${option}\``);
    }
  });
}

function describeGuard({ driver, forbidden, vectors, stations, guard }: Subject): void {
  const requests = vectors.filter(({ sent }) => sent);

  it.each(forbidden)('%s reaches no socket', (line) => expectStopped(bytesOf(line.split(';')[0]), requests[0], guard));

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

  it('refuses what the driver does not declare, and stations that are not configured', () => {
    const silent = createWriteGuard({ ...driver.manifest, outbound: [] }, driver.dissect, stations);
    const empty = createWriteGuard(driver.manifest, driver.dissect, []);
    for (const { bytes } of requests) expect([silent.check(bytes).ok, empty.check(bytes).ok]).toEqual([false, false]);
  });

  it('refuses a write even where a manifest declares it', () => {
    for (const line of forbidden) {
      const [hex, note = ''] = line.split(';');
      const dissected = driver.dissect(bytesOf(hex));
      if (!dissected.ok) continue;
      const { service, effect, station } = dissected.value;
      // What is no write is forbidden because it is not declared, and its line has to say so.
      if (effect === 'read' || effect === 'session') expect(note).toContain('read');
      else {
        const outbound = [{ service, effect: effect as 'read' }];
        const greedy = createWriteGuard({ ...driver.manifest, outbound }, driver.dissect, [{ station, options: [] }]);
        expect(greedy.check(bytesOf(hex)).ok).toBe(false);
      }
    }
  });

  it('hands out a copy that the driver cannot change afterwards', () => {
    const frame = requests[0].bytes.slice();
    const guarded = guard.check(frame);
    frame.fill(0xff);
    expect(guarded).toMatchObject({ ok: true, value: requests[0].bytes });
  });
}

async function expectStopped(frame: Uint8Array, request: Vector, guard: WriteGuard): Promise<void> {
  const received: Buffer[] = [];
  const peer = await openTestPeer((bytes) => received.push(bytes));
  const events: PlantEvent[] = [];
  const medium = { kind: 'tcp', host: '127.0.0.1', port: peer.port, connectTimeoutMs: 2000, tls: undefined } as const;
  const ports = { clock: systemClock, events: (event: PlantEvent) => events.push(event) };
  const opened = await guardedOpener('pump', medium, guard, ports).open(new AbortController().signal);
  if (!opened.ok) throw new Error(opened.fault.detail);
  expect(opened.value.send(frame)).toMatchObject({ ok: false, fault: { code: 'frame.forbidden' } });
  expect(opened.value.send(request.bytes)).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
  await opened.value.closed;
  await vi.waitFor(() => expect([peer.connections, peer.sockets.size]).toEqual([1, 0]), { interval: 1 });
  await peer.close();
  expect(received).toEqual([]);
  expect(events).toEqual([expect.objectContaining({ kind: 'guard.refused', source: 'pump' })]);
  expect(events[0].detail).toContain(hexOf(frame));
}

/** A driver that only listens gets a tap, through which nothing can be sent; and the guard would refuse every frame. */
function describeSilence({ forbidden, vectors, guard }: Subject): void {
  it('refuses everything', () => {
    const frames = [...forbidden.map((line) => bytesOf(line.split(';')[0])), ...vectors.map(({ bytes }) => bytes)];
    expect(frames).not.toHaveLength(0);
    for (const frame of frames) expect(guard.check(frame).ok).toBe(false);
  });
}

function describeBadInput(subject: Subject): void {
  const { driver, vectors, devices } = subject;
  const answers = vectors.filter(({ sent }) => !sent).map(({ bytes }) => bytes);

  it('meets any configured point with a point or a fault that gives an example', () => {
    const word = fc.oneof(fc.string(), fc.stringMatching(/^([a-z]{1,12}|4)?:?\d{0,7}[.[/]?\d{0,3}\]?$/));
    fc.assert(
      fc.property(word, word, fc.option(word, { nil: undefined }), (address, dataType, wordOrder) => {
        const spec = { address, dataType, ...(wordOrder === undefined ? {} : { wordOrder }) };
        const point = driver.checkPoint(spec, devices[0].options);
        if (!point.ok) expect(point.fault.code).toMatch(/^point\./);
      }),
    );
  });

  it('takes every prefix of an answer, then silence or the end', async () => {
    expect(answers).not.toHaveLength(0);
    for (const bytes of answers) {
      for (let length = 0; length <= bytes.length; length++) {
        await expectReadings(subject, [bytes.subarray(0, length)], length % 2 === 0 ? 'silence' : 'close');
      }
    }
  });

  it('takes any bytes, in any pieces', async () => {
    const piece = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.constantFrom(...answers));
    const end = fc.constantFrom('silence' as const, 'close' as const);
    const pieces = fc.array(piece, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, end, (chunks, ending) => expectReadings(subject, chunks, ending)),
      { numRuns: 300 },
    );
  });
}

/** Every point that is due gets one reading, whatever comes, however it is cut; by event there may be more, or none. */
async function expectReadings(
  { driver, devices, guard }: Subject,
  chunks: readonly Uint8Array[],
  end: 'silence' | 'close',
): Promise<void> {
  const counts = new Map<number, number>();
  const clock = new ManualClock();
  const write = ({ tags, count }: { readonly tags: Iterable<number>; readonly count: number }) => {
    for (const tag of [...tags].slice(0, count)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  };
  const readings = new Readings({ write });
  const line = driver.prepare(devices, { clock, events: () => {}, readings, bitRate: undefined });
  line.connected(linkThatHears(guard, chunks, end, clock));
  await scanOnce(line);
  const tags = devices.flatMap(({ classes }) => classes[0].points.map(({ tag }) => tag));
  for (const tag of counts.keys()) expect(tags).toContain(tag);
  if (driver.manifest.reports === 'every scan') {
    expect([...counts].sort()).toEqual(tags.map((tag) => [tag, 1]).sort());
  }
}

async function scanOnce(line: LineReader): Promise<void> {
  for (const device of line.devices) {
    let exchange: Exchange | undefined;
    do exchange = await device.greet?.();
    while (exchange?.outcome === 'answered' && exchange.goesOn);
  }
  await line.listen?.(1);
  for (const { groups } of line.devices) {
    for (const group of groups) {
      group.begin();
      while (group.pending > 0) {
        const { outcome } = await group.step(Number.POSITIVE_INFINITY);
        if (outcome === 'lost' || outcome === 'silent') group.fail(STATUS.BadCommunicationError);
      }
    }
  }
}

/** Long enough for a question that is not answered, and short enough for several in a test. */
const SILENT_SCAN_MS = 400;
const SILENT_TIMEOUT_MS = 100;
const SILENT_SCANS = 4;

/** Behind a real connection, on which nobody ever says anything. */
async function expectBadReadings({ driver, devices }: Subject): Promise<void> {
  const peer = await openTestPeer(() => {});
  const recorder = new Recorder();
  const medium = { kind: 'tcp', host: '127.0.0.1', port: peer.port, connectTimeoutMs: 2000, tls: undefined } as const;
  const configured = devices.map(({ name, options, classes }): DeviceConfig => {
    const points = classes[0].points.map((point) => ({ ...point, scanClass: 'scan' }));
    const scanClasses = { scan: { intervalMs: SILENT_SCAN_MS, offsetMs: 0 } };
    return { name, options, timeoutMs: SILENT_TIMEOUT_MS, limits: {}, scanClasses, points };
  });
  const line = startLine({ name: 'silent', driver, medium, limits: {}, devices: configured }, recorder.ports);
  const tags = configured.flatMap(({ points }) => points.map(({ tag }) => tag));
  try {
    await vi.waitFor(
      () => {
        for (const tag of tags) expect(recorder.of(tag).length).toBeGreaterThanOrEqual(SILENT_SCANS);
      },
      { timeout: 10 * SILENT_SCANS * SILENT_SCAN_MS },
    );
  } finally {
    await line.stop();
    await peer.close();
  }
  for (const { status, value } of recorder.readings) expect([status.startsWith('Bad'), value]).toEqual([true, 0]);
  for (const tag of tags) {
    const timesMs = recorder.of(tag).map(({ time }) => time / US_PER_MS);
    const gapsMs = timesMs.slice(1).map((timeMs, index) => timeMs - timesMs[index]);
    // One scan, and what a busy machine adds.
    for (const gapMs of gapsMs) expect(gapMs).toBeLessThan(2 * SILENT_SCAN_MS);
  }
}

/** A link whose other side hears everything and says the same whatever it is asked. */
function linkThatHears(
  guard: WriteGuard,
  chunks: readonly Uint8Array[],
  end: 'silence' | 'close',
  clock: ManualClock,
): Link {
  const left = chunks.filter((chunk) => chunk.length > 0);
  return {
    sentBytes: 0,
    receivedBytes: 0,
    send(...frames) {
      const refused = frames.map((frame) => guard.check(frame)).find(({ ok }) => !ok);
      return refused && !refused.ok ? refused : success(undefined);
    },
    async receive(withinMs) {
      const bytes = left.shift();
      if (bytes) return success(bytes);
      await clock.advance(withinMs);
      return failure(end === 'silence' ? 'link.timeout' : 'link.closed', end);
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

interface ExampleDevice {
  readonly name: string;
  readonly protocol: string;
  readonly tags: readonly ExampleTag[];
}

/** The devices of the example that speak the driver's protocol. */
function exampleDevices(driver: AnyDriver, example: string): DeviceSpec<unknown>[] {
  const { data } = ConfigDocument.parse('example.yaml', example);
  const { devices = [] } = (data ?? {}) as { devices?: readonly ExampleDevice[] };
  let tag = 0;
  return devices
    .filter(({ protocol }) => protocol === driver.manifest.protocol)
    .map((device) => {
      const own = Object.entries(device).filter(([key]) => key in driver.options.shape);
      const points = device.tags.map(({ address, type = '', order }): TaggedPoint => {
        const spec = { tag: tag++, address: String(address), dataType: type };
        return order === undefined ? spec : { ...spec, wordOrder: order };
      });
      const options = driver.options.parse(Object.fromEntries(own));
      return { name: device.name, options, timeoutMs: 1000, classes: [{ intervalMs: 1000, points }] };
    });
}

/** The lines that concern a protocol, without comments. */
function linesOf(text: string, protocol: string): string[] {
  let concerned = true;
  return text.split('\n').filter((line) => {
    const section = /^\[(.+)\]$/.exec(line.trim())?.[1];
    if (section !== undefined) concerned = section === protocol;
    return section === undefined && concerned && line.trim() !== '' && !line.startsWith('#');
  });
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}
