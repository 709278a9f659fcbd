/** A lake source over samples in memory, for the publisher's process as well: its spec crosses the channel. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { clipRun, runOf as columnsOf, type SampleRun } from '../../archive/sampleRun.ts';
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
  return columnsOf(rows.map(([time, value, status]) => ({ time, value, status })));
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
