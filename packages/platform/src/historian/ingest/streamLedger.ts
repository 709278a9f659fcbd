/** The receiving half of the ledger: what of a gateway's lane has arrived, what may still come, and what never will. */

import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat, Role, StreamName } from '@tidegate/core/port/blockSink.ts';
import {
  type ExplainedLosses,
  fillHole,
  type Hole,
  isClosedBy,
  isCountedAnew,
  isInside,
  isOpen,
  type Loss,
  lossOf,
  samplesIn,
  samplesOf,
} from './hole.ts';

/** State of one lane of one gateway, as the server knows it. */
export interface StreamLedger extends StreamName {
  /** The oldest block that is held durably, and the newest. */
  readonly first: BlockPosition;
  readonly position: BlockPosition;
  /** What the gateway had accepted before the block `first`. */
  readonly acceptedBefore: number;
  /**
   * By how much the gateway's count of accepted samples is ahead of this account for a reason that is no loss: what it had
   * accepted before the first block that is held (a new server joins a running gateway), less what this server already
   * held when the gateway began to count anew (its spool directory was removed; then negative).
   */
  readonly baseline: number;
  /** Samples held in the archive or in its log. */
  readonly stored: number;
  /** Samples in blocks that never came: expired or damaged at the gateway, or lost on a diode. */
  readonly lost: number;
  /** Samples that came and were left out, because the policy does not declare their tags, or not so many of a flow. */
  readonly undeclared: number;
  /** Samples in blocks that came again and were dropped as already held. Counted since the last start or segment. */
  readonly repeated: number;
  /** What is missing before `position` and may still come, in order. */
  readonly holes: readonly Hole[];
  /** What was lost last, oldest first. */
  readonly losses: readonly Loss[];
  /** Of the gateway's counts, what losses explain, or what is older than this account. */
  readonly explained: ExplainedLosses;
  /** The gateway's own account when it sealed the newest block held. */
  readonly tally: Tally;
  /** Of the newest block held. */
  readonly sealedAt: Timestamp;
  readonly receivedAt: Timestamp;
  readonly heartbeat: Heartbeat | undefined;
}

/** So many of the last losses are told one by one; `lost` counts all of them. */
const MAX_LOSSES = 100;

/** Samples before the newest block held that may still come. */
export function pending({ holes }: StreamLedger): number {
  return samplesIn(holes);
}

/**
 * Samples that the account does not explain: 0 in a ledger that balances. What the gateway had accepted when it sealed the
 * newest block must be here, be known to be lost, or be known to be missing still.
 */
export function unexplained(ledger: StreamLedger): number {
  const { tally, baseline, stored, undeclared, lost } = ledger;
  return tally.accepted - baseline - stored - undeclared - lost - pending(ledger);
}

/** Whether the block at `position` is held, or lies where nothing is missing. */
export function isRepetition(ledger: StreamLedger | undefined, position: BlockPosition): boolean {
  if (!ledger || comparePositions(position, ledger.first) < 0) return false;
  return comparePositions(position, ledger.position) <= 0 && !ledger.holes.some((hole) => isInside(hole, position));
}

/** The last block up to which nothing is missing from `first` on, see `BlockSink.position`; `undefined`: `first` itself is. */
export function heldFrom(
  ledger: StreamLedger | undefined,
  first: BlockPosition,
  role: Role,
): BlockPosition | undefined {
  if (!ledger) return undefined;
  const from = role === 'live' && comparePositions(first, ledger.first) < 0 ? ledger.first : first;
  if (!isRepetition(ledger, from)) return undefined;
  return ledger.holes.find(({ after }) => comparePositions(from, after) <= 0)?.after ?? ledger.position;
}

/**
 * The account of a stream that began with the block of `header`, or of `before` when that block, which is no repetition,
 * has been added, of whose samples so many were left out.
 */
export function addBlock(
  before: StreamLedger | undefined,
  header: BlockHeader,
  receivedAt: Timestamp,
  leftOut = 0,
): StreamLedger {
  const ledger = before ? makeRoom(before, header) : beginWith(header);
  const { stored, undeclared } = ledger;
  const counted = { ...ledger, stored: stored + header.count - leftOut, undeclared: undeclared + leftOut };
  if (before && comparePositions(header, before.position) < 0) return counted;
  return { ...counted, position: positionOf(header), tally: header.tally, sealedAt: header.sealedAt, receivedAt };
}

/** The account when the gateway has been heard: what it says will never come is lost. */
export function closeHoles(ledger: StreamLedger, heartbeat: Heartbeat, at: Timestamp): StreamLedger {
  const closed = ledger.holes.filter((hole) => isClosedBy(hole, heartbeat));
  return closed.length === 0 ? ledger : giveUp(ledger, closed, heartbeat, at);
}

function giveUp(
  ledger: StreamLedger,
  closed: readonly Hole[],
  heard: Pick<Heartbeat, 'tally' | 'diode'>,
  at: Timestamp,
): StreamLedger {
  let { explained } = ledger;
  const losses = closed.flatMap((hole) => {
    const told = lossOf(hole, heard, explained, at);
    explained = told.explained;
    return told.loss.samples > 0 ? told.loss : [];
  });
  return {
    ...ledger,
    explained,
    holes: ledger.holes.filter((hole) => !closed.includes(hole)),
    lost: ledger.lost + samplesIn(closed),
    losses: [...ledger.losses, ...losses].slice(-MAX_LOSSES),
  };
}

function beginWith(header: BlockHeader): StreamLedger {
  const { gateway, lane, count, tally, sealedAt } = header;
  const position = positionOf(header);
  const acceptedBefore = tally.accepted - count;
  return {
    ...{ gateway, lane, tally, sealedAt, position, first: position, receivedAt: sealedAt, heartbeat: undefined },
    ...{ acceptedBefore, baseline: acceptedBefore, stored: 0, undeclared: 0, lost: 0, repeated: 0 },
    ...{ holes: [], losses: [], explained: explainedBy(tally) },
  };
}

/** The account with all that the block of `header` tells of the blocks around it, and not yet with its own samples. */
function makeRoom(ledger: StreamLedger, header: BlockHeader): StreamLedger {
  if (comparePositions(header, ledger.position) > 0) return goOnTo(ledger, header);
  if (comparePositions(header, ledger.first) < 0) return goBackTo(ledger, header);
  const { holes, found } = fillHole(ledger.holes, header);
  return { ...ledger, holes, baseline: ledger.baseline - found };
}

/** The newest run came first: what this server missed begins with what waits before it. */
function goBackTo(ledger: StreamLedger, header: BlockHeader): StreamLedger {
  const { first, acceptedBefore, baseline, holes } = ledger;
  const { tally, count, sealedAt } = header;
  const hole = { after: positionOf(header), before: first, from: tally.accepted, to: acceptedBefore, sealedAt };
  return {
    ...ledger,
    first: positionOf(header),
    acceptedBefore: tally.accepted - count,
    baseline: baseline - samplesOf(hole) - count,
    holes: isOpen(hole) ? [hole, ...holes] : holes,
    explained: isCountedAnew(hole) ? ledger.explained : explainedBy(tally),
  };
}

/** What the block of `header`, behind all others, tells of those that should have come between it and the newest one. */
function goOnTo(ledger: StreamLedger, header: BlockHeader): StreamLedger {
  const { position, tally, sealedAt } = ledger;
  const to = header.tally.accepted - header.count;
  const hole = { after: position, before: positionOf(header), from: tally.accepted, to, sealedAt };
  // Within an epoch a count that moves without a gap is nobody's loss: it must show as unexplained.
  const isGap = header.epoch !== position.epoch || header.sequence > position.sequence + 1;
  const holes = isGap && isOpen(hole) ? [...ledger.holes, hole] : ledger.holes;
  if (!isCountedAnew(hole)) return { ...ledger, holes };
  const { stored, undeclared, lost } = ledger;
  const baseline = -(stored + undeclared + lost + pending(ledger));
  return { ...ledger, holes, baseline, explained: NOTHING_EXPLAINED };
}

const NOTHING_EXPLAINED: ExplainedLosses = { expired: 0, damaged: 0 };

function explainedBy({ expired, damaged }: Tally): ExplainedLosses {
  return { expired, damaged };
}

function positionOf({ epoch, sequence }: BlockPosition): BlockPosition {
  return { epoch, sequence };
}
