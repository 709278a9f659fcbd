import { loadDriver } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import type { LineConfig } from '@tidegate/edge/acquisition/line/line.ts';
import { expect, it } from 'vitest';
import { formatReadPlan } from './readPlan.ts';

const driver = (await loadDriver('modbus-tcp'))!;
const pointAt = (first: number, tag: number) => ({
  tag,
  address: `holding:${first}`,
  dataType: 'int16',
  scanClass: 'fast',
});
const pump: LineConfig = {
  name: 'pump',
  driver,
  medium: { kind: 'tcp', host: '192.0.2.7', port: 502, connectTimeoutMs: 3000, tls: undefined },
  limits: {},
  devices: [
    {
      name: 'pump',
      options: driver.options.parse({ unit: 1 }),
      timeoutMs: 1000,
      limits: {},
      scanClasses: { fast: { intervalMs: 300 } },
      points: [0, 1000].map(pointAt),
    },
  ],
};
const turbine: LineConfig = {
  ...pump,
  name: 'gas-turbine',
  medium: { kind: 'tcp', host: '2001:db8::7', port: 502, connectTimeoutMs: 3000, tls: undefined },
  devices: [
    {
      name: 'gas-turbine',
      options: driver.options.parse({ unit: 255 }),
      timeoutMs: 1000,
      limits: { maxRequestsPerSecond: 20 },
      scanClasses: { fast: { intervalMs: 10 } },
      points: Array.from({ length: 125 }, (_, tag) => pointAt(tag, tag)),
    },
  ],
};

it('shows what each device will be asked for, aligned, and the totals', () => {
  expect(formatReadPlan([pump, turbine])).toBe(
    `pump         modbus-tcp 192.0.2.7:502      station 1      2 tags  6.67 requests/s   6.67 readings/s
gas-turbine  modbus-tcp [2001:db8::7]:502  station 255  125 tags   100 requests/s  12500 readings/s
warning: gas-turbine needs 100 requests/s and is allowed 20: scans will be skipped. Scan less often, or allow more.
ok: 2 devices, 127 tags, 107 requests/s, 12507 readings/s
`,
  );
});

const serial: LineConfig = {
  ...pump,
  name: 'bus-1',
  driver: (await loadDriver('modbus-rtu'))!,
  medium: { kind: 'serial', path: '/dev/ttyS1', baudRate: 9600, dataBits: 8, parity: 'even', stopBits: 1 },
  devices: ['meter-1', 'meter-2'].map((name, index) => ({
    ...pump.devices[0],
    name,
    options: { ...(pump.devices[0].options as object), unit: index + 1 },
    scanClasses: { fast: { intervalMs: 200 } },
    points: Array.from({ length: 50 }, (_, tag) => pointAt(tag, tag)),
  })),
};

it.each<[string, readonly LineConfig[], readonly string[]]>([
  [
    'a line whose devices together are too many',
    [{ ...serial, medium: pump.medium, limits: { maxRequestsPerSecond: 8 } }],
    ['the line bus-1 needs 10 requests/s and is allowed 8: scans will be skipped. Scan less often, or allow more.'],
  ],
  [
    'a line that cannot carry it',
    [serial],
    [
      'the line bus-1 would be busy for 130 % of the time: scans will be skipped. Scan less often, or raise the baud rate.',
    ],
  ],
  [
    'a line that others use as well',
    [{ ...serial, limits: { maxBusShare: 0.5 } }],
    [
      'the line bus-1 needs 130 % of its time and is allowed 50 %: scans will be skipped. Scan less often, or allow more.',
    ],
  ],
  [
    'lines to the same place',
    [pump, { ...pump, name: 'fan' }, turbine],
    ['pump, fan each open 192.0.2.7:502 for themselves, which many devices do not take. Put them on one line.'],
  ],
  ['nothing where all is well', [pump], []],
])('warns of %s', (_, lines, expected) => {
  const warnings = formatReadPlan(lines)
    .split('\n')
    .filter((line) => line.startsWith('warning: ') && !line.startsWith('warning: gas-turbine'));
  expect(warnings).toEqual(expected.map((warning) => `warning: ${warning}`));
});
