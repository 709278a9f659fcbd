/**
 * When the ticks of a scan class fall due: multiples of its interval, counted from the start and never from the last
 * tick, so that neither a slow device nor a late timer makes the rhythm drift.
 */

export class ScanSchedule {
  readonly #originMs: number;
  readonly #intervalMs: number;
  #next = 0;

  /** Times are those of `Clock.elapsedMs`. The first tick is due at `startMs + offsetMs`. */
  constructor(startMs: number, intervalMs: number, offsetMs = 0) {
    if (!(intervalMs > 0)) throw new RangeError(`scan interval ${intervalMs} ms`);
    this.#originMs = startMs + offsetMs;
    this.#intervalMs = intervalMs;
  }

  /** When the next tick falls due. A multiplication, so that no rounding adds up. */
  get dueMs(): number {
    return this.#originMs + this.#next * this.#intervalMs;
  }

  /**
   * Takes the latest tick that is due at `nowMs`; `undefined` where none is. The ticks before it are gone: the number
   * says how many, and they are never made up for.
   */
  take(nowMs: number): number | undefined {
    if (nowMs < this.dueMs) return undefined;
    let latest = Math.floor((nowMs - this.#originMs) / this.#intervalMs);
    if (this.#originMs + latest * this.#intervalMs > nowMs) latest--;
    latest = Math.max(latest, this.#next);
    const skipped = latest - this.#next;
    this.#next = latest + 1;
    return skipped;
  }
}
