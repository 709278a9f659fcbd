/**
 * When the ticks of a scan class fall due: multiples of its interval, counted from the start and never from the last
 * tick, so that neither a slow device nor a late timer makes the rhythm drift.
 */

/** A class whose first tick would be later than this has one more before it, so that its points soon have values. */
const FIRST_WITHIN_MS = 1_000;

export class ScanSchedule {
  readonly #originMs: number;
  readonly #intervalMs: number;
  /** A tick ahead of the rhythm. */
  #earlyMs: number | undefined;
  #takenMs = Number.NEGATIVE_INFINITY;
  #next = 0;

  /** Times are those of `Clock.elapsedMs`. The rhythm begins at `startMs + phaseMs`. */
  constructor(startMs: number, intervalMs: number, phaseMs = 0) {
    if (!(intervalMs > 0)) throw new RangeError(`scan interval ${intervalMs} ms`);
    this.#originMs = startMs + phaseMs;
    this.#intervalMs = intervalMs;
    if (phaseMs >= FIRST_WITHIN_MS) this.#earlyMs = startMs + (phaseMs % FIRST_WITHIN_MS);
  }

  /** When the next tick falls due. */
  get dueMs(): number {
    return this.#earlyMs ?? this.#tickMs(this.#next);
  }

  /** When the tick that was taken last was due. */
  get takenMs(): number {
    return this.#takenMs;
  }

  /**
   * Takes the latest tick that is due at `nowMs`; `undefined` where none is. The ticks before it are gone: the number
   * says how many, and they are never made up for.
   */
  take(nowMs: number): number | undefined {
    if (nowMs < this.dueMs) return undefined;
    const earlyMs = this.#earlyMs;
    this.#earlyMs = undefined;
    if (earlyMs !== undefined && nowMs < this.#originMs) {
      this.#takenMs = earlyMs;
      return 0;
    }
    let latest = Math.floor((nowMs - this.#originMs) / this.#intervalMs);
    if (this.#tickMs(latest) > nowMs) latest--;
    latest = Math.max(latest, this.#next);
    const skipped = latest - this.#next + (earlyMs === undefined ? 0 : 1);
    this.#next = latest + 1;
    this.#takenMs = this.#tickMs(latest);
    return skipped;
  }

  /** A multiplication, so that no rounding adds up. */
  #tickMs(tick: number): number {
    return this.#originMs + tick * this.#intervalMs;
  }
}
