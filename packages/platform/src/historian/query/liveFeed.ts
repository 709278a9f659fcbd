/** Hands samples that have become durable to those who watch. */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { LiveBatch } from './historianReader.ts';

type Listener = (batch: LiveBatch) => void;

export class LiveFeed {
  readonly #listeners = new Set<Listener>();

  /** Returns the way to stop listening. */
  subscribe(listener: Listener): () => void {
    // Wrapped, so that a function that is given twice is two listeners.
    const own: Listener = (batch) => listener(batch);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Row `i` of `block` belongs to tag `tags[i]`; the columns become the listeners'. */
  publish(tags: Uint32Array, block: SampleBlock): void {
    if (this.#listeners.size === 0 || block.count === 0) return;
    const { count, times, values, kinds, statuses, strings } = block;
    const boxed: (number | string | null)[] = [];
    for (let row = 0; row < count; row++) {
      if (kinds[row] === ValueKind.none) boxed.push(null);
      else boxed.push(kinds[row] === ValueKind.string ? strings[values[row]] : values[row]);
    }
    const batch = { tags, times: times.subarray(0, count), values: boxed, statuses: statuses.subarray(0, count) };
    for (const listener of this.#listeners) listener(batch);
  }
}
