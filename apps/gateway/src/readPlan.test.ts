import type { DeviceConfig } from '@tidegate/edge/acquisition/device.ts';
import { expect, it } from 'vitest';
import { formatReadPlan } from './readPlan.ts';

const pump: DeviceConfig = {
  name: 'pump',
  protocol: 'modbus-tcp',
  host: '192.0.2.7',
  port: 502,
  unit: 1,
  timeoutMs: 1000,
  scanClasses: { fast: { intervalMs: 300 } },
  points: [0, 1000].map((first, tag) => ({ tag, address: `holding:${first}`, dataType: 'int16', scanClass: 'fast' })),
};
const turbine: DeviceConfig = {
  ...pump,
  name: 'gas-turbine',
  host: '2001:db8::7',
  unit: 255,
  maxRequestsPerSecond: 20,
  scanClasses: { fast: { intervalMs: 10 } },
  points: Array.from({ length: 125 }, (_, tag) => ({ ...pump.points[0], tag, address: `holding:${tag}` })),
};

it('shows what each device will be asked for, aligned, and the totals', () => {
  expect(formatReadPlan([pump, turbine])).toBe(
    `pump         modbus-tcp 192.0.2.7:502      unit 1      2 tags  6.67 requests/s   6.67 readings/s
gas-turbine  modbus-tcp [2001:db8::7]:502  unit 255  125 tags   100 requests/s  12500 readings/s
warning: gas-turbine needs 100 requests/s and is allowed 20: scans will be skipped. Scan less often, or allow more.
ok: 2 devices, 127 tags, 107 requests/s, 12507 readings/s
`,
  );
});
