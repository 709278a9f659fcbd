/** Which ranges of time edits have touched, in memory: most tags have never been edited, and pay nothing for those that were. */

import type { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';

/** Of one tag, in the order of recording; `firsts <= time < lasts`. */
interface Extents {
  first: number;
  last: number;
  readonly firsts: number[];
  readonly lasts: number[];
}

interface ExtentRow {
  readonly tag_index: TagIndex;
  readonly first: number;
  readonly last: number;
}

export class EditExtents {
  readonly #byTag = new Map<TagIndex, Extents>();

  constructor(database: MetadataDatabase) {
    const rows = database.prepare('SELECT tag_index, first, last FROM edit').all() as unknown as ExtentRow[];
    for (const { tag_index, first, last } of rows) this.add(tag_index, first, last);
  }

  add(tag: TagIndex, first: number, last: number): void {
    let extents = this.#byTag.get(tag);
    if (!extents) {
      extents = { first, last, firsts: [], lasts: [] };
      this.#byTag.set(tag, extents);
    }
    extents.first = Math.min(extents.first, first);
    extents.last = Math.max(extents.last, last);
    extents.firsts.push(first);
    extents.lasts.push(last);
  }

  /** The tags that were ever edited. */
  tags(): TagIndex[] {
    return [...this.#byTag.keys()];
  }

  touch(tag: TagIndex, start: number, end: number): boolean {
    const extents = this.#byTag.get(tag);
    if (!extents || extents.first >= end || extents.last <= start) return false;
    const { firsts, lasts } = extents;
    for (let at = 0; at < firsts.length; at++) if (firsts[at] < end && lasts[at] > start) return true;
    return false;
  }
}
