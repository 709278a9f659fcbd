/** The receiving half of the ledger: what of a gateway's lane has arrived, and what is known never to arrive. */

import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat, StreamName } from '@tidegate/core/port/blockSink.ts';

/** State of one lane of one gateway, as the server knows it. */
export interface StreamLedger extends StreamName {
  /** The last block that is held durably. */
  readonly position: BlockPosition;
  /**
   * By how much the gateway's count of accepted samples is ahead of this account for a reason that is no loss: what it had
   * accepted before the first block that this server ever got of the stream (a new server joins a running gateway), less
   * what this server already held when the gateway began to count anew (its spool directory was removed; then negative).
   */
  readonly baseline: number;
  /** Samples held in the archive or in its log. */
  readonly stored: number;
  /** Samples in blocks that never came: expired or damaged at the gateway. */
  readonly lost: number;
  /** Samples that came and were left out, because the policy does not declare their tags. */
  readonly undeclared: number;
  /** Samples in blocks that came again and were dropped as already held. Counted since the last start or segment. */
  readonly repeated: number;
  /** The gateway's own account when it sealed the last block held. */
  readonly tally: Tally;
  readonly sealedAt: Timestamp;
  readonly receivedAt: Timestamp;
  readonly heartbeat: Heartbeat | undefined;
}

/**
 * Samples that the account does not explain: 0 in a ledger that balances. What the gateway had accepted when it sealed the
 * last block must be here or be known to be lost.
 */
export function unexplained(ledger: StreamLedger): number {
  const { tally, baseline, stored, undeclared, lost } = ledger;
  return tally.accepted - baseline - stored - undeclared - lost;
}

/**
 * The account of a stream that began with the block of `header`, or of `before` when that block has been added, of whose
 * samples so many were left out.
 */
export function addBlock(
  before: StreamLedger | undefined,
  header: BlockHeader,
  receivedAt: Timestamp,
  leftOut = 0,
): StreamLedger {
  const { gateway, lane, epoch, sequence, count, tally, sealedAt } = header;
  const stored = (before?.stored ?? 0) + count - leftOut;
  const undeclared = (before?.undeclared ?? 0) + leftOut;
  return {
    ...accountGap(before, header),
    ...{ gateway, lane, tally, sealedAt, receivedAt, stored, undeclared },
    position: { epoch, sequence },
    repeated: before?.repeated ?? 0,
    heartbeat: before?.heartbeat,
  };
}

/** What the block of `header` tells of the blocks that should have come between it and the last one. */
function accountGap(before: StreamLedger | undefined, header: BlockHeader): Pick<StreamLedger, 'baseline' | 'lost'> {
  const acceptedBefore = header.tally.accepted - header.count;
  if (!before) return { baseline: acceptedBefore, lost: 0 };
  const { baseline, lost, stored, undeclared, tally, position } = before;
  const missing = acceptedBefore - tally.accepted;
  if (header.epoch === position.epoch) {
    // Within an epoch a count that moves without a gap, or backwards, is nobody's loss: it must show as unexplained.
    const isGap = header.sequence > position.sequence + 1;
    return { baseline, lost: isGap ? lost + Math.max(missing, 0) : lost };
  }
  if (missing >= 0) return { baseline, lost: lost + missing };
  // The count began again at 0, and this server was already there: whatever it has not got of the new count is lost.
  return { baseline: -(stored + undeclared + lost), lost: lost + acceptedBefore };
}

/** Whether a block at `position` is already accounted for. */
export function isRepetition(last: BlockPosition | undefined, position: BlockPosition): boolean {
  return last !== undefined && comparePositions(position, last) <= 0;
}
