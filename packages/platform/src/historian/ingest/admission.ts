/** What the boundary's policy says of tags at this end, and who is told of what is not taken. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { StoredTag } from './storedTag.ts';
import type { ClaimRefusal } from './tagClaims.ts';

/** `undeclared`: the policy does not let it cross. The others as of `TagClaims`. */
export type RefusalReason = 'undeclared' | ClaimRefusal;

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
  /** There is no policy: of samples that come before their definition, too, all are taken. */
  readonly isOpen: boolean;
  /** Told once a second by which policy a gateway goes, as of `Heartbeat.policy`, and when it said so. */
  heard(gateway: string, policy: string | undefined, at: Timestamp): void;
  admits(gateway: string, path: string, lane: Lane): boolean;
  /** Told of a tag that is not taken: when its definition comes (0 samples), and of samples that were left out. */
  refused(gateway: string, path: string, lane: Lane, samples: number, reason: RefusalReason): void;
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
