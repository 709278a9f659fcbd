/** What a relay may say of what it has not got itself. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { describe, expect, it } from 'vitest';
import { type RelayAccount, toldHeartbeat } from './toldHeartbeat.ts';

const at = (epoch: number, sequence: number) => ({ epoch, sequence });
const NOTHING = { blocks: 0, samples: 0, bytes: 0 };
const tally = { ...EMPTY_TALLY, read: 100, accepted: 100, expired: 3 };
const heard: Heartbeat = {
  at: 5_000 as Timestamp,
  head: at(2, 9),
  oldest: undefined,
  depth: NOTHING,
  tally,
  policy: 'ab'.repeat(16),
};
const newest = (epoch: number, sequence: number) => ({ ...at(epoch, sequence), sealedAt: 4_000 as Timestamp, tally });
const empty: RelayAccount = {
  newest: undefined,
  oldest: undefined,
  depth: NOTHING,
  arrived: NOTHING,
  expired: 0,
  damaged: 0,
};

describe('the oldest block that may still come', () => {
  it.each([
    ['nothing is known', undefined, {}, undefined],
    ['nothing waits anywhere', heard, { newest: newest(2, 9) }, undefined],
    ['it waits in the relay', heard, { newest: newest(2, 9), oldest: at(1, 4) }, at(1, 4)],
    ['it waits at the gateway', { ...heard, oldest: at(1, 2) }, { newest: newest(2, 9), oldest: at(2, 0) }, at(1, 2)],
    ['what came is newer than what was heard', heard, { newest: newest(3, 0) }, at(2, 10)],
    ['the gateway has not been heard since the relay began', undefined, { newest: newest(3, 0) }, at(0, 0)],
  ] as const)('%s', (_name, gateway, account, oldest) => {
    expect(toldHeartbeat(gateway, { ...empty, ...account }).oldest).toEqual(oldest);
  });
});

it('tells the time, the policy and the counts of the gateway, and adds what was lost in the relay', () => {
  const told = toldHeartbeat(heard, { ...empty, newest: newest(2, 9), expired: 20, damaged: 4 });
  expect(told).toMatchObject({ at: 5_000, head: at(2, 9), policy: heard.policy });
  expect(told.tally).toEqual({ ...tally, expired: 23, damaged: 4 });
});

it('counts what waits at the gateway and in the relay once, also while it moves from one to the other', () => {
  const depth = { blocks: 10, samples: 100, bytes: 1_000 };
  const arrived = { blocks: 4, samples: 40, bytes: 400 };
  expect(toldHeartbeat({ ...heard, depth }, { ...empty, depth: arrived, arrived }).depth).toEqual(depth);
});
