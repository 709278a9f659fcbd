/** Reads all of a segment, so that what has rotted on the disk is found while there may still be a copy of it. */

import type { Segment } from '../segment/segment.ts';
import type { Pace } from './pace.ts';

/** Resolves with the number of chunks that were read; what is damaged is reported by the segment. */
export async function scrubSegment(segment: Segment, pace: Pace): Promise<number> {
  let chunks = 0;
  for (const tag of segment.directory.tags) {
    const entries = await segment.entries(tag);
    chunks += entries.length;
    for (const chunk of await segment.chunks(entries)) chunk?.run();
    if (pace.isDue) await pace.pause();
  }
  await segment.receipts();
  return chunks;
}
