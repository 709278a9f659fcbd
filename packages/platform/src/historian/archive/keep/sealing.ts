/** Writes a hot store as a segment. */

import { HotColumns } from '../hot/hotColumns.ts';
import { gather, type HotSnapshot } from '../hot/hotStore.ts';
import type { SegmentHead } from '../segment/segmentLayout.ts';
import { SegmentWriter } from '../segment/segmentWriter.ts';

/** Returns the name of the file when it is durable. Throws what the file system says, and leaves nothing behind then. */
export function writeHotStore(directory: string, head: SegmentHead, store: HotSnapshot): string {
  const writer = new SegmentWriter(directory, head, store.receipts);
  try {
    const columns = new HotColumns();
    for (let tag = 0; tag < store.counts.length; tag++) {
      if (store.counts[tag] === 0) continue;
      gather(store, tag, columns);
      columns.sort();
      writer.add(tag, columns.all, columns.receipts);
    }
    return writer.commit();
  } catch (error) {
    writer.discard();
    throw error;
  }
}
