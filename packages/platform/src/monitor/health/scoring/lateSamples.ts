/** Tells of samples that come after what they belong to was judged or counted. */

import type { Historian } from '../../../historian/query/historian.ts';
import type { LiveBatch, StoredTag, TagIndex } from '../../../historian/query/historianReader.ts';

export interface LateListener {
  /** What was done up to here (µs) does not know of it. */
  readonly doneUntil: number;
  /** A sample of this time (µs) and tag did. */
  noteLate(time: number, tag: TagIndex): void;
}

export class LateSamples {
  readonly #stops: readonly (() => void)[];
  /** By tag. */
  #listeners: (LateListener[] | undefined)[] = [];

  constructor(historian: Pick<Historian, 'subscribe' | 'onEdit'>) {
    this.#stops = [
      historian.subscribe((batch) => this.#take(batch)),
      historian.onEdit((tag, from) => this.#note(tag, from)),
    ];
  }

  /** Each listener is told of its tags from now on. */
  use(listeners: Iterable<readonly [LateListener, readonly StoredTag[]]>): void {
    this.#listeners = [];
    for (const [listener, tags] of listeners) {
      for (const { index } of tags) {
        const known = this.#listeners[index];
        if (known) known.push(listener);
        else this.#listeners[index] = [listener];
      }
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #take({ tags, block }: LiveBatch): void {
    if (this.#listeners.length === 0) return;
    for (let row = 0; row < block.count; row++) this.#note(tags[row], block.times[row]);
  }

  #note(tag: TagIndex, time: number): void {
    const listeners = this.#listeners[tag];
    if (!listeners) return;
    for (const listener of listeners) if (time < listener.doneUntil) listener.noteLate(time, tag);
  }
}
