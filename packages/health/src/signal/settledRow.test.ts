import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { settledRow } from './settledRow.ts';

const random = seededRandom(2);
/** Noise of deviation 0.29 about a level. */
const rows = (count: number, level: (row: number) => number) =>
  Float64Array.from({ length: count }, (_, row) => level(row) + random() - 0.5);

describe('an equipment', () => {
  it('that runs in is settled after that', () => {
    const settled = settledRow([rows(400, (row) => 5 * Math.exp(-row / 40)), rows(400, () => 1)], 30);
    if (!settled.ok) throw new Error(settled.fault.detail);
    expect(settled.value).toBeGreaterThan(50);
    expect(settled.value).toBeLessThan(220);
  });
  it('that is as ever is settled at once', () =>
    expect(settledRow([rows(100, () => 3)], 30)).toMatchObject({ value: 0 }));
  it('that never rests is not', () => {
    expect(settledRow([rows(400, (row) => row / 10)], 30)).toMatchObject({ fault: { code: 'health.too-little' } });
  });
  it.each([
    ['no value', [new Float64Array(100).fill(Number.NaN)], 30, 'health.too-little'],
    ['no column', [], 30, 'health.too-little'],
    ['blocks of two rows', [rows(100, () => 0)], 2, 'health.bad-data'],
  ])('of which there is %s is not', (_what, columns, block, code) => {
    expect(settledRow(columns, block)).toMatchObject({ fault: { code } });
  });
});
