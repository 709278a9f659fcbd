/** The latest sample of every tag, kept in columns, and who wants to know when one of them changes. */

export interface LatestSample {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly value: number | string | null;
  readonly status: number;
}

/** Rows as the live stream sends them: row `i` is a sample of tag `tags[i]`. */
export interface LiveRows {
  readonly tags: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly (number | string | null)[];
  readonly statuses: readonly number[];
}

const FIRST_CAPACITY = 1_024;

/**
 * Taking samples and telling of them are two steps: ten thousand values a second are taken as they come, the few places
 * on the screen that show one of them are told at a pace that a person can read.
 */
export class LatestValues {
  #times = new Float64Array(FIRST_CAPACITY).fill(Number.NEGATIVE_INFINITY);
  #statuses = new Uint32Array(FIRST_CAPACITY);
  #versions = new Uint32Array(FIRST_CAPACITY);
  readonly #values: (number | string | null)[] = [];
  readonly #listeners = new Map<number, Set<() => void>>();
  readonly #changed = new Set<number>();

  take(rows: LiveRows): void {
    for (let row = 0; row < rows.tags.length; row++) {
      const tag = rows.tags[row];
      if (tag >= this.#times.length) this.#grow(tag);
      // Late data does not replace what is newer.
      if (rows.times[row] < this.#times[tag]) continue;
      this.#times[tag] = rows.times[row];
      this.#statuses[tag] = rows.statuses[row];
      this.#values[tag] = rows.values[row];
      this.#versions[tag]++;
      if (this.#listeners.has(tag)) this.#changed.add(tag);
    }
  }

  get(tag: number): LatestSample | undefined {
    if (this.version(tag) === 0) return undefined;
    return { time: this.#times[tag], value: this.#values[tag], status: this.#statuses[tag] };
  }

  /** Counts the samples taken for the tag: the same number means that nothing has changed. */
  version(tag: number): number {
    return this.#versions[tag] ?? 0;
  }

  subscribe(tag: number, listener: () => void): () => void {
    let listeners = this.#listeners.get(tag);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(tag, listeners);
    }
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(tag) === listeners) this.#listeners.delete(tag);
    };
  }

  /** Tells the listeners of the tags that have changed since the last time. */
  tell(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const tag of changed) {
      for (const listener of this.#listeners.get(tag) ?? []) listener();
    }
  }

  #grow(tag: number): void {
    const capacity = Math.max(tag + 1, this.#times.length * 2);
    const times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
    times.set(this.#times);
    this.#times = times;
    const statuses = new Uint32Array(capacity);
    statuses.set(this.#statuses);
    this.#statuses = statuses;
    const versions = new Uint32Array(capacity);
    versions.set(this.#versions);
    this.#versions = versions;
  }
}
