import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEVICE_SIGNALS, deviceSignalPath } from '@tidegate/core/sample/deviceSignal.ts';
import { expect, it } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';
import { numberTags, tagIds } from './numberTags.ts';
import { systemTagIds } from './systemTags.ts';

const YAML = `gateway: north
dataDirectory: data
server: { host: server, port: 1, certificates: certificates }
scanClasses: { fast: 100ms, slow: 1s, idle: 1h }
devices:
  - name: one
    protocol: modbus-tcp
    host: one
    tags:
      - { path: s/a, address: "holding:0", type: int16, scan: slow, id: A, low: 0, unit: Cel }
      - { path: s/b, address: "coil:4", type: bool, scan: fast, lane: operational, aliases: [B1], states: { 1: running, 0: stopped } }
  - name: two
    protocol: modbus-tcp
    host: two
    maxRegisters: 8
    tags: [{ path: s/c, address: "40002", type: float32, order: CDAB, scan: slow, scale: 2, deviation: 0.5 }]
`;

it('the numbers of the registry reach the points of the devices and the definitions that cross', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-number-tags-'));
  try {
    const file = join(directory, 'gateway.yaml');
    await writeFile(file, YAML);
    const loaded = await loadGatewayConfig(file);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.defects));
    const reports = ['one', 'two'].flatMap((device) =>
      DEVICE_SIGNALS.map((signal) => deviceSignalPath('north', device, signal)),
    );
    const own = systemTagIds('north');
    expect(tagIds(loaded.value)).toEqual(['A', 's/b', 's/c', ...reports, ...own]);
    const ownNumbers = own.map((_, place) => 1_000 + place);
    const reportNumbers = reports.map((_, place) => 100 + place);
    const numbered = numberTags(loaded.value, [7, 0, 9, ...reportNumbers, ...ownNumbers]);
    const { lines } = numbered;
    const [definitions, reportDefinitions] = [
      numbered.definitions.slice(0, 3),
      numbered.definitions.slice(3, -own.length),
    ];
    const [rules, reportRules] = [numbered.rules.slice(0, 3), numbered.rules.slice(3, -own.length)];
    expect(numbered.definitions.slice(-own.length).map(({ number, path, lane }) => ({ number, path, lane }))).toEqual(
      own.map((path, place) => ({ number: 1_000 + place, path, lane: 'audit' })),
    );
    expect(numbered.system.ledger.certificate).toBe(1_000 + own.length - 1);
    expect(numbered.system.events.get('guard.refused')).toBe(1_000 + own.indexOf('north/_events/guard.refused'));
    expect(reportDefinitions.map(({ id }) => id)).toEqual(reports);
    expect(reportDefinitions.map(({ number }) => number)).toEqual(reportNumbers);
    expect(reportRules.map(({ number, lane }) => [number, lane])).toEqual(
      reportDefinitions.map(({ number, lane }) => [number, lane]),
    );
    expect(reportDefinitions.filter(({ description }) => description === '')).toEqual([]);
    expect(numbered.devices.map(({ device }) => device)).toEqual(['one', 'two']);
    expect(numbered.devices[1].numbers.state).toBe(100 + DEVICE_SIGNALS.length);
    const lasting = reportDefinitions.filter(({ number }) => numbered.lasting.has(number)).map(({ path }) => path);
    expect(lasting.slice(0, 3)).toEqual(
      ['last-error', 'protocol', 'line'].map((signal) => `north/_devices/one/${signal}`),
    );
    const plain = { unit: '', description: '', stepped: false, aliases: [] };
    expect(definitions).toEqual([
      { ...plain, number: 7, id: 'A', path: 's/a', type: 'number', lane: 'analytical', unit: 'Cel', low: 0 },
      {
        ...plain,
        number: 0,
        id: 's/b',
        path: 's/b',
        type: 'boolean',
        lane: 'operational',
        stepped: true,
        states: [
          { code: 0, name: 'stopped' },
          { code: 1, name: 'running' },
        ],
        aliases: ['B1'],
      },
      { ...plain, number: 9, id: 's/c', path: 's/c', type: 'number', lane: 'analytical' },
    ]);
    const exception = { deviation: 0, minIntervalMs: 0, maxIntervalMs: 600_000 };
    expect(rules).toEqual([
      { number: 7, lane: 'analytical', scale: 1, offset: 0, low: 0, stepped: false, exception },
      { number: 0, lane: 'operational', scale: 1, offset: 0, stepped: true, exception },
      {
        number: 9,
        lane: 'analytical',
        scale: 2,
        offset: 0,
        stepped: false,
        exception: { ...exception, deviation: 0.5 },
      },
    ]);
    expect(lines.flatMap(({ devices }) => devices)).toMatchObject([
      {
        name: 'one',
        scanClasses: { slow: { intervalMs: 1000 }, fast: { intervalMs: 100 } },
        points: [
          { tag: 7, address: 'holding:0', dataType: 'int16', scanClass: 'slow' },
          { tag: 0, address: 'coil:4', dataType: 'bool', scanClass: 'fast' },
        ],
      },
      {
        name: 'two',
        options: { unit: 1, maxRegisters: 8 },
        scanClasses: { slow: { intervalMs: 1000 } },
        points: [{ tag: 9, address: '40002', dataType: 'float32', wordOrder: 'CDAB', scanClass: 'slow' }],
      },
    ]);
    expect(() => numberTags(loaded.value, [1, 2])).toThrow(RangeError);
  } finally {
    await rm(directory, { recursive: true });
  }
});
