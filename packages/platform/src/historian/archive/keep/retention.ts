/** How long the samples of which tags are kept. */

import { posix } from 'node:path';
import type { StoredTag } from '../../ingest/storedTag.ts';

export interface RetentionRule {
  /** Pattern of tag paths, as of a shell: `*` is a segment or a part of one, `**` any number of them. */
  readonly tags: string;
  /** In microseconds; `Infinity` keeps for ever. */
  readonly keepUs: number;
}

/** By tag the time before which samples have expired at `now` (µs): of the first rule that fits, and never where none does. */
export function keepFrom(rules: readonly RetentionRule[], tags: readonly StoredTag[], now: number): Float64Array {
  return Float64Array.from(tags, ({ path }) => {
    const rule = rules.find(({ tags: pattern }) => posix.matchesGlob(path, pattern));
    return rule ? now - rule.keepUs : Number.NEGATIVE_INFINITY;
  });
}
