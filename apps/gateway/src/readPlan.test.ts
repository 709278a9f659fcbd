import { loadDriver } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import type { LineConfig } from '@tidegate/edge/acquisition/line.ts';
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
