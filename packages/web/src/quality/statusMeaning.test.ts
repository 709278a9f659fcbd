import { expect, it } from 'vitest';
import { statusMeaning } from './statusMeaning.ts';

it.each([
  [0x00000000, 'The value is as measured.'],
  [0x00000400, 'The value is as measured.'],
  [0x40940000, 'The value is outside the range configured for the tag.'],
  [0x800a04ff, 'The device did not answer in time.'],
  [0x003f0000, 'The value is good.'],
  [0x80ff0000, 'The value is bad; the source gave a reason of its own.'],
  [0xc0000000, 'The value is bad; the source gave a reason of its own.'],
])('status %i means: %s', (status, meaning) => {
  expect(statusMeaning(status)).toBe(meaning);
});
