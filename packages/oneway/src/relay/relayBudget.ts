/**
 * One limit on disk for all streams of a relay, and whose blocks go first where it is reached or the disk is full.
 *
 * Invariants:
 * - Analytical streams give up their oldest segment first, then operational ones; the audit lane never expires. Of the
 *   streams of a lane, that gives which takes most: one gateway cannot push out what others have brought.
 * - No lane pushes out what is more important than itself: where it has nothing older to give, what comes is refused, and
 *   waits at its gateway.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';

export interface BudgetedStream {
  readonly lane: Lane;
  /** Of all its segments. */
  readonly diskBytes: number;
  /** Gives up the oldest segment; what waits in it is counted as expired. False where there is none but the newest. */
  expireOldest(why: string): Promise<boolean>;
}

/** The least important first. */
const EXPIRING: readonly Lane[] = ['analytical', 'operational'];
/** So that what expires in one go is a small part of what is kept. */
const SEGMENTS = 64;
const MIN_SEGMENT_BYTES = 16 * 1024;
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024;

export class RelayBudget {
  /** What a segment of a stream should hold. */
  readonly segmentBytes: number;
  readonly #maxBytes: number;
  readonly #streams = new Set<BudgetedStream>();
  #turn: Promise<unknown> = Promise.resolve();

  /** `maxBytes`: of all streams together; each keeps its newest segment whatever the limit. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    const share = Math.floor(maxBytes / SEGMENTS);
    this.segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.max(MIN_SEGMENT_BYTES, share));
  }

  get diskBytes(): number {
    return this.#bytesOf(() => true);
  }

  join(stream: BudgetedStream): void {
    this.#streams.add(stream);
  }

  /** Whether blocks of the lane may be written. Fault: `boundary.not-stored`. */
  async admit(lane: Lane): Promise<Result<void>> {
    if (lane === 'audit' || !this.#isOver()) return success(undefined);
    await this.#inTurn(async () => {
      while (this.#isOver() && (await this.#expire(lane, this.#reason())));
    });
    if (!this.#isOver() || this.#bytesOf((each) => each === 'audit') < this.#maxBytes) return success(undefined);
    return failure('boundary.not-stored', `the audit lanes alone have reached ${this.#maxBytes} bytes`);
  }

  /** Where the disk had no room for `lane`: true where there is some now, and it should be tried again. */
  makeRoom(lane: Lane): Promise<boolean> {
    return this.#inTurn(() => this.#expire(lane, 'the disk is full'));
  }

  async #expire(forLane: Lane, why: string): Promise<boolean> {
    for (const victim of EXPIRING) {
      const streams = [...this.#streams].filter(({ lane }) => lane === victim);
      streams.sort((a, b) => b.diskBytes - a.diskBytes);
      for (const stream of streams) if (await stream.expireOldest(why)) return true;
      if (victim === forLane) break;
    }
    return false;
  }

  #isOver(): boolean {
    return this.diskBytes > this.#maxBytes;
  }

  #reason(): string {
    return `the relay has reached ${this.#maxBytes} bytes`;
  }

  #bytesOf(isCounted: (lane: Lane) => boolean): number {
    let bytes = 0;
    for (const { lane, diskBytes } of this.#streams) if (isCounted(lane)) bytes += diskBytes;
    return bytes;
  }

  /** One after the other: two streams that find the same limit reached give up one segment, not two. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
