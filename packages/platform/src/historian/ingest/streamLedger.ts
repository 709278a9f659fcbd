/** The receiving half of the ledger: what of a gateway's lane has arrived, and what is known never to arrive. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat, StreamName } from '@tidegate/core/port/blockSink.ts';

/** State of one lane of one gateway, as the server knows it. */
export interface StreamLedger extends StreamName {
  /** The last block that is held durably. */
  readonly position: BlockPosition;
  /** Samples held in the archive or in its log. */
  readonly stored: number;
  /** Samples in blocks that never came: expired or damaged at the gateway. */
  readonly lost: number;
  /** Samples in blocks that came again and were dropped as already held. */
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
  return ledger.tally.accepted - ledger.stored - ledger.lost;
}
