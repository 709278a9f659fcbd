/** A tag as this server knows it: the definition under a number of the server's own. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

/** Number of a tag within this server, assigned once and never used again; dense, from 0. */
export type TagIndex = number;

/**
 * The stream of the server itself, by which imports come, stands where others have the name of a gateway. No gateway can
 * bear it: their names have no `$`. Samples of this stream name their tag, whosever it is, by its index.
 */
export const SERVER_STREAM = '$server';

export interface StoredTag extends TagDefinition {
  readonly index: TagIndex;
  /** Name of the gateway that defines it, or `SERVER_STREAM`. */
  readonly gateway: string;
}

/** What a tag was defined as, from a moment on. */
export interface TagVersion {
  /** When the server learned it; 0 for what it knew before it kept versions. */
  readonly recordedAt: Timestamp;
  /** Who said so: a gateway, or a user. */
  readonly by: string;
  readonly definition: TagDefinition;
}
