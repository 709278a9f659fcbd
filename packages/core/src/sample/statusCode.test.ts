import { expect, it } from 'vitest';
import { STATUS, severityOf, statusName } from './statusCode.ts';

it.each([
  [0x00000000, 'good', 'Good'],
  [0x00000400, 'good', 'Good'],
  [0x40900000, 'uncertain', 'UncertainLastUsableValue'],
  [0x40940000, 'uncertain', 'UncertainEngineeringUnitsExceeded'],
  [0x800a0000, 'bad', 'BadTimeout'],
  [0x800a04ff, 'bad', 'BadTimeout'],
  [0x80ff0000, 'bad', '0x80FF0000'],
  [0xc0000000, 'bad', '0xC0000000'],
] as const)('status %i is %s and called %s', (status, severity, name) => {
  expect(severityOf(status)).toBe(severity);
  expect(statusName(status)).toBe(name);
});

it('every name begins with the severity of its code', () => {
  for (const [name, status] of Object.entries(STATUS))
    expect(name.toLowerCase()).toMatch(RegExp(`^${severityOf(status)}`));
});
