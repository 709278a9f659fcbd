/** What the boundary's policy says of tags at this end: without one, everything that a gateway sends is taken. */

import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { StoredTag } from './storedTag.ts';

/** How a block comes in. */
export interface BlockArrival {
  readonly lane: Lane;
  /** A newer block of its stream is here already. */
  readonly isBehind: boolean;
  /** By the clock of the gateway, µs. */
  readonly sealedAt: number;
  /** By a clock of the server that never goes back. */
  readonly arrivedMs: number;
}

/** What of a block is within the rates that are declared. */
export interface RateCut {
  readonly rows: readonly number[];
  /** How many samples are not, by what the admission counts them under. */
  readonly refused: ReadonlyMap<number, number>;
}

export interface Admission {
  admits(gateway: string, path: string, lane: Lane): boolean;
  /** Told of a tag that may not cross: when its definition comes (0 samples), and of samples that were left out. */
  refused(gateway: string, path: string, lane: Lane, samples: number): void;
  /**
   * What of a block may be stored by the rates that are declared, of which it uses that up; `undefined` where all of it may.
   * Of row `i` the tag is `known[tags[i]]`; `revision` as of `taken`.
   */
  withinRates(
    arrival: BlockArrival,
    tags: Uint32Array,
    known: readonly StoredTag[],
    revision: number,
  ): RateCut | undefined;
  /** Told of what `withinRates` has left out. */
  exceeded(refused: ReadonlyMap<number, number>): void;
  /** Told of samples that were stored: of row `i` the index is `tags[i]`. `revision` changes when any of `known` has. */
  taken(tags: Uint32Array, known: readonly StoredTag[], revision: number): void;
}
