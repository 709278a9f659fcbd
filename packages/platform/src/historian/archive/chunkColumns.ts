/** The scratch columns in which one chunk is gathered, ordered and encoded; used again for every chunk. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';

/** More samples than this do not go into one chunk: it bounds what a query decodes for one sample, and one sort. */
export const MAX_CHUNK_SAMPLES = 4096;

/** Samples of one tag; like a block without the tag column. */
export type ChunkSamples = Pick<SampleBlock, 'count' | 'times' | 'values' | 'kinds' | 'statuses' | 'strings'>;

export class ChunkColumns implements ChunkSamples {
  count = 0;
  times = new Float64Array(MAX_CHUNK_SAMPLES);
  values = new Float64Array(MAX_CHUNK_SAMPLES);
  kinds = new Uint8Array(MAX_CHUNK_SAMPLES);
  statuses = new Uint32Array(MAX_CHUNK_SAMPLES);
  strings: readonly string[] = [];
  readonly #order = new Uint32Array(MAX_CHUNK_SAMPLES);

  /** Brings the samples into order of time; those of equal time keep their order. */
  sort(): void {
    const { times, count } = this;
    let sorted = true;
    for (let row = 1; row < count && sorted; row++) sorted = times[row - 1] <= times[row];
    if (sorted) return;
    const order = this.#order.subarray(0, count);
    for (let row = 0; row < count; row++) order[row] = row;
    order.sort((a, b) => times[a] - times[b] || a - b);
    this.times = permuted(this.times, order, new Float64Array(MAX_CHUNK_SAMPLES));
    this.values = permuted(this.values, order, new Float64Array(MAX_CHUNK_SAMPLES));
    this.kinds = permuted(this.kinds, order, new Uint8Array(MAX_CHUNK_SAMPLES));
    this.statuses = permuted(this.statuses, order, new Uint32Array(MAX_CHUNK_SAMPLES));
  }
}

function permuted<Column extends Uint8Array | Uint32Array | Float64Array>(
  from: Column,
  order: Uint32Array,
  to: Column,
): Column {
  for (let row = 0; row < order.length; row++) to[row] = from[order[row]];
  return to;
}
