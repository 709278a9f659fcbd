/** How long the samples of which tags are kept. */

import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import type { StoredTag } from '../../ingest/storedTag.ts';

export interface RetentionRule {
  /** A `TagPattern`. */
  readonly tags: string;
  /** In microseconds; `Infinity` keeps for ever. */
  readonly keepUs: number;
}

const FOREVER = { keepUs: Number.POSITIVE_INFINITY };

export class Retention {
  readonly #rules: readonly { readonly pattern: TagPattern; readonly keepUs: number }[];
  /** By tag, what it was called when its rule was looked up, and for how long it is kept: to match a pattern takes long. */
  readonly #found: { readonly path: string; readonly keepUs: number }[] = [];

  constructor(rules: readonly RetentionRule[]) {
    this.#rules = rules.map(({ tags, keepUs }) => ({ pattern: new TagPattern(tags), keepUs }));
  }

  /** By tag the time before which samples have expired at `now` (µs): of the first rule that fits, and never where none does. */
  keepFrom(tags: readonly StoredTag[], now: number): Float64Array {
    return Float64Array.from(tags, ({ path }, tag) => {
      if (this.#found[tag]?.path !== path) {
        const { keepUs } = this.#rules.find(({ pattern }) => pattern.matches(path)) ?? FOREVER;
        this.#found[tag] = { path, keepUs };
      }
      return now - this.#found[tag].keepUs;
    });
  }
}
