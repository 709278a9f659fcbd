import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { describe, expect, test } from 'vitest';
import { Boundary } from '../contract/boundary.ts';
import { MemoryHistorian, streamLedger } from '../testbed/memoryHistorian.ts';
import { boundaryJson } from './boundaryJson.ts';

const SECOND = 1_000_000;
const NOW = (1_000 * SECOND) as Timestamp;
const SEALED_AT = (990 * SECOND) as Timestamp;
const RECEIVED_AT = (SEALED_AT + 80_000) as Timestamp;

function heartbeat(agoS: number, head: Heartbeat['head']): Heartbeat {
  const at = (NOW - agoS * SECOND) as Timestamp;
  return {
    at,
    head,
    oldest: undefined,
    policy: undefined,
    depth: { blocks: 0, samples: 0, bytes: 0 },
    tally: EMPTY_TALLY,
  };
}

function stream(parts: Parameters<typeof streamLedger>[0], connected?: boolean) {
  const historian = new MemoryHistorian([]);
  historian.ledgerList.push(
    streamLedger({ position: { epoch: 3, sequence: 7 }, sealedAt: SEALED_AT, receivedAt: RECEIVED_AT, ...parts }),
  );
  const connections =
    connected === undefined ? undefined : { connected: () => connected, via: () => 'dmz-1', certificates: () => [] };
  return Boundary.parse(boundaryJson(historian, connections, NOW)).streams[0];
}

describe('lag', () => {
  test.each([
    ['what the last block took, while nothing waits', heartbeat(1, { epoch: 3, sequence: 7 }), undefined, 80],
    ['the same where a spool has never held anything', heartbeat(1, undefined), undefined, 80],
    ['the age of the last block, while a newer one waits', heartbeat(1, { epoch: 3, sequence: 8 }), undefined, 10_000],
    ['the same where the newer one is of a later epoch', heartbeat(1, { epoch: 4, sequence: 0 }), undefined, 10_000],
    ['the same where heartbeats have stopped', heartbeat(6, { epoch: 3, sequence: 7 }), undefined, 10_000],
    ['the same where no heartbeat ever came', undefined, undefined, 10_000],
    ['the same where the receiver says that the lane is cut', heartbeat(1, { epoch: 3, sequence: 7 }), false, 10_000],
    ['what the last block took, where it says that it is not', heartbeat(6, { epoch: 3, sequence: 7 }), true, 80],
  ])('is %s', (_, beat, connected, lagMs) => {
    expect(stream({ heartbeat: beat }, connected).lagMs).toBe(lagMs);
  });
});

describe('balance', () => {
  test.each([
    [10, 8, 2, 0, true],
    [10, 10, 0, 0, true],
    [10, 8, 1, 1, false],
    [10, 11, 0, -1, false],
  ])('%d accepted, %d stored and %d lost leave %d', (accepted, stored, lost, unexplained, balanced) => {
    const tally = { ...EMPTY_TALLY, read: accepted, accepted };
    expect(stream({ tally, stored, lost })).toMatchObject({ unexplained, balanced });
  });
});

test('streams are in order of gateway, the operational lane first', () => {
  const historian = new MemoryHistorian([]);
  historian.ledgerList.push(
    streamLedger({ gateway: 'b', lane: 'analytical' }),
    streamLedger({ gateway: 'b', lane: 'operational' }),
    streamLedger({ gateway: 'a', lane: 'analytical' }),
  );
  const { streams } = boundaryJson(historian, undefined, NOW);
  expect(streams.map(({ gateway, lane }) => `${gateway} ${lane}`)).toEqual([
    'a analytical',
    'b operational',
    'b analytical',
  ]);
});
