import { expect, it } from 'vitest';
import { accountLines, formatPart } from './accountLines.ts';
import { accountOf } from './streamAccount.ts';
import { stream, tally } from './testbed/boundaryStream.ts';

const linesOf = (...given: Parameters<typeof stream>) => accountLines(accountOf(stream(...given)));

it('shows an account in the order in which it adds up', () => {
  const lines = linesOf({ stored: 60, undeclared: 10, lost: 30 }, 20);
  expect(lines.map(({ name, count }) => `${name} ${count}`)).toEqual([
    ...['read 154', 'suppressed 25', 'compressed 4', 'refused 5', 'of these forbidden 3', 'accepted 120'],
    ...['stored 60', 'undeclared 10', 'lost 30', 'in flight 20'],
  ]);
  const count = (kind: string, from: number, to: number) =>
    lines.slice(from, to).reduce((sum, line) => sum + (line.kind === kind ? line.count : 0), 0);
  expect(count('part', 1, 5) + lines[5].count).toBe(lines[0].count);
  expect(count('part', 6, 10)).toBe(lines[5].count);
  expect(lines[6].share).toBe(0.5);
  expect(lines.filter(({ alarming }) => alarming).map(({ name }) => name)).toEqual([
    ...['refused', 'of these forbidden', 'undeclared', 'lost'],
  ]);
});

it('shows what is unexplained or elsewhere only where there is some, and no share of nothing', () => {
  expect(linesOf({ unexplained: 3, balanced: false, baseline: 7 }).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['unexplained', 'elsewhere']),
  );
  const nothing = { ...tally(0), read: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0 };
  const shares = linesOf({ tally: nothing, heartbeat: null, stored: 0 }).map(({ share }) => share);
  expect(new Set(shares)).toEqual(new Set([0]));
});

it.each([
  [0, 100, '0 %'],
  [1, 100_000, '< 0.1 %'],
  [99_999, 100_000, '> 99.9 %'],
  [100, 100, '100 %'],
  [1, 3, '33.3 %'],
])('%i of %i is %s', (count, whole, expected) => {
  expect(formatPart(count, count / whole)).toBe(expected);
});
