/** How a frame that was mutated is made good enough to be let in, so that what lies deeper is reached. */

import type { Random } from '../random.ts';

/**
 * Gives `frame` right checksums, lengths and addresses, as far as chance wants it to. `request` is what the driver has sent
 * last; absent where nothing was, and where a dissector is tried.
 */
export type Repair = (frame: Buffer, random: Random, request: Uint8Array | undefined) => Uint8Array;
