/**
 * Frames that take long. What counts is the time of the processor in this thread, so that a busy machine makes none slow;
 * and since collecting garbage counts as well, a frame is slow only if it is so again when the run is repeated.
 */

/** What a frame may take of the processor. */
const MAX_FRAME_MS = 50;

export class SlowFrames {
  readonly #slow = new Map<number, number>();
  #frame = 0;
  #begunUs: number | undefined;
  /** What the slowest frame took. */
  worstMs = 0;

  /** A frame is handed over. */
  begin(): void {
    this.#frame++;
    this.#begunUs = threadUs();
  }

  /** It has been dealt with. */
  end(): void {
    if (this.#begunUs === undefined) return;
    const tookMs = (threadUs() - this.#begunUs) / 1_000;
    this.#begunUs = undefined;
    if (tookMs > this.worstMs) this.worstMs = tookMs;
    if (tookMs > MAX_FRAME_MS) this.#slow.set(this.#frame, tookMs);
  }

  get suspicious(): boolean {
    return this.#slow.size > 0;
  }

  /** Those that were slow in both runs, by their numbers. */
  alsoIn(other: SlowFrames): number[] {
    return [...this.#slow.keys()].filter((frame) => other.#slow.has(frame));
  }
}

function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
