/** What the boundary's policy says of tags at this end: without one, everything that a gateway sends is taken. */

import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { StoredTag } from './storedTag.ts';

export interface Admission {
  admits(gateway: string, path: string, lane: Lane): boolean;
  /** Told of a tag that may not cross: when its definition comes (0 samples), and of samples that were left out. */
  refused(gateway: string, path: string, lane: Lane, samples: number): void;
  /** Told of samples that were stored: of row `i` the index is `tags[i]`. `revision` changes when any of `known` has. */
  taken(tags: Uint32Array, known: readonly StoredTag[], revision: number): void;
}
