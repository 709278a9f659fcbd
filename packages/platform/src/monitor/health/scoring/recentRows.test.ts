import { expect, it } from 'vitest';
import { seenRows } from '../models/seenRows.ts';
import { RecentRows } from './recentRows.ts';

const EVERY = 600_000_000;
const PER_DAY = 144;
const learned = Float64Array.from({ length: 2_000 }, (_, row) => (row * 7_919) % 100);
const seen = seenRows(['temperature', 'flow'], [learned, learned], 1_000);

/** `days` of rows from a day on. */
function push(recent: RecentRows, from: number, days: number, row: (at: number) => [number, number], mode = 0) {
  for (let at = 0; at < days * PER_DAY; at++) {
    const values = Float64Array.from(row(at));
    recent.push((from * PER_DAY + at + 1) * EVERY, values, mode, values.every(Number.isFinite));
  }
}
const usual = (at: number): [number, number] => [learned[at % 2_000], learned[at % 2_000]];

it.each<[string, (at: number) => [number, number], number, string[]]>([
  ['rows as they were learned from', usual, 0, []],
  [
    'warm days',
    (at) => [usual(at)[0] + 30, usual(at)[1]],
    0,
    ['30 % of the rows of the last 7 days lie outside what the model has seen: temperature.'],
  ],
  [
    'other operation',
    usual,
    -1,
    ['100 % of the rows of the last 7 days are in operating modes that the model has not seen.'],
  ],
  [
    'a sensor that is gone',
    (at) => [usual(at)[0], Number.NaN],
    0,
    ['100 % of the rows of the last 7 days have no score: flow.'],
  ],
  [
    'less of one value than before',
    (at) => [usual(at)[0], 90 + (at % 9)],
    0,
    ['What comes is spread otherwise than what was learned from: flow.'],
  ],
])('of %s it is said', (_what, row, mode, says) => {
  const recent = new RecentRows(seen, ['temperature', 'flow']);
  push(recent, 20_000, 7, row, mode);
  expect(recent.health()).toMatchObject({ rows: 7 * PER_DAY, days: 7, says });
});

it('a few rows say nothing, and old ones nothing any more', () => {
  const recent = new RecentRows(seen, ['temperature', 'flow']);
  push(recent, 20_000, 0.5, () => [500, 500]);
  expect(recent.health().says).toEqual([]);
  push(recent, 20_001, 1, () => [500, 500]);
  expect(recent.health().says).toHaveLength(1);
  push(recent, 20_008, 7, usual);
  expect(recent.health()).toMatchObject({ outside: 0, says: [] });
});

it('goes on after a restart, but not with rows of another model', () => {
  const names = ['temperature', 'flow'];
  const [whole, first] = [new RecentRows(seen, names), new RecentRows(seen, names)];
  push(whole, 20_000, 2, usual);
  push(first, 20_000, 2, usual);
  const state = JSON.parse(JSON.stringify(first.state()));
  const second = new RecentRows(seen, names, state);
  push(whole, 20_002, 1, usual);
  push(second, 20_002, 1, usual);
  expect(second.health()).toEqual(whole.health());
  const other = seenRows(['flow'], [learned], 1_000);
  for (const wrong of [state, 7, [{ day: 'x' }], null]) {
    expect(new RecentRows(other, names, wrong).health().rows).toBe(0);
  }
});
