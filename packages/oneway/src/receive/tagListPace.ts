/**
 * Tag lists cost work, and each in one piece. A gateway that sends one after the other, which it need not, is read more slowly:
 * over time it takes a tenth of a processor for them, and no more (IEC 62443-3-3, SR 7.1).
 */

/** What a gateway with many tags needs when all its connections come back at once. */
const BURST_MS = 5_000;
const SHARE = 0.1;
/** The longest that a connection is not read. */
const MAX_PAUSE_MS = 60_000;

export class TagListPace {
  /** Work that is left to each gateway; below 0 it has had too much. */
  readonly #left = new Map<string, { workMs: number; atMs: number }>();

  /** Counts `workMs` of work for a gateway; how long nothing more is to be read of what brought it. */
  pauseAfter(gateway: string, workMs: number, nowMs: number): number {
    const { workMs: before, atMs } = this.#left.get(gateway) ?? { workMs: BURST_MS, atMs: nowMs };
    const left = Math.min(BURST_MS, before + (nowMs - atMs) * SHARE) - workMs;
    this.#left.set(gateway, { workMs: left, atMs: nowMs });
    return Math.min(MAX_PAUSE_MS, Math.max(0, -left / SHARE));
  }
}
