import { expect, it } from 'vitest';
import { byUrgency } from './byUrgency.ts';
import { groupFor } from './caseGroup.ts';
import { granted, runningKeeper } from './testbed/runningKeeper.ts';
import { crack, DAY, NOW, standing } from './testbed/standings.ts';

const MINUTE = 60e6;

/** One of ten kinds of equipment in ten places. */
function watched(number: number) {
  const assetPath = `acme/north/area-${number % 10}/unit-${Math.floor(number / 10)}`;
  return { id: `U-${number}/joint`, asset: `U-${number}`, assetPath };
}

it.each<[string, string, string, boolean]>([
  ['neighbours', 'acme/north/train-1/motor', 'acme/north/train-1/pump', true],
  ['parts of one site', 'acme/north/train-1/motor', 'acme/north/utilities/substation/supply', true],
  ['an asset and what is in it', 'acme/north/train-1', 'acme/north/train-1/motor', true],
  ['two sites', 'acme/north/train-1', 'acme/south/train-1', false],
  ['assets under one parent near the top', 'north/pump-1', 'north/pump-2', true],
  ['assets under two parents near the top', 'north/pump-1', 'south/pump-2', false],
  ['assets at the top', 'pump-1', 'pump-2', true],
])('%s may have a cause in common, or not', (_what, a, b, expected) => {
  expect(groupFor(a, [{ assetPath: b, first: 7 }]) === 7).toBe(expected);
});

it('makes one group of a hundred watches that a dip of the power sets off, which hides no other case', async () => {
  const { keeper, store, told, clock } = runningKeeper();
  keeper.see(crack({ time: NOW - DAY, watch: { assetPath: 'acme/north/utilities/supply' } }));
  keeper.see(crack({ watch: { ...watched(500), assetPath: 'acme/south/unit' } }));
  for (const number of Array(100).keys()) {
    const time = NOW + (number % 3) * MINUTE;
    granted(keeper.see(crack({ watch: watched(number), medianDays: 62 + number, time })));
  }
  await clock.advance(60_000);

  const cases = granted(store.list({}));
  expect(cases).toHaveLength(102);
  const ranked = byUrgency(cases, NOW);
  const [first] = ranked.filter(({ group }) => group !== undefined);
  expect(first.group).toEqual({ first: 3, count: 100, place: 'acme/north', since: NOW });
  expect(first.why).toBe(
    'major (weight 10), and at the least 39 days left; began with 99 others of acme/north: look for one cause',
  );
  expect(ranked.filter(({ group }) => group !== undefined)).toHaveLength(100);
  expect(ranked.slice(0, 3).map(({ case: { assetPath } }) => assetPath)).toEqual([
    ...['acme/north/utilities/supply', 'acme/south/unit', 'acme/north/area-0/unit-0'],
  ]);

  const opened = told.filter(({ kind }) => kind === 'health.case-opened');
  expect(opened).toHaveLength(4);
  const numbers = Array.from({ length: 20 }, (_, place) => place + 4).join(', ');
  expect(opened.at(-1)).toMatchObject({
    source: 'acme/north',
    detail: `cases ${numbers} and 79 more began with case 3: look for what they have in common first`,
  });
});

it('is the same in whatever order a server that catches up sees them, and over a restart', () => {
  const running = runningKeeper();
  const { keeper, store } = running;
  // Days of one watch come before the same days of the next.
  for (const number of [1, 2, 3]) {
    for (const day of [-2, 0, 1]) {
      if (day === 0) keeper.see(crack({ watch: watched(number) }));
      else keeper.see(standing({ watch: watched(number), time: NOW + day * DAY }));
    }
  }
  const groups = () => byUrgency(granted(store.list({})), NOW).map(({ group }) => group?.count);
  expect(groups()).toEqual([3, 3, 3]);
  expect(granted(keeper.beganWith(2))).toEqual([1, 3]);
  granted(keeper.close(1, { comment: 'the power dipped', by: 'Ada' }));
  expect(granted(keeper.beganWith(2))).toEqual([3]);
  // What remains of it are too few to speak of, and what comes then still belongs to it.
  expect(groups()).toEqual([undefined, undefined]);
  keeper.see(crack({ watch: watched(4), time: NOW + 10 * MINUTE }));
  expect(granted(store.get(4)).beganWith).toBe(1);
  keeper.see(crack({ watch: watched(5), time: NOW + 21 * MINUTE }));
  expect(granted(store.get(5)).beganWith).toBeUndefined();
});

it('tells two cases that begin together one by one', async () => {
  const { keeper, told, clock } = runningKeeper();
  for (const number of [1, 2]) keeper.see(crack({ watch: watched(number) }));
  await clock.advance(60_000);
  expect(told.map(({ detail }) => detail?.slice(0, 7))).toEqual(['case 1:', 'case 2:']);
});
