import { expect, it } from 'vitest';
import { changeView, FIRST_VIEW, shownSpan, type TrendAction, zoomed } from './trendWindow.ts';

const NOW = 10_000_000;
const after = (...actions: TrendAction[]) => shownSpan(actions.reduce(changeView, FIRST_VIEW), NOW);

it.each<[string, TrendAction[], readonly [number, number]]>([
  ['follows the present', [], [NOW - 300_000, NOW]],
  ['changes its window in one step', [{ kind: 'window', windowMs: 60_000 }], [NOW - 60_000, NOW]],
  ['is held still', [{ kind: 'hold', nowMs: 9_000_000 }], [8_700_000, 9_000_000]],
  ['zooms', [{ kind: 'zoom', startMs: 9_900_000, endMs: 9_950_000 }], [9_900_000, 9_950_000]],
  ['does not zoom into nothing', [{ kind: 'zoom', startMs: 9_900_000, endMs: 9_900_001 }], [NOW - 300_000, NOW]],
  [
    'returns from a zoom to where it was held',
    [{ kind: 'hold', nowMs: 9_000_000 }, { kind: 'zoom', startMs: 1, endMs: 1_000 }, { kind: 'reset' }],
    [8_700_000, 9_000_000],
  ],
  [
    'follows again when asked to, out of a zoom too',
    [{ kind: 'hold', nowMs: 9_000_000 }, { kind: 'zoom', startMs: 1, endMs: 1_000 }, { kind: 'follow' }],
    [NOW - 300_000, NOW],
  ],
  [
    'follows again with a new window',
    [
      { kind: 'hold', nowMs: 9_000_000 },
      { kind: 'window', windowMs: 60_000 },
    ],
    [NOW - 60_000, NOW],
  ],
])('the trend %s', (_, actions, expected) => {
  expect(after(...actions)).toEqual(expected);
});

it('zooms around a moment that stays where it is', () => {
  expect(zoomed([0, 100], 0.5, 25)).toEqual({ startMs: 12.5, endMs: 62.5 });
});
