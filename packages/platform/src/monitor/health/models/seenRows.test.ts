import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, seenRows, seenRowsFromJson, stabilityIndex } from './seenRows.ts';

const ramp = Float64Array.from({ length: 1_000 }, (_, row) => (row * 7919) % 1_000);

describe('what a model has seen', () => {
  it('is told in bins of about as many rows each', () => {
    const [feature] = seenRows(['a'], [ramp], 100).features;
    expect(feature).toMatchObject({
      name: 'a',
      least: 0,
      most: 999,
      edges: [100, 200, 300, 400, 500, 600, 700, 800, 900],
    });
    expect(feature.shares).toEqual(new Array(10).fill(0.1));
  });
  it.each([
    ['a value that stands still has one bin', [5, 5, 5, 5], { edges: [], shares: [1] }],
    ['of two values each has its own', [0, 0, 0, 1, 1], { edges: [1], shares: [0.6, 0.4] }],
    ['rows without a value count for nothing', [0, Number.NaN, 1], { least: 0, most: 1 }],
  ])('%s', (_what, values, expected) => {
    expect(seenRows(['a'], [Float64Array.from(values)], 2).features[0]).toMatchObject(expected);
  });
  it('a column without any value is no feature', () => {
    expect(seenRows(['a', 'b'], [Float64Array.of(Number.NaN), Float64Array.of(1)], 1).features).toHaveLength(1);
  });
  it('comes back from JSON, and nothing else does', () => {
    const seen = seenRows(['a'], [ramp], 100);
    expect(seenRowsFromJson(JSON.parse(JSON.stringify(seen)))).toEqual({ ok: true, value: seen });
    fc.assert(fc.property(fc.jsonValue(), (json) => void expect(seenRowsFromJson(json)).toMatchObject({ ok: false })));
  });
});

describe('the stability index', () => {
  it.each([
    ['the same shares', [0.5, 0.5], [10, 10], 0],
    // (0.75 - 0.5) ln 1.5 + (0.25 - 0.5) ln 0.5, by hand.
    ['a quarter that moved', [0.5, 0.5], [30, 10], 0.25 * Math.log(1.5) - 0.25 * Math.log(0.5)],
    ['nothing', [0.5, 0.5], [0, 0], 0],
  ])('of %s', (_what, shares, counts, expected) => expect(stabilityIndex(shares, counts)).toBeCloseTo(expected, 12));
  it('is never less than 0, and finite', () => {
    const counts = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(counts, counts, (learned, now) => {
        const sum = learned.reduce((all, count) => all + count, 0);
        const index = stabilityIndex(
          learned.map((count) => (sum > 0 ? count / sum : 0.25)),
          now,
        );
        expect(index).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(index)).toBe(true);
      }),
    );
  });
  it('puts each value into the bin whose edges it lies between', () => {
    expect([-1, 0, 0.5, 1, 9].map((value) => binOf([0, 1], value))).toEqual([0, 1, 1, 2, 2]);
  });
});
