/** The archive as a source of the lake: the publisher's process reads the segment files by itself, for they never change. */

import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import { scanSources } from '../archive/scan/scanSources.ts';
import { segmentSources } from '../archive/scan/segmentSources.ts';
import { OpenFiles } from '../archive/segment/openFiles.ts';
import { Segment } from '../archive/segment/segment.ts';
import { editedScan } from '../archive/versions/editedScan.ts';
import type { TagEdits } from '../archive/versions/tagEdits.ts';
import type { StoredTag, TagIndex } from '../ingest/storedTag.ts';
import type { LakeSource, LakeSourcePlace, OpenLakeSource } from './lakeSource.ts';

/** What crosses to the publisher's process, which is one of ours: nobody else can send it orders. */
interface ArchiveSpec {
  /** Paths of the segments, in the order in which their samples arrived; none is removed while it is read. */
  readonly segments: readonly string[];
  readonly tags: readonly StoredTag[];
  readonly edits: ReadonlyMap<TagIndex, TagEdits>;
  /** By tag the time before which samples have expired; shorter where nothing does. */
  readonly keepFrom: Float64Array;
}

export function archivePlace(spec: ArchiveSpec): LakeSourcePlace {
  return { module: import.meta.url, spec };
}

/** Fault: `lake.publisher` where a segment cannot be opened. Damage in one costs its samples, as it does in every answer. */
export const openLakeSource: OpenLakeSource = async (spec) => {
  const { segments: paths, tags, edits, keepFrom } = spec as ArchiveSpec;
  const files = new OpenFiles();
  const segments: Segment[] = [];
  for (const path of paths) {
    const segment = await Segment.open({ path, files, onDamage: () => {} });
    if (segment) segments.push(segment);
    else {
      await files.close();
      return failure('lake.publisher', `${path} cannot be opened.`);
    }
  }
  const source: LakeSource = {
    tags: () => tags,
    read(tag, from, end) {
      const start = Math.min(end, Math.max(from, keepFrom[tag] ?? from));
      const changes = edits.get(tag);
      const withReceived = changes !== undefined;
      const runs = runsOf(scanSources(segmentSources(segments, tag, { start, end, withReceived }), 'forward'));
      return changes ? editedScan(runs, changes, { start, end, direction: 'forward' }) : runs;
    },
    close: () => files.close(),
  };
  return success(source);
};

async function* runsOf(scan: AsyncIterable<SampleRun | object>): AsyncGenerator<SampleRun, void, undefined> {
  for await (const run of scan) if ('times' in run) yield run;
}
