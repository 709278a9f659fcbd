/** A tag as this server knows it: the gateway's definition under a number of the server's own. */

import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

/** Number of a tag within this server, assigned once and never used again; dense, from 0. */
export type TagIndex = number;

export interface StoredTag extends TagDefinition {
  readonly index: TagIndex;
  readonly gateway: string;
}
