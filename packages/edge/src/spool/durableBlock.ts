/** What those are told who account for the blocks of a lane: of each one, once it is durable. */

import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';

/** The tally is that of the header; the bytes are good as long as the call takes. */
export type DurableBlock = Pick<BlockHeader, 'epoch' | 'sequence' | 'count' | 'tally'>;

/** Called in the order of positions: first for the blocks that are found on disk, acknowledged or not, then for each new one. */
export type DurableListener = (block: DurableBlock, bytes: Uint8Array) => void;
