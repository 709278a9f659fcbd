/** Hands samples that have become durable to those who watch. */

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

  /** The columns are used again: a listener copies what it keeps, and changes nothing. */
  publish(batch: LiveBatch): void {
    if (batch.block.count === 0) return;
    for (const listener of this.#listeners) listener(batch);
  }
}
