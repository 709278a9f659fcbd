import { expect, it } from 'vitest';
import { readValue } from './readValue.ts';

it.each([
  [null, 'number', false, '\u2013'],
  [undefined, 'string', true, '\u2013'],
  [20, 'number', false, '20.000'],
  [20, 'number', true, '20'],
  [-5, 'number', true, '\u22125'],
  [20.25, 'number', true, '20.250'],
  ['NaN', 'number', false, 'not a number'],
  [1, 'boolean', true, 'on'],
  [0, 'boolean', true, 'off'],
  [3, 'boolean', true, '3'],
  ['Light_Load', 'string', true, 'Light_Load'],
] as const)('%j of a tag of type %s, stepped %s, reads %s', (value, type, stepped, text) => {
  expect(readValue(value, { type, stepped })).toBe(text);
});
