/** Tags and samples in memory: what an engine reads where the archive does not matter. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { clipRun, runOf, type SampleRun, sliceRun } from '../../../historian/archive/sampleRun.ts';
import type { LiveBatch, RangeEnd, StoredTag } from '../../../historian/query/historianReader.ts';
import type { EngineFeed } from '../engine/twinEngine.ts';

/** Path of a tag, time in microseconds, value and, where it is not good, the status. */
export type FeedRow = readonly [path: string, time: number, value: SampleValue, status?: number];

export class MemoryFeed implements EngineFeed {
  readonly #tags: StoredTag[] = [];
  readonly #samples: { time: number; value: SampleValue; status: number }[][] = [];
  readonly #listeners = new Set<(batch: LiveBatch) => void>();

  get tagRevision(): number {
    return this.#tags.length;
  }

  define(path: string, unit = '', type: StoredTag['type'] = 'number'): void {
    const index = this.#tags.length;
    this.#tags.push({
      ...{ index, number: index, gateway: 'station', id: `id-${index}`, path, unit, type },
      ...{ lane: 'operational', description: '', stepped: false, aliases: [] },
    });
    this.#samples.push([]);
  }

  /** Stores samples and tells those who listen. */
  store(rows: readonly FeedRow[]): void {
    const block = new SampleBlockBuilder();
    for (const [path, time, value, status = STATUS.Good] of rows) {
      const tag = this.#tags.findIndex((one) => one.path === path);
      this.#samples[tag].push({ time, value, status });
      this.#samples[tag].sort((a, b) => a.time - b.time);
      block.push(tag, time, value, status);
    }
    const batch = { tags: block.tags.subarray(0, block.count), block };
    for (const listener of this.#listeners) listener(batch);
  }

  tags(): readonly StoredTag[] {
    return this.#tags;
  }

  latestColumns(tags: ArrayLike<number>) {
    const rows = Array.from(tags).flatMap((tag) => {
      const last = this.#samples[tag].at(-1);
      return last ? [{ tag, ...last }] : [];
    });
    const { strings, ...run } = runOf(rows);
    return { ...run, strings: [...strings], tags: Uint32Array.from(rows, ({ tag }) => tag) };
  }

  async raw(tag: number, start: number, end: number, limit: number, first: RangeEnd = 'oldest'): Promise<SampleRun> {
    const run = clipRun(runOf(this.#samples[tag]), start, end);
    const count = run.times.length;
    return first === 'oldest'
      ? sliceRun(run, 0, Math.min(limit, count))
      : sliceRun(run, Math.max(0, count - limit), count);
  }

  subscribe(listener: (batch: LiveBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
