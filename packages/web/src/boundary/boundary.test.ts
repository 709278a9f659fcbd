import { expect, it } from 'vitest';
import { accountOf, sumOf } from './streamAccount.ts';
import { flowOf, lastHeardMs, StreamRates, spoolFill } from './streamFlow.ts';
import { stream, tally } from './testbed/boundaryStream.ts';

it('accounts for what waits as in flight, by the newest word of the gateway', () => {
  expect(accountOf(stream({}, 20))).toEqual({
    read: 154,
    suppressed: 25,
    compressed: 4,
    refused: 5,
    forbidden: 3,
    accepted: 120,
    baseline: 0,
    stored: 100,
    undeclared: 0,
    lost: 0,
    inFlight: 20,
    unexplained: 0,
    balanced: true,
  });
  expect(accountOf(stream({ tally: tally(300), stored: 300 }, 20))).toMatchObject({ accepted: 300, inFlight: 0 });
  expect(accountOf(stream({ heartbeat: null }))).toMatchObject({ accepted: 100, inFlight: 0 });
  expect(accountOf(stream({ stored: 60, undeclared: 10, pending: 30 }, 20))).toMatchObject({
    inFlight: 50,
    undeclared: 10,
  });
});

it('balances only where the server and the gateway do', () => {
  expect(accountOf(stream({ balanced: false, unexplained: 3 })).balanced).toBe(false);
  expect(accountOf(stream({ heartbeat: null, tally: { ...tally(100), read: 135 } })).balanced).toBe(false);
  const good = accountOf(stream());
  expect(sumOf([good, good])).toMatchObject({ read: 268, stored: 200, balanced: true });
  expect(sumOf([good, { ...good, balanced: false }]).balanced).toBe(false);
});

it.each([
  ['flowing', stream(), 12],
  ['quiet', stream(), 0],
  ['closed', stream({ connected: false }, 500), 12],
  ['behind', stream({ lagMs: 60_000 }, 500), 12],
  ['behind', stream({ pending: 500 }), 12],
  ['quiet', stream({ lagMs: 60_000 }, 0), 0],
] as const)('a lane is %s', (kind, state, rate) => {
  expect(flowOf(state, rate).kind).toBe(kind);
});

it('knows when the gateway was last heard of', () => {
  expect(lastHeardMs(stream())).toBe(2_000);
  expect(lastHeardMs(stream({ heartbeat: null }))).toBe(1_080);
});

it('measures the rate over the last seconds, and gives none after a restart of the count', () => {
  const rates = new StreamRates();
  const say = (second: number, stored: number) => rates.take({ at: second * 1_000_000, streams: [stream({ stored })] });
  say(0, 0);
  expect(rates.perSecond('station-1/operational')).toBe(0);
  for (let second = 1; second <= 20; second++) say(second, second < 10 ? second * 1_000 : 10_000 + (second - 10) * 50);
  expect(rates.perSecond('station-1/operational')).toBe(50);
  expect(rates.perSecond('station-2/operational')).toBe(0);
  say(21, 0);
  expect(rates.perSecond('station-1/operational')).toBe(0);
});

it.each([
  [0, 0],
  [9_999, 4 / 7],
  [10 ** 9, 1],
])('a spool of %i samples is drawn %d full', (samples, fill) => {
  expect(spoolFill(samples)).toBeCloseTo(fill);
});
