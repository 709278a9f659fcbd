import type { Device } from '@tidegate/platform/northbound/contract/device.ts';
import { expect, it } from 'vitest';
import { filterCounts, listDevices } from './deviceOrder.ts';
import { sparkPath } from './sparkline.ts';

const device = (name: string, state: Device['state'], parts: Partial<Device> = {}) =>
  ({
    gateway: 'north',
    name,
    state,
    line: 'bus',
    protocol: 'modbus-rtu',
    problem: null,
    lastError: null,
    ...parts,
  }) as Device;

const DEVICES = [
  device('plc-10', 'running'),
  device('plc-2', 'running', { lastError: { at: 0, text: 'refused: illegal data address' } }),
  device('meter', 'running', { problem: 'address 4711 refused' }),
  device('fan', 'quiet'),
  device('pump', 'silent', { problem: 'no answer within 1000 ms', protocol: 'dnp3' }),
  device('mill', 'unknown', { gateway: 'south', problem: 'Gateway south was stopped 3 min ago.' }),
];

it.each([
  ['all', '', ['mill', 'pump', 'meter', 'plc-2', 'plc-10', 'fan']],
  ['sick', '', ['mill', 'pump', 'meter']],
  ['running', '', ['meter', 'plc-2', 'plc-10']],
  ['all', 'PLC', ['plc-2', 'plc-10']],
  ['all', 'illegal refused', ['plc-2']],
  ['sick', 'dnp3', ['pump']],
  ['silent', 'south', []],
] as const)('%s devices with "%s" in them', (filter, text, expected) => {
  expect(listDevices(DEVICES, filter, text).map(({ name }) => name)).toEqual(expected);
});

it('counts what each filter shows, and offers no state in which no device is', () => {
  expect(filterCounts(DEVICES)).toEqual([
    ['all', 6],
    ['sick', 3],
    ['unknown', 1],
    ['silent', 1],
    ['running', 3],
    ['quiet', 1],
  ]);
});

const FRAME = { width: 100, height: 20, startMs: 1_000, endMs: 2_000 };

it.each([
  ['nothing', [], [], ''],
  ['no value', [1_500_000], [null], ''],
  ['a value that holds', [1_500_000], [4], 'M50 0L100 0'],
  ['values from nothing upwards', [1_000_000, 1_500_000, 2_000_000], [1, 4, 2], 'M0 15L50 0L100 10L100 10'],
  ['a gap', [1_000_000, 1_250_000, 1_500_000], [4, null, 2], 'M0 0M50 10L100 10'],
  ['an end', [1_000_000, 1_250_000, 1_500_000], [4, 4, null], 'M0 0L25 0'],
  ['zeros', [1_000_000], [0], 'M0 20L100 20'],
  ['one from before the window', [500_000], [4], 'M0 0L100 0'],
])('draws %s', (_, times, values, path) => {
  expect(sparkPath({ times, values }, FRAME)).toBe(path);
});
