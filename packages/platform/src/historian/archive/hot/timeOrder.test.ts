import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeOrder } from './timeOrder.ts';

test('rows stand by time, and those of equal time as they came', () => {
  const time = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(-(2 ** 53), 2 ** 53, 0.5));
  fc.assert(
    fc.property(fc.array(time, { maxLength: 60 }), fc.nat(60), (list, left) => {
      const count = Math.min(left, list.length);
      const order = timeOrder(Float64Array.from(list), count);
      const rows = Array.from({ length: count }, (_, row) => row);
      const expected = rows.toSorted((a, b) => list[a] - list[b] || a - b);
      expect(order ? [...order] : rows).toEqual(expected);
    }),
  );
});
