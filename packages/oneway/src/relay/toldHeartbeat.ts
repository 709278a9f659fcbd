/**
 * What a relay says of a stream: what the gateway said last, by its own clock, and what waits or was lost in the relay.
 *
 * Invariant: the oldest block it names is never newer than one that may still come. Of what is newer than the head that the
 * gateway has named nothing is known until it speaks again.
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import type { SpoolDepth } from '@tidegate/core/port/blockSource.ts';

/** The newest block that the relay has ever taken. */
export interface NewestBlock extends BlockPosition {
  readonly sealedAt: Timestamp;
  readonly tally: Tally;
}

/** What the relay knows itself. */
export interface RelayAccount {
  readonly newest: NewestBlock | undefined;
  /** Of what waits in the relay. */
  readonly oldest: BlockPosition | undefined;
  readonly depth: SpoolDepth;
  /** What came since the gateway was heard: it waits at the gateway no more. */
  readonly arrived: SpoolDepth;
  /** Samples that were lost in the relay. */
  readonly expired: number;
  readonly damaged: number;
}

const BEFORE_ALL: BlockPosition = { epoch: 0, sequence: 0 };
const NOTHING: SpoolDepth = { blocks: 0, samples: 0, bytes: 0 };

/** `heard`: the last heartbeat of the gateway. */
export function toldHeartbeat(heard: Heartbeat | undefined, account: RelayAccount): Heartbeat {
  const { newest, expired, damaged, depth, arrived } = account;
  const tally = heard?.tally ?? newest?.tally ?? EMPTY_TALLY;
  return {
    at: heard?.at ?? newest?.sealedAt ?? (0 as Timestamp),
    head: later(heard?.head, newest),
    oldest: earlier(account.oldest, oldestAtGateway(heard, newest)),
    depth: plus(depth, minus(heard?.depth ?? NOTHING, arrived)),
    tally: { ...tally, expired: tally.expired + expired, damaged: tally.damaged + damaged },
    policy: heard?.policy,
  };
}

/** The oldest block that may still come from the gateway; `undefined` where none may. */
export function oldestAtGateway(
  heard: Heartbeat | undefined,
  newest: BlockPosition | undefined,
): BlockPosition | undefined {
  if (heard?.oldest) return heard.oldest;
  if (!newest) return undefined;
  if (!heard?.head) return BEFORE_ALL;
  if (comparePositions(newest, heard.head) <= 0) return undefined;
  return { epoch: heard.head.epoch, sequence: heard.head.sequence + 1 };
}

function earlier(a: BlockPosition | undefined, b: BlockPosition | undefined): BlockPosition | undefined {
  return a && b ? positionOf(comparePositions(a, b) < 0 ? a : b) : positionOf(a ?? b);
}

function later(a: BlockPosition | undefined, b: BlockPosition | undefined): BlockPosition | undefined {
  return a && b ? positionOf(comparePositions(a, b) > 0 ? a : b) : positionOf(a ?? b);
}

function positionOf(position: BlockPosition | undefined): BlockPosition | undefined {
  return position && { epoch: position.epoch, sequence: position.sequence };
}

function plus(a: SpoolDepth, b: SpoolDepth): SpoolDepth {
  return { blocks: a.blocks + b.blocks, samples: a.samples + b.samples, bytes: a.bytes + b.bytes };
}

function minus(a: SpoolDepth, b: SpoolDepth): SpoolDepth {
  return {
    blocks: Math.max(0, a.blocks - b.blocks),
    samples: Math.max(0, a.samples - b.samples),
    bytes: Math.max(0, a.bytes - b.bytes),
  };
}
