/** Writes a hot store as a segment. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { HotColumns } from '../hot/hotColumns.ts';
import { gather, type HotSnapshot } from '../hot/hotStore.ts';
import type { DayCounts } from '../segment/dayCounts.ts';
import type { SegmentHead } from '../segment/segmentLayout.ts';
import { SegmentWriter } from '../segment/segmentWriter.ts';

/** Returns the name of the file when it is durable. Throws what the file system says, and leaves nothing behind then. */
export function writeHotStore(directory: string, head: Omit<SegmentHead, 'days'>, store: HotSnapshot): string {
  const writer = new SegmentWriter(directory, { ...head, days: countDays(store) }, store.receipts);
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

/** Samples mostly come in order of time, so that a day is looked up once for many of them. */
function countDays(store: HotSnapshot): DayCounts {
  const days: Record<string, number> = {};
  const columns = new HotColumns();
  for (let tag = 0; tag < store.counts.length; tag++) {
    if (store.counts[tag] === 0) continue;
    gather(store, tag, columns);
    const { times } = columns.all;
    for (let from = 0; from < times.length; ) {
      const day = Math.floor(times[from] / US_PER_DAY);
      let to = from + 1;
      while (to < times.length && Math.floor(times[to] / US_PER_DAY) === day) to++;
      days[day] = (days[day] ?? 0) + to - from;
      from = to;
    }
  }
  return days;
}
