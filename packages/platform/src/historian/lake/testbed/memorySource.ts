/** A lake source over samples in memory, for the publisher's process as well: its spec crosses the channel. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { blankRun, clipRun, type SampleRun } from '../../archive/sampleRun.ts';
import type { StoredTag } from '../../ingest/storedTag.ts';
import type { LakeSource, LakeSourcePlace } from '../lakeSource.ts';

export interface MemorySeries {
  readonly tag: StoredTag;
  readonly run: SampleRun;
}

export function storedTag(index: number, path: string, more: Partial<StoredTag> = {}): StoredTag {
  return {
    ...{ index, gateway: 'g1', number: index, id: `id-${index}`, path, type: 'number', lane: 'analytical' },
    ...{ unit: 'Cel', description: '', stepped: false, aliases: [], ...more },
  };
}

/** Rows of time, value and status, in order of time. */
export function runOf(rows: readonly (readonly [time: number, value: SampleValue, status: number])[]): SampleRun {
  const strings: string[] = [];
  const run = blankRun(rows.length, strings);
  rows.forEach(([time, value, status], row) => {
    run.times[row] = time;
    run.statuses[row] = status;
    if (value === null) return;
    run.kinds[row] = typeof value === 'string' ? ValueKind.string : ValueKind.number;
    run.values[row] = typeof value === 'string' ? strings.push(value) - 1 : value;
  });
  return run;
}

export function memorySource(series: readonly MemorySeries[]): LakeSource {
  return {
    tags: () => series.map(({ tag }) => tag),
    async *read(index, start, end) {
      const found = series.find(({ tag }) => tag.index === index);
      if (found) yield clipRun(found.run, start, end);
    },
    close: async () => {},
  };
}

export function memoryPlace(series: readonly MemorySeries[]): LakeSourcePlace {
  return { module: import.meta.url, spec: series };
}

export async function openLakeSource(spec: unknown): Promise<Result<LakeSource>> {
  return success(memorySource(spec as readonly MemorySeries[]));
}
