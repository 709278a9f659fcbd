/** What many segments have of one tag, as the sources of a scan. */

import type { RunSummary } from '../runSummary.ts';
import type { Segment } from '../segment/segment.ts';
import { rowOfTag } from '../segment/tagDirectory.ts';
import type { ScanSource } from './scanSources.ts';
import { type ScanRange, segmentSource } from './segmentSource.ts';

/** Chunks of one segment have ranks of their own within that of the segment. */
const RANKS_PER_SEGMENT = 2 ** 24;

/** `segments` stand in the order in which their samples arrived; those that have nothing of the range are left out. */
export function segmentSources(segments: readonly Segment[], tag: number, range: ScanRange): ScanSource<RunSummary>[] {
  const sources: ScanSource<RunSummary>[] = [];
  const { start, end, receivedBefore = Number.POSITIVE_INFINITY } = range;
  for (const [ordinal, segment] of segments.entries()) {
    const { minTime, maxTime } = segment.spans.of(tag);
    if (minTime >= end || maxTime < start || segment.head.received.first >= receivedBefore) continue;
    if (rowOfTag(segment.directory, tag) < 0) continue;
    sources.push(segmentSource(segment, tag, range, ordinal * RANKS_PER_SEGMENT));
  }
  return sources;
}
