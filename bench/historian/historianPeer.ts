/** What the benchmark asks of a historian that it compares with: the same values, the same questions. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';

/** `fromUs <= time < toUs`, in microseconds since 1970 UTC. */
export interface TimeRange {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Samples of one tag in order of time. */
export interface TagRows {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Empty where the peer keeps none. */
  readonly statuses: Uint32Array;
}

/** What is drawn of one tag: one row for each interval that has a sample. */
export interface PixelRows {
  readonly starts: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Rows of several tags, in any order. */
export interface TaggedRows {
  readonly tags: Uint32Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface ScanTotals {
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** A server that runs on its own port or socket with its data in a directory of its own. Throws where it refuses. */
export interface HistorianPeer {
  readonly name: string;
  readonly version: string;
  /** How it was fed and what it promises when it acknowledges. */
  readonly manner: string;
  /** Seconds from the first byte sent until everything is acknowledged; bringing the blocks into the peer's form does not count. */
  ingest(blocks: readonly SampleBlock[]): Promise<number>;
  /** Seconds until the peer has put its data into the form that it keeps them in. */
  settle(): Promise<number>;
  /** What the samples take on the disk, without the peer's log of writes. */
  diskBytes(): Promise<number>;
  raw(tag: number, range: TimeRange): Promise<TagRows>;
  /** First, last, least and greatest value in each of `pixels` intervals of equal length. */
  pixels(tag: number, range: TimeRange, pixels: number): Promise<PixelRows>;
  /** Mean of the samples of each minute, where there are any. */
  minuteAverages(tags: readonly number[], range: TimeRange): Promise<TaggedRows>;
  /** The last sample of every tag, all of which lie in `range`. */
  latest(tagCount: number, range: TimeRange): Promise<TaggedRows>;
  fullScan(range: TimeRange): Promise<ScanTotals>;
  /** Ends the server; its directory stays. */
  stop(): Promise<void>;
}
