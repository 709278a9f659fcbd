import { expect, it } from 'vitest';
import { lineConfig } from '../testbed/testLine.ts';
import type { DeviceConfig } from './line.ts';
import { readLoadOf } from './readLoad.ts';

const addresses = ['holding:1', 'holding:2', 'holding:500'];
const [{ points }] = lineConfig(0, 100, addresses).devices;
const both = {
  scanClasses: { slow: { intervalMs: 2000 }, fast: { intervalMs: 100 } },
  points: [...points, { tag: 9, address: 'coil:3', dataType: 'bool', scanClass: 'slow' }],
};

it.each<[string, Partial<DeviceConfig>, number, number, number]>([
  ['neighbours share a request', {}, 20, 30, Infinity],
  ['classes are read each in its rhythm', both, 20.5, 30.5, Infinity],
  [
    'a device that takes short requests is asked more often',
    { options: { unit: 1, maxRegisters: 1 } },
    30,
    30,
    Infinity,
  ],
  ['the budget is told', { limits: { maxRequestsPerSecond: 5 } }, 20, 30, 5],
  ['a pause is a budget', { limits: { maxRequestsPerSecond: 50, minRequestPauseMs: 100 } }, 20, 30, 10],
  ['no pause is none', { limits: { minRequestPauseMs: 0 } }, 20, 30, Infinity],
])('%s', (_, changes, requestsPerSecond, readingsPerSecond, allowedPerSecond) => {
  const load = { name: 'pump', requestsPerSecond, readingsPerSecond, allowedPerSecond };
  expect(readLoadOf(lineConfig(0, 100, addresses, changes)).devices).toEqual([load]);
});
