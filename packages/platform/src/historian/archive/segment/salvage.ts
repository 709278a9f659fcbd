/** Finds the chunks of a segment without its index. */

import { openChunk } from '../chunk/chunk.ts';
import { summariseRun } from '../runSummary.ts';
import { ChunkEntries, lastNumber } from './chunkEntry.ts';

/**
 * The entries of the chunks that stand one behind the other in `bytes`, whose first byte lies at `offset` of the file; as
 * far as they are undamaged. When their samples arrived is not known any more.
 */
export function salvageEntries(bytes: Uint8Array, offset: number): Uint8Array {
  const entries = new ChunkEntries();
  let tagBefore = -1;
  for (let at = 0; at < bytes.length; ) {
    const chunk = openChunk(bytes.subarray(at));
    if (!chunk || chunk.tag < tagBefore) break;
    const run = chunk.run();
    const last = chunk.count - 1;
    entries.add({
      ...{ tag: chunk.tag, offset: offset + at, length: chunk.length, count: chunk.count },
      ...{ minTime: run.times[0], maxTime: run.times[last], stream: 0, first: 0, last: 0 },
      lastValue: lastNumber(run.kinds[last], run.values[last]),
      ...{ lastStatus: run.statuses[last], lastKind: run.kinds[last], summary: summariseRun(run) },
    });
    tagBefore = chunk.tag;
    at += chunk.length;
  }
  return entries.bytes;
}
