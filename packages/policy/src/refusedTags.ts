/** The tags that came and may not cross: how often, and when first and last. As many as fit into memory. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';

/**
 * `undeclared`: the policy does not let it cross. `owned`: another gateway has its path. `foreign`: it reports on something
 * else than the gateway itself.
 */
export type TagRefusal = 'undeclared' | 'owned' | 'foreign';

export interface RefusedTag {
  readonly gateway: string;
  readonly path: string;
  readonly lane: Lane;
  readonly reason: TagRefusal;
  /** 0 where only its definition has come. */
  samples: number;
  readonly firstAt: Timestamp;
  lastAt: Timestamp;
}

/** A hostile or broken gateway may name any number of tags. */
const MAX_TAGS = 1_000;

export class RefusedTags {
  readonly #tags = new Map<string, RefusedTag>();
  #others = 0;

  add(
    { gateway, path, lane, reason }: Pick<RefusedTag, 'gateway' | 'path' | 'lane' | 'reason'>,
    samples: number,
    at: Timestamp,
  ): void {
    const key = `${gateway} ${reason} ${path}`;
    const known = this.#tags.get(key);
    if (known) {
      known.samples += samples;
      known.lastAt = at;
    } else if (this.#tags.size < MAX_TAGS) {
      this.#tags.set(key, { gateway, path, lane, reason, samples, firstAt: at, lastAt: at });
    } else this.#others += samples;
  }

  /** In the order in which they came first. */
  list(): readonly RefusedTag[] {
    return [...this.#tags.values()];
  }

  /** Samples of tags that are not in the list, because it was full. */
  get others(): number {
    return this.#others;
  }
}
