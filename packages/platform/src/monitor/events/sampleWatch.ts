/** Tells whoever reads a tag from when on its samples are new: those that come, however late, and those that people correct. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Historian } from '../../historian/query/historian.ts';
import type { LiveBatch, StoredTag, TagIndex } from '../../historian/query/historianReader.ts';

type WatchedHistorian = Pick<Historian, 'subscribe' | 'onEdit' | 'tagRevision' | 'raw'>;

interface Watcher {
  readonly tags: () => readonly StoredTag[];
  readonly listener: (from: number) => void;
}

/** A tag that somebody reads. */
interface WatchedTag {
  readonly tag: StoredTag;
  readonly watchers: Watcher[];
  /** Time (µs) of its newest sample, as far as it was watched. */
  newest: number;
  /** Of the batch at hand. */
  earliest: number;
}

export class SampleWatch {
  readonly #historian: WatchedHistorian;
  readonly #watchers = new Set<Watcher>();
  readonly #stops: readonly (() => void)[];
  /** By tag; what the watchers read is looked up anew after `#isStale` or a new revision of the tags. */
  #watched: (WatchedTag | undefined)[] = [];
  #revision = Number.NaN;

  constructor(historian: WatchedHistorian) {
    this.#historian = historian;
    this.#stops = [
      historian.subscribe((batch) => this.#take(batch)),
      historian.onEdit((tag, from) => this.#changed(tag, from, from)),
    ];
  }

  /**
   * Calls `listener` with the earliest time (µs) from which on what is read of `tags` may be another: that of the sample before
   * a new one. `tags` is asked again when tags are defined. Returns the way to stop.
   */
  watch(tags: () => readonly StoredTag[], listener: (from: number) => void): () => void {
    const watcher = { tags, listener };
    this.#watchers.add(watcher);
    this.#revision = Number.NaN;
    return () => {
      this.#watchers.delete(watcher);
      this.#revision = Number.NaN;
    };
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #take({ tags, block }: LiveBatch): void {
    if (this.#watchers.size === 0) return;
    this.#lookUp();
    const touched: WatchedTag[] = [];
    for (let row = 0; row < block.count; row++) {
      const watched = this.#watched[tags[row]];
      if (!watched) continue;
      if (watched.earliest === Number.POSITIVE_INFINITY) touched.push(watched);
      watched.earliest = Math.min(watched.earliest, block.times[row]);
    }
    for (const watched of touched) {
      this.#changed(watched.tag.index, watched.earliest, watched.newest);
      watched.earliest = Number.POSITIVE_INFINITY;
    }
    for (let row = 0; row < block.count; row++) {
      const watched = this.#watched[tags[row]];
      if (watched && !(block.times[row] <= watched.newest)) watched.newest = block.times[row];
    }
  }

  #lookUp(): void {
    if (this.#historian.tagRevision === this.#revision) return;
    this.#revision = this.#historian.tagRevision;
    const before = this.#watched;
    this.#watched = [];
    for (const watcher of this.#watchers) {
      for (const tag of watcher.tags()) {
        const newest = before[tag.index]?.newest ?? Number.NaN;
        const watched = this.#watched[tag.index] ?? { tag, watchers: [], newest, earliest: Number.POSITIVE_INFINITY };
        watched.watchers.push(watcher);
        this.#watched[tag.index] = watched;
      }
    }
  }

  /** What lies behind the last sample is uncertain until the next has come; that is `newest`, unless the new one is late. */
  #changed(tag: TagIndex, earliest: number, newest: number): void {
    this.#lookUp();
    const watched = this.#watched[tag];
    if (!watched) return;
    const tell = (from: number) => {
      for (const { listener } of watched.watchers) listener(from);
    };
    tell(earliest);
    if (newest < earliest) tell(newest);
    else void this.#before(tag, earliest).then((time) => time !== undefined && tell(time));
  }

  async #before(tag: TagIndex, time: number): Promise<number | undefined> {
    const always = Number.MIN_SAFE_INTEGER as Timestamp;
    const run = await this.#historian.raw(tag, always, time as Timestamp, 1, 'newest');
    return run.times.at(0);
  }
}
