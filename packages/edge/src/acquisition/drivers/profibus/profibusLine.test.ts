import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { describe, expect, it, vi } from 'vitest';
import type { TaggedPoint } from '../../driver.ts';
import { startLine } from '../../line/line.ts';
import { Readings } from '../../readings.ts';
import { formatReadings } from '../../testbed/transcript.ts';
import type { Tap } from '../../transport/link.ts';
import { options } from './options.ts';
import { profibusDriver } from './profibusDriver.ts';
import { ACKNOWLEDGEMENT, buildTelegram, joined } from './testbed/buildTelegram.ts';
import { RECORDED } from './testbed/recordedTelegrams.ts';

const GSD = {
  path: 'compressor.gsd',
  text: readFileSync(join(import.meta.dirname, 'testbed', 'compressor.gsd'), 'utf8'),
};
const STATIONS = [8, 42, 77];

interface Heard {
  readonly shown: string[];
  readonly times: number[];
}

/** A line that hears what it is given, chunk by chunk. */
function openLine(
  keys: readonly { readonly station: number; readonly gsd?: unknown; readonly configuration?: string }[],
  points: (index: number) => readonly TaggedPoint[],
) {
  const clock = new ManualClock();
  const events: PlantEvent[] = [];
  const heard: Heard = { shown: [], times: [] };
  const chunks: Uint8Array[] = [];
  const tap: Tap = {
    receive: async () => {
      const chunk = chunks.shift();
      return chunk ? success(chunk) : failure('link.timeout', 'nothing more');
    },
    receivedBytes: 0,
    closed: new Promise(() => {}),
    close() {},
  };
  const specs = keys.map((own, index) => ({
    name: `device-${own.station}`,
    options: options.parse(own),
    timeoutMs: 1000,
    classes: [{ intervalMs: 1000, points: points(index) }],
  }));
  const readings = new Readings({
    write: (block) => {
      heard.shown.push(...formatReadings(block));
      heard.times.push(...block.times.subarray(0, block.count));
    },
  });
  const ports = { clock, events: (event: PlantEvent) => events.push(event), readings, bitRate: 1_500_000 };
  const line = profibusDriver.prepare(specs, ports);
  line.connected(tap as never);
  const hear = async (...pieces: readonly Uint8Array[]) => {
    chunks.push(...pieces);
    expect(await line.listen?.(1000)).toMatchObject({ ok: true });
  };
  const scan = () => {
    heard.shown.length = 0;
    for (const { groups } of line.devices) for (const group of groups) group.begin();
    return heard.shown;
  };
  return { clock, events, heard, line, hear, scan };
}

const uint = (bytes: number) => (bytes === 1 ? 'uint8' : bytes === 2 ? 'uint16' : 'uint32');

it('gives at each moment of the recording what the last exchange with each slave has carried', async () => {
  const sizes = [2, 4, 4];
  const { hear, scan, line, events } = openLine(
    STATIONS.map((station) => ({ station })),
    (index) => [{ tag: index, address: 'input:0', dataType: uint(sizes[index]) }],
  );
  const last = new Map<number, number>();
  let asked: number | undefined;
  for (const { bytes, description } of RECORDED) {
    await hear(bytes);
    const [, to, from, control, dsap, , data] = description.split(' ');
    // A request without SAPs (Data_Exchange), and the answer to it.
    if (from === '2' && dsap === '-') asked = Number(to);
    else if (Number(from) === asked && dsap === '-' && (control === '08' || control === '0a')) {
      const index = STATIONS.indexOf(asked);
      last.set(index, Number.parseInt(data.slice(0, sizes[index] * 2), 16));
    }
    const values = scan().map((reading) => reading.split(' '));
    for (const [index, expected] of last) expect(values[index].slice(1)).toEqual([String(expected), 'Good']);
    for (const [tag, value] of values) if (!last.has(Number(tag))) expect(value).toBe('-');
  }
  expect(last.size).toBe(3);
  expect(line.devices.map(({ heard, defect }) => [heard, defect])).toEqual(STATIONS.map(() => [true, undefined]));
  const kinds = new Set(events.map(({ kind, source }) => `${kind} ${source}`));
  expect([...kinds]).toEqual(STATIONS.map((station) => `device.diagnosis device-${station}`));
});

describe('with a GSD file', () => {
  const request = (data: readonly number[], dsap?: number, fc = 0x7d) =>
    buildTelegram({ da: 8, sa: 2, fc, data, ...(dsap === undefined ? {} : { dsap, ssap: 62 }) });
  const answer = (data: readonly number[], ssap?: number) =>
    buildTelegram({ da: 2, sa: 8, fc: 8, data, ...(ssap === undefined ? {} : { dsap: 62, ssap }) });
  const configured = [request([0x10, 0x51, 0x11, 0x20], 62), ACKNOWLEDGEMENT];
  const diagnosed = (ident: number, ...blocks: readonly number[]) => [
    request([], 60, 0x5d),
    answer([blocks.length > 0 ? 8 : 0, 0x0c, 0, 2, ident >> 8, ident & 0xff, ...blocks], 60),
  ];

  it('takes a module of two identifiers for one slot, and the words of the manufacturer', async () => {
    const { hear, scan, events } = openLine([{ station: 8, gsd: GSD }], () => [
      { tag: 0, address: 'slot:2/input:4', dataType: 'uint16' },
      { tag: 1, address: 'slot:3/output:0', dataType: 'uint8' },
      { tag: 2, address: 'slot:2/input:5', dataType: 'uint16' },
    ]);
    await hear(...configured, request([0xa5]), answer([1, 2, 3, 4, 5, 0x80, 0x81]));
    expect(scan()).toEqual([`0 ${0x8081} Good`, '1 165 Good', '2 - BadConfigurationError']);
    await hear(...diagnosed(0x4224, 0x03, 0x01 | 0x02, 0x05));
    expect(events.at(-1)).toMatchObject({
      kind: 'device.diagnosis',
      source: 'device-8',
      detail: 'Fan stopped; Self test runs',
    });
  });

  it('says when the device is another one, or was never told apart', async () => {
    const { hear, line } = openLine([{ station: 8, gsd: GSD }], () => []);
    await hear(...diagnosed(0x8031));
    expect(line.devices[0].defect).toBe('the device has the ident number 0x8031, and the GSD file is for 0x4224');
    expect(openLine([{ station: 8, gsd: 'a.gsd' }], () => []).line.devices[0].defect).toBe(
      'the GSD file a.gsd was not read',
    );
  });

  it('knows the slots of a compact device before its start-up is heard', async () => {
    const text = '#Profibus_DP\nVendor_Name="V"\nModel_Name="M"\nIdent_Number=1\nModule="all" 0x20,0x11\nEndModule\n';
    const { hear, scan } = openLine([{ station: 8, gsd: { path: 'a.gsd', text } }], () => [
      { tag: 0, address: 'slot:1/input:1', dataType: 'uint8' },
    ]);
    await hear(request([0xa5]), answer([1, 2]));
    expect(scan()).toEqual(['0 2 Good']);
  });

  it('says when the configuration does not fit the data, and reads no slots by it', async () => {
    const { hear, scan, line } = openLine([{ station: 8, configuration: '20 13' }], () => [
      { tag: 0, address: 'slot:2/input:0', dataType: 'uint8' },
      { tag: 1, address: 'input:0', dataType: 'uint8' },
    ]);
    await hear(request([0xa5]), answer([1, 2]));
    expect(scan()).toEqual(['0 - BadWaitingForInitialData', '1 1 Good']);
    expect(line.devices[0].defect).toMatch(
      /exchanges 2 bytes of inputs and 1 of outputs, and its configuration has 4 and 1/,
    );
  });
});

it('says which station is not heard', async () => {
  const { clock, line } = openLine([{ station: 9 }], () => []);
  expect(line.devices[0].defect).toBeUndefined();
  await clock.advance(3001);
  expect([line.devices[0].defect, line.devices[0].heard]).toEqual(['station 9 is not heard on the bus', false]);
});

it('tells of a bus that flaps no more than once a second', async () => {
  const { clock, hear, events } = openLine([{ station: 8 }], () => []);
  const lost = Array.from({ length: 5 }, (_, n) => buildTelegram({ da: 8, sa: 2, fc: n % 2 ? 0x5d : 0x7d, data: [1] }));
  const back = buildTelegram({ da: 2, sa: 8, fc: 8, data: [1] });
  for (let tenth = 0; tenth < 50; tenth++) {
    await clock.advance(100);
    await hear(joined(...lost, back));
  }
  expect(events.length).toBeGreaterThan(3);
  expect(events.length).toBeLessThanOrEqual(6);
});

describe('options', () => {
  it.each([
    [{ station: 8 }, true],
    [{ station: 126, gsd: 'a.gsd', configuration: '0x20, 0x13' }, true],
    [{ station: 127 }, false],
    [{}, false],
    [{ station: 8, configuration: '2' }, false],
    [{ station: 8, configuration: 'c0 00' }, false],
    [{ station: 8, gsd: { path: 'a.gsd', text: 'Vendor_Name = 3' } }, false],
  ])('%j', (keys, ok) => {
    expect(options.safeParse(keys).success).toBe(ok);
  });

  it('name the line of the GSD file', () => {
    const { error } = options.safeParse({ station: 8, gsd: { path: 'a.gsd', text: '#Profibus_DP\nIdent_Number = x' } });
    expect(JSON.stringify(error?.issues)).toContain('a.gsd:2: ident_number = x');
  });
});

it('plays a recording through the whole line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'profibus-'));
  const path = join(folder, 'bus.bin');
  await writeFile(path, joined(...RECORDED.map(({ bytes }) => bytes)));
  const latest = new Map<number, string>();
  const times: number[] = [];
  const points = [
    { tag: 0, address: 'slot:2/input:0', dataType: 'uint8', scanClass: 'fast' },
    { tag: 1, address: 'bus:check-errors', dataType: 'float64', scanClass: 'fast' },
  ];
  const line = startLine(
    {
      name: 'bus',
      driver: profibusDriver,
      medium: { kind: 'recording', path, baudRate: 1_500_000, repeat: true },
      limits: {},
      devices: [
        {
          name: 'pump',
          options: options.parse({ station: 8 }),
          timeoutMs: 1000,
          limits: {},
          scanClasses: { fast: { intervalMs: 20 } },
          points,
        },
      ],
    },
    {
      clock: systemClock,
      events: () => {},
      sink: {
        write: (block) => {
          for (const reading of formatReadings(block)) latest.set(Number(reading[0]), reading);
          times.push(...block.times.subarray(0, block.count));
        },
      },
    },
  );
  try {
    await vi.waitFor(() =>
      expect([latest.get(0), latest.get(1)]).toEqual([expect.stringMatching(/^0 \d+ Good$/), '1 0 Good']),
    );
    expect(line.status()).toMatchObject([{ name: 'pump', state: 'running', requests: 0, lastFault: undefined }]);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() * US_PER_MS + US_PER_MS);
  } finally {
    await line.stop();
    await rm(folder, { recursive: true });
  }
});
