/** What a gateway has said of its tags, by number and by id; and what is said of a tag of which it has said nothing yet. */

import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { RefusalReason } from './admission.ts';
import { NumberMap } from './numberMap.ts';
import type { TagIndex } from './storedTag.ts';

/** A tag that a gateway has defined and that is not taken. */
export interface RefusedDefinition extends Pick<TagDefinition, 'path' | 'lane'> {
  readonly reason: RefusalReason;
}

export class GatewayTags {
  readonly indexOfNumber = new NumberMap();
  readonly indexOfId = new Map<string, TagIndex>();
  /** By number. */
  refused: ReadonlyMap<number, RefusedDefinition> = new Map();
}

/** What is said of a tag of which nothing but its number is known. */
export function placeholder(gateway: string, number: number): TagDefinition {
  const path = `${gateway}/undefined/${number}`;
  const description = 'The gateway has sent samples of this tag and no definition yet.';
  const shape = { type: 'number', lane: 'analytical', unit: '', stepped: true } as const;
  return { ...shape, number, id: path, path, description, aliases: [] };
}
