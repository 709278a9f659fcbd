import { expect, it } from 'vitest';
import { DEVICE_SIGNALS, deviceSignalPath, parseDeviceSignalPath } from './deviceSignal.ts';
import { isSystemPath, tagPathDefect } from './tag.ts';

it.each(DEVICE_SIGNALS)('the tag of %s is recognised by its path, which no tag of a plant can have', (signal) => {
  const path = deviceSignalPath('north-1', 'pump.7', signal);
  expect(parseDeviceSignalPath('north-1', path)).toEqual({ device: 'pump.7', signal });
  expect(parseDeviceSignalPath('north', path)).toBeUndefined();
  expect(tagPathDefect(path)).toBeUndefined();
  expect(isSystemPath(path)).toBe(true);
});

it.each([
  'north-1/_devices/pump/colour',
  'north-1/_devices/pump',
  'north-1/_devices/pump/state/x',
  'north-1/pump/state',
])('%s reports on no device', (path) => expect(parseDeviceSignalPath('north-1', path)).toBeUndefined());

it.each([
  ['site/pump/speed', false],
  ['site/pump_7/speed_', false],
  ['site/pump/_speed', true],
  ['_site/pump/speed', true],
])('%s belongs to the system: %s', (path, expected) => expect(isSystemPath(path)).toBe(expected));
