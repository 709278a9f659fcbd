import { expect, it } from 'vitest';
import { type DeviceConfig, readLoadOf } from './device.ts';
import { deviceConfig } from './testbed/testDevice.ts';

const near = deviceConfig(0, 100, ['holding:1', 'holding:2', 'holding:500']);
const both: DeviceConfig = {
  ...near,
  scanClasses: { slow: { intervalMs: 2000 }, fast: { intervalMs: 100 } },
  points: [...near.points, { tag: 9, address: 'coil:3', dataType: 'bool', scanClass: 'slow' }],
};

it.each<[string, DeviceConfig, number, number, number]>([
  ['neighbours share a request', near, 20, 30, Infinity],
  ['classes are read each in its rhythm', both, 20.5, 30.5, Infinity],
  ['a device that takes short requests is asked more often', { ...near, maxRegisters: 1 }, 30, 30, Infinity],
  ['the budget is told', { ...near, maxRequestsPerSecond: 5 }, 20, 30, 5],
  ['a pause is a budget', { ...near, maxRequestsPerSecond: 50, minRequestPauseMs: 100 }, 20, 30, 10],
  ['no pause is none', { ...near, minRequestPauseMs: 0 }, 20, 30, Infinity],
])('%s', (_, config, requestsPerSecond, readingsPerSecond, allowedPerSecond) => {
  expect(readLoadOf(config)).toEqual({ requestsPerSecond, readingsPerSecond, allowedPerSecond });
});
