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
  isInside,
  type Loss,
  lossOf,
  samplesIn,
} from './hole.ts';

/** State of one lane of one gateway, as the server knows it. */
export interface StreamLedger extends StreamName {
  /** The oldest block that is held durably, and the newest. */
  readonly first: BlockPosition;
  readonly position: BlockPosition;
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
  /** Samples that came and were left out, because the policy does not declare their tags. */
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
  const ledger = before ? makeRoom(before, header, receivedAt) : beginWith(header);
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
  const losses = closed.map((hole) => {
    const told = lossOf(hole, heard, explained, at);
    explained = told.explained;
    return told.loss;
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
  return {
    ...{ gateway, lane, tally, sealedAt, position, first: position, receivedAt: sealedAt, heartbeat: undefined },
    ...{ baseline: tally.accepted - count, stored: 0, undeclared: 0, lost: 0, repeated: 0, holes: [], losses: [] },
    explained: explainedBy(tally),
  };
}

/** The account with all that the block of `header` tells of the blocks around it, and not yet with its own samples. */
function makeRoom(before: StreamLedger, header: BlockHeader, at: Timestamp): StreamLedger {
  if (comparePositions(header, before.position) > 0) return goOnTo(before, header, at);
  if (comparePositions(header, before.first) > 0) return { ...before, holes: fillHole(before.holes, header) };
  // The newest run came first: what this server missed begins with what waits before it.
  const { first, baseline, holes } = before;
  const { tally, count, sealedAt } = header;
  const hole = { after: positionOf(header), before: first, from: tally.accepted, to: baseline, sealedAt };
  return {
    ...before,
    first: positionOf(header),
    baseline: tally.accepted - count,
    holes: hole.to > hole.from ? [hole, ...holes] : holes,
    explained: explainedBy(tally),
  };
}

/** What the block of `header`, behind all others, tells of those that should have come between it and the newest one. */
function goOnTo(before: StreamLedger, header: BlockHeader, at: Timestamp): StreamLedger {
  const { position, tally, sealedAt, holes } = before;
  const acceptedBefore = header.tally.accepted - header.count;
  const hole = { after: position, before: positionOf(header), from: tally.accepted, to: acceptedBefore, sealedAt };
  if (acceptedBefore >= tally.accepted) {
    // Within an epoch a count that moves without a gap is nobody's loss: it must show as unexplained.
    const isGap = header.epoch !== position.epoch || header.sequence > position.sequence + 1;
    return isGap && hole.to > hole.from ? { ...before, holes: [...holes, hole] } : before;
  }
  if (header.epoch === position.epoch) return before;
  // The count began again at 0, and this server was already there: of the old one nothing comes any more.
  const ended = giveUp(before, holes, { tally }, at);
  return {
    ...ended,
    baseline: -(ended.stored + ended.undeclared + ended.lost),
    holes: acceptedBefore > 0 ? [{ ...hole, from: 0 }] : [],
    explained: NOTHING_EXPLAINED,
  };
}

const NOTHING_EXPLAINED: ExplainedLosses = { expired: 0, damaged: 0 };

function explainedBy({ expired, damaged }: Tally): ExplainedLosses {
  return { expired, damaged };
}

function positionOf({ epoch, sequence }: BlockPosition): BlockPosition {
  return { epoch, sequence };
}
