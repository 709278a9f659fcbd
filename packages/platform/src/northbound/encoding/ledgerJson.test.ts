import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import { expect, test } from 'vitest';
import { SERVER_STREAM } from '../../historian/ingest/storedTag.ts';
import { Ledger } from '../contract/ledger.ts';
import { streamLedger } from '../testbed/memoryHistorian.ts';
import { ledgerJson } from './ledgerJson.ts';

const NOW = 5_000_000 as Timestamp;

function tally(read: number, suppressed: number, refused: number, accepted: number, compressed = 0): Tally {
  return { ...EMPTY_TALLY, read, suppressed, compressed, refused, accepted };
}

function beat(account: Tally) {
  return {
    at: NOW,
    head: undefined,
    oldest: undefined,
    policy: undefined,
    depth: { blocks: 0, samples: 0, bytes: 0 },
    tally: account,
  };
}

test.each([
  ['all here', tally(10, 2, 1, 7), undefined, 7, 0, { inFlight: 0, unexplained: 0, balanced: true, samplesRead: 10 }],
  ['some compressed', tally(15, 2, 1, 7, 5), undefined, 7, 0, { compressed: 5, balanced: true, samplesRead: 15 }],
  ['some lost', tally(10, 2, 1, 7), undefined, 4, 3, { inFlight: 0, unexplained: 0, balanced: true, lost: 3 }],
  [
    'on the way',
    tally(10, 3, 0, 7),
    beat(tally(25, 5, 0, 20)),
    7,
    0,
    { inFlight: 13, balanced: true, samplesRead: 25 },
  ],
  [
    'an old heartbeat',
    tally(10, 3, 0, 7),
    beat(tally(5, 2, 0, 3)),
    7,
    0,
    { inFlight: 0, samplesRead: 10, balanced: true },
  ],
  ['joined late', tally(10, 3, 0, 7), beat(tally(12, 3, 0, 9)), 3, 0, { baseline: 4, inFlight: 2, balanced: true }],
  ['one missing', tally(10, 3, 0, 7), undefined, 6, 0, { unexplained: 1, balanced: false }],
  ['one too many', tally(10, 3, 0, 7), undefined, 8, 0, { unexplained: -1, balanced: false }],
  ['a gateway that cannot count', tally(11, 3, 0, 7), undefined, 7, 0, { unexplained: 0, balanced: false }],
])('%s', (_, account, heartbeat, stored, lost, expected) => {
  const baseline = 'baseline' in expected ? expected.baseline : 0;
  const stream = streamLedger({ tally: account, heartbeat, stored, lost, baseline });
  const ledger = Ledger.parse(ledgerJson([stream], NOW));
  expect(ledger.streams[0]).toMatchObject(expected);
  expect(ledger.total).toMatchObject(expected);
  const { samplesRead, suppressed, compressed, refused, accepted, inFlight, unexplained } = ledger.total;
  expect(accepted).toBe(baseline + stored + lost + inFlight + unexplained);
  expect(samplesRead === suppressed + compressed + refused + accepted).toBe(account.read !== 11);
});

test('a surplus in one stream does not hide what another lacks', () => {
  const account = tally(10, 0, 0, 10);
  const { total } = ledgerJson(
    [streamLedger({ tally: account, stored: 9 }), streamLedger({ tally: account, stored: 11 })],
    NOW,
  );
  expect(total).toMatchObject({ unexplained: 0, balanced: false, stored: 20 });
});

test('nothing balances', () => {
  expect(Ledger.parse(ledgerJson([], NOW)).total.balanced).toBe(true);
});

test('what was imported is no gateway, and none of its sums', () => {
  const imported = streamLedger({ gateway: SERVER_STREAM, lane: 'analytical', tally: tally(5, 0, 0, 5), stored: 5 });
  const ledger = ledgerJson([imported, streamLedger({ tally: tally(2, 0, 0, 2), stored: 2 })], NOW);
  expect(ledger.streams.map(({ gateway }) => gateway)).not.toContain(SERVER_STREAM);
  expect(ledger.total).toMatchObject({ stored: 2, balanced: true });
});
