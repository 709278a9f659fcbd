/** Which segments to merge: a few large ones are read faster than many small ones, and each sample is rewritten seldom. */

import type { SegmentRange } from '../archiveFiles.ts';

export interface PlannedSegment {
  readonly head: SegmentRange;
  readonly samples: number;
  readonly fileBytes: number;
  /** Size of the receipts in the file, compressed. */
  readonly receiptsBytes: number;
}

/** So many segments of like size become one; each sample is thus rewritten about log8(archive / first segment) times. */
const FAN_IN = 8;
/** Rewriting a large segment for the sake of small ones does not pay: no segment of a group holds more of it than this. */
const MAX_PART = 0.5;
/** No segment is made larger: offsets in it are 32 bits, and the cure of a damaged one stays small. */
const MAX_SEGMENT_BYTES = 1024 * 1024 * 1024;
/** Nor are there more receipts in it, which are in memory as a whole, and then several times as large. */
const MAX_RECEIPTS_BYTES = 32 * 1024 * 1024;

/**
 * The place of the first of the neighbours among `segments`, which are in the order of the log, that are to become one, and
 * the place behind the last; `undefined` where there are none. The newest ones come first.
 */
export function planMerge(segments: readonly PlannedSegment[]): readonly [from: number, to: number] | undefined {
  for (let to = segments.length; to >= FAN_IN; to--) {
    const from = to - FAN_IN;
    const group = segments.slice(from, to);
    const samples = group.reduce((sum, segment) => sum + segment.samples, 0);
    const bytes = group.reduce((sum, segment) => sum + segment.fileBytes, 0);
    const receiptsBytes = group.reduce((sum, segment) => sum + segment.receiptsBytes, 0);
    const isBearable = bytes <= MAX_SEGMENT_BYTES && receiptsBytes <= MAX_RECEIPTS_BYTES;
    const largest = Math.max(...group.map((segment) => segment.samples));
    const isOneLife = group.every(({ head }) => head.generation === group[0].head.generation);
    if (isOneLife && largest <= samples * MAX_PART && isBearable) return [from, to];
  }
  return undefined;
}
