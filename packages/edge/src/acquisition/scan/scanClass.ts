/** One scan class of a device at work: its schedule, its points, and how many ticks it could not keep. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanGroup } from '../driver.ts';
import type { SlidingHistogram } from '../line/slidingHistogram.ts';
import type { ScanSchedule } from './scanSchedule.ts';

/** Where the next tick is nearer than this, it is waited for. */
const CATCH_UP_BEFORE_TICK_MS = 1_000;

export interface ScanClassParts {
  readonly schedule: ScanSchedule;
  readonly intervalMs: number;
  readonly group: ScanGroup;
  readonly clock: Clock;
  /** Takes the time from each tick to the first request of its scan. */
  readonly lateness: SlidingHistogram;
}

export class ScanClass {
  readonly #schedule: ScanSchedule;
  readonly #group: ScanGroup;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #lateness: SlidingHistogram;
  /** When the tick was due whose scan has not begun yet; `undefined` where it has. */
  #unbegunMs: number | undefined;
  /** When the last scan had been read to its end. */
  #busyUntilMs = Number.NEGATIVE_INFINITY;
  #deadlineMs = 0;
  #skipped = 0;
  #failed = false;

  constructor({ schedule, intervalMs, group, clock, lateness }: ScanClassParts) {
    this.#clock = clock;
    this.#schedule = schedule;
    this.#intervalMs = intervalMs;
    this.#group = group;
    this.#lateness = lateness;
  }

  get dueMs(): number {
    return this.#schedule.dueMs;
  }

  /** How many requests the points that are due still take. */
  get pending(): number {
    return this.#group.pending;
  }

  /** When the readings under way should be there: at the next tick. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Ticks that fell due while the points of an earlier one were still being read. */
  get skipped(): number {
    return this.#skipped;
  }

  /**
   * Begins a scan if one is due. A tick that fell due while the scan before it was still being read is skipped, never
   * queued; one that is late because another class was being read begins late.
   */
  tick(nowMs: number): void {
    const passed = this.#schedule.take(nowMs);
    if (passed === undefined) return;
    this.#skipped += passed;
    const nextDueMs = this.#schedule.dueMs;
    const overrun = nextDueMs - this.#intervalMs < this.#busyUntilMs;
    if (overrun || this.#group.pending > 0) this.#skipped++;
    else {
      this.#begin(nextDueMs);
      this.#unbegunMs = this.#schedule.takenMs;
    }
  }

  /**
   * The device is back: points whose last scan failed are read at once where their next tick is far off, so that a slow
   * class does not stay bad until then.
   */
  catchUp(nowMs: number): void {
    if (this.#failed && this.#group.pending === 0 && this.dueMs - nowMs > CATCH_UP_BEFORE_TICK_MS)
      this.#begin(this.dueMs);
  }

  /** One exchange, of at most `limit` requests at once. */
  async step(limit: number): Promise<Exchange> {
    if (this.#unbegunMs !== undefined) {
      this.#lateness.add(this.#clock.elapsedMs() - this.#unbegunMs);
      this.#unbegunMs = undefined;
    }
    const exchange = await this.#group.step(limit);
    if (this.#group.pending === 0) this.#busyUntilMs = this.#clock.elapsedMs();
    return exchange;
  }

  /** Gives the points that are due and unread a reading without value. */
  fail(status: StatusCode): void {
    if (this.#group.pending === 0) return;
    this.#failed = true;
    this.#unbegunMs = undefined;
    this.#group.fail(status);
  }

  #begin(deadlineMs: number): void {
    this.#failed = false;
    this.#deadlineMs = deadlineMs;
    this.#group.begin();
  }
}
