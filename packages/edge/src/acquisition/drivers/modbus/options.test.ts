import { expect, it } from 'vitest';
import { serialOptions, tcpOptions } from './options.ts';

it.each([
  ['TCP', tcpOptions, { unit: 1, maxRegisters: 125, merge: true, identify: false, pipeline: 1 }],
  ['a line', serialOptions, { unit: 1, maxRegisters: 125, merge: true, identify: false, turnaround: 0 }],
])('what is not said of a device on %s has a value that harms none', (_, options, expected) => {
  expect(options.parse({})).toEqual(expected);
});

it.each([
  [tcpOptions, { unit: 0 }, true],
  [tcpOptions, { unit: 255 }, true],
  [tcpOptions, { unit: 256 }, false],
  [tcpOptions, { pipeline: 17 }, false],
  [tcpOptions, { maxRegisters: 126 }, false],
  [tcpOptions, { maxCoils: 2001 }, false],
  [tcpOptions, { turnaround: '5ms' }, false],
  [serialOptions, { turnaround: '5ms' }, true],
  [serialOptions, { turnaround: 5 }, false],
  [serialOptions, { unit: 0 }, false],
  [serialOptions, { unit: 248 }, false],
  [serialOptions, { pipeline: 2 }, false],
])('%#: takes what the protocol allows', (options, keys, right) => {
  expect(options.safeParse(keys).success).toBe(right);
});
