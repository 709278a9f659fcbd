/** What the rest of the platform asks the historian; the archive behind it may change, this does not. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import type { LatestColumns } from '../archive/hot/latestValues.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { StoredTag, TagIndex } from '../ingest/storedTag.ts';

export type { StoredTag, TagIndex };

/**
 * New samples as they become durable, grouped for speed: row `i` of `block` is one sample of tag `tags[i]`. The columns are
 * used again for the next batch.
 */
export interface LiveBatch {
  readonly tags: Uint32Array;
  readonly block: SampleBlock;
}

/** Which samples of a range a limited read gives. */
export type RangeEnd = 'oldest' | 'newest';

export interface HistorianReader {
  tags(): readonly StoredTag[];
  tag(index: TagIndex): StoredTag | undefined;
  /** The sample with the latest time; `undefined` where the tag has none yet. */
  latest(index: TagIndex): Sample | undefined;
  /** The same of many tags: one row for each that has a sample, in their order. */
  latestColumns(tags: ArrayLike<TagIndex>): LatestColumns;
  /**
   * Samples as stored with `start <= time < end`, in order of time, samples of equal time in order of arrival; the
   * oldest or the newest `limit` of them. The caller asks for one more than it wants to learn whether there are more.
   */
  raw(index: TagIndex, start: Timestamp, end: Timestamp, limit: number, first?: RangeEnd): Promise<SampleRun>;
  /** Calls `listener` with every batch that has become durable from now on; returns the way to stop it. It copies what it keeps. */
  subscribe(listener: (batch: LiveBatch) => void): () => void;
}
