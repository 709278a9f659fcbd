/** What a spool notes beside its journal: how far it has been acknowledged, and what has been counted already. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { Stretch } from './settledSamples.ts';

export interface SpoolState {
  /** The newest block that the other side is known to hold. */
  readonly acknowledged: BlockPosition | undefined;
  /** The newest durable block when the state was written, and the tally up to and including it. */
  readonly newest: (BlockPosition & { readonly tally: Tally }) | undefined;
  /** Stretches of the accepted samples that are accounted for: acknowledged, expired or damaged. */
  readonly settled: readonly Stretch[];
  /** Of the tally: what has been counted since the newest block was sealed is in no header yet. */
  readonly expired: number;
  readonly damaged: number;
  /** Records below this have expired, also where their segment is still there. */
  readonly droppedBelow: number;
}
