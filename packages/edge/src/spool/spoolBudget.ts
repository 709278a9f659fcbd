/**
 * One limit on disk for all lanes of a gateway, and which samples go first where it is reached or the disk is full.
 *
 * Invariants:
 * - The oldest segment of the analytical lane goes first, then that of the operational lane; the audit lane never expires.
 * - No lane pushes out what is more important than itself: where it has nothing older to give, its new samples are refused.
 * - The audit lane may write beyond the limit. A reserve on the disk is given up for it where nothing else is left; until
 *   it is there again, the other lanes are refused.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { SpoolReserve } from './spoolReserve.ts';

export interface BudgetedLane {
  readonly lane: Lane;
  /** Of all its segments. */
  readonly diskBytes: number;
  /** Gives up the oldest segment; what waits in it is counted as expired. False where there is none but the newest. */
  expireOldest(why: string): Promise<boolean>;
}

export interface SpoolBudgetOptions {
  /** Of all lanes together; each keeps its newest segment whatever the limit. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly reserve?: SpoolReserve | undefined;
}

/** The least important first. */
const EXPIRING: readonly Lane[] = ['analytical', 'operational'];
/** So that what expires in one go is a small part of what is kept. */
const SEGMENTS = 64;
const MIN_SEGMENT_BYTES = 16 * 1024;
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024;
/** How often the reserve is tried to be had again. */
const RESERVE_INTERVAL_MS = 1000;

export class SpoolBudget {
  /** What a segment of a lane should hold. */
  readonly segmentBytes: number;
  readonly #options: SpoolBudgetOptions;
  readonly #lanes = new Set<BudgetedLane>();
  #turn: Promise<unknown> = Promise.resolve();
  #reserveTriedMs = Number.NEGATIVE_INFINITY;

  constructor(options: SpoolBudgetOptions) {
    this.#options = options;
    const share = Math.floor(options.maxBytes / SEGMENTS);
    this.segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.max(MIN_SEGMENT_BYTES, share));
  }

  join(lane: BudgetedLane): void {
    this.#lanes.add(lane);
  }

  leave(lane: BudgetedLane): void {
    this.#lanes.delete(lane);
  }

  /** Whether new samples of the lane may be written. Fault: `spool.full`. */
  async admit(lane: Lane): Promise<Result<void>> {
    if (lane === 'audit') return success(undefined);
    const { maxBytes, reserve } = this.#options;
    if (this.#bytesOf((each) => each === 'audit') >= maxBytes) {
      return failure('spool.full', `the audit lane alone has reached ${maxBytes} bytes`);
    }
    if (reserve && !reserve.isHeld && !(await this.#inTurn(() => this.#restore(reserve)))) {
      return failure('spool.full', 'what is left of the disk is kept for the audit lane');
    }
    return success(undefined);
  }

  /** After `lane` has written: lets the oldest expire until the limit holds, as far as there is anything to give. */
  async keepWithin(lane: Lane): Promise<void> {
    const { maxBytes } = this.#options;
    const isOver = () => this.#bytesOf(() => true) > maxBytes;
    if (!isOver()) return;
    await this.#inTurn(async () => {
      while (isOver() && (await this.#expire(lane, `the spool has reached ${maxBytes} bytes`)));
    });
  }

  /** Where the disk had no room for `lane`: true where there is some now, and it should be tried again. */
  makeRoom(lane: Lane): Promise<boolean> {
    return this.#inTurn(async () => {
      if (await this.#expire(lane, 'the disk is full')) return true;
      return lane === 'audit' && (await this.#options.reserve?.giveUp()) === true;
    });
  }

  async #expire(forLane: Lane, why: string): Promise<boolean> {
    for (const victim of EXPIRING) {
      for (const each of this.#lanes) {
        if (each.lane === victim && (await each.expireOldest(why))) return true;
      }
      if (victim === forLane) break;
    }
    return false;
  }

  /** False where the disk has no room for the reserve, and nothing is left that could expire for it. */
  async #restore(reserve: SpoolReserve): Promise<boolean> {
    const nowMs = this.#options.clock.elapsedMs();
    if (reserve.isHeld) return true;
    if (nowMs - this.#reserveTriedMs < RESERVE_INTERVAL_MS) return false;
    this.#reserveTriedMs = nowMs;
    do {
      if (await reserve.take()) return true;
    } while (await this.#expire('audit', 'the disk is full'));
    return false;
  }

  #bytesOf(isCounted: (lane: Lane) => boolean): number {
    let bytes = 0;
    for (const { lane, diskBytes } of this.#lanes) if (isCounted(lane)) bytes += diskBytes;
    return bytes;
  }

  /** One after the other: two lanes that find the same limit reached give up one segment, not two. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
