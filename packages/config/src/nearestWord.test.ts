import { expect, it } from 'vitest';
import { nearestWord } from './nearestWord.ts';

const KEYS = ['host', 'port', 'interval', 'offset', 'modbus-tcp', 'maxRegisters'];

it.each([
  ['hots', 'host'],
  ['prot', 'port'],
  ['Port', 'port'],
  ['intervall', 'interval'],
  ['modbus_tcp', 'modbus-tcp'],
  ['max_registers', 'maxRegisters'],
  ['maxregister', 'maxRegisters'],
  ['modbus', 'modbus-tcp'],
  ['max', 'maxRegisters'],
  ['ma', undefined],
  ['x', undefined],
  ['zebra', undefined],
  ['colour', undefined],
])('of %s is %s', (word, nearest) => {
  expect(nearestWord(word, KEYS)).toBe(nearest);
});
