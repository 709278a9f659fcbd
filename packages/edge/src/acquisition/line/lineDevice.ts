/**
 * One device on a line: whether it answers, when it is to be asked next, and what is said of its points meanwhile.
 *
 * Invariant: whatever is due gets a reading in its scan, with a value or with the reason why there is none.
 */

import { backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { DeviceState, DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { DeviceReader, Exchange } from '../driver.ts';
import type { RequestBudget } from '../scan/requestBudget.ts';
import type { ScanClass } from '../scan/scanClass.ts';
import type { Blame } from './blame.ts';
import type { DeviceStatistics } from './deviceStatistics.ts';

/** Pauses between attempts to reach a device, or a line. */
export const RETRY = { firstMs: 250, maxMs: 15_000 } as const;

export interface LineDeviceParts {
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly reader: DeviceReader;
  readonly classes: readonly ScanClass[];
  readonly budget: RequestBudget;
  readonly lineBudget: RequestBudget;
  readonly statistics: DeviceStatistics;
  readonly blame: Blame;
}

/** `unmet` on this link; `silent` until it is greeted again; `quiet` until its quiet hours are over. */
type Standing = 'unmet' | 'up' | 'silent' | 'quiet';

export class LineDevice {
  readonly name: string;
  readonly reader: DeviceReader;
  readonly budget: RequestBudget;
  /** How much it has used the line, and when it last did so for nothing; kept by the turns of the line. */
  usedMs = 0;
  failedMs = Number.NEGATIVE_INFINITY;
  readonly #parts: LineDeviceParts;
  #standing: Standing = 'unmet';
  /** Why points have no value while the device does not answer; `undefined` until an attempt has failed. */
  #downStatus: StatusCode | undefined;
  #greetAtMs = Number.NEGATIVE_INFINITY;
  /** It has failed by itself, and not with its line, since it was last greeted. */
  #doubtful = false;
  /** Since the last answer to a scan. */
  #failuresInRow = 0;
  #lastFault: Fault | undefined;

  constructor(parts: LineDeviceParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.reader = parts.reader;
    this.budget = parts.budget;
  }

  get up(): boolean {
    return this.#standing === 'up';
  }

  /** It does not answer although the line is open. */
  get silent(): boolean {
    return this.#standing === 'silent';
  }

  get quiet(): boolean {
    return this.#standing === 'quiet';
  }

  get doubtful(): boolean {
    return this.#doubtful;
  }

  /** When the next tick of a scan class falls due. */
  get dueMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#parts.classes) if (dueMs < earliest) earliest = dueMs;
    return earliest;
  }

  /** From when on it wants to be asked something; infinity where there is nothing to ask. */
  get wantsAtMs(): number {
    if (this.#standing === 'up') return this.mostUrgent ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return this.#standing === 'quiet' || !this.reader.greet ? Number.POSITIVE_INFINITY : this.#greetAtMs;
  }

  /** When the readings it is to be asked for should be there. */
  get deadlineMs(): number {
    return this.mostUrgent?.deadlineMs ?? Number.POSITIVE_INFINITY;
  }

  /** Earliest deadline first: a fast class overtakes a slow one between two requests and can never starve it. */
  get mostUrgent(): ScanClass | undefined {
    let urgent: ScanClass | undefined;
    if (this.#standing !== 'up') return undefined;
    for (const scanClass of this.#parts.classes) {
      if (scanClass.pending > 0 && (!urgent || scanClass.deadlineMs < urgent.deadlineMs)) urgent = scanClass;
    }
    return urgent;
  }

  /** Begins the scans that are due; while the device does not answer they end at once, or when the next one is due. */
  tick(nowMs: number): void {
    for (const scanClass of this.#parts.classes) {
      if (scanClass.dueMs > nowMs) continue;
      const down = this.#standing !== 'up';
      if (down) scanClass.fail(this.#downStatus ?? STATUS.BadNotConnected);
      scanClass.tick(nowMs);
      if (down && this.#downStatus !== undefined) scanClass.fail(this.#downStatus);
    }
    this.#listenTo();
  }

  /** Falls quiet where it is to be left alone, and comes back; called while nothing is asked. One that only listens asks nothing. */
  followQuietHours(): void {
    const quiet = (this.budget.quiet || this.#parts.lineBudget.quiet) && this.reader.greet !== undefined;
    if (quiet === this.quiet) return;
    this.#standing = quiet ? 'quiet' : 'unmet';
    this.#greetAtMs = Number.NEGATIVE_INFINITY;
    this.#downStatus = quiet ? STATUS.BadOutOfService : undefined;
    if (quiet) for (const scanClass of this.#parts.classes) scanClass.fail(STATUS.BadOutOfService);
  }

  /** The line is open. `anew` gives a device that is silent another chance at once. */
  connected(anew: boolean): void {
    if (this.quiet) return;
    if (this.#doubtful && !anew) {
      this.#standing = 'silent';
      return;
    }
    this.#standing = 'unmet';
    this.#greetAtMs = Number.NEGATIVE_INFINITY;
    // One that is only overheard needs no greeting.
    if (!this.reader.greet) this.#isUp();
  }

  /** It has answered its greeting, or not. */
  greeted(exchange: Exchange, tookMs: number): void {
    this.#parts.statistics.exchanged(exchange, tookMs);
    const answered = exchange.outcome === 'answered' || exchange.outcome === 'refused';
    if (answered && !exchange.goesOn) this.#isUp();
  }

  /** It has answered a request of a scan, or not. */
  scanned(exchange: Exchange, tookMs: number): void {
    const { statistics, blame } = this.#parts;
    statistics.exchanged(exchange, tookMs);
    if (exchange.outcome === 'silent' || exchange.outcome === 'lost') return;
    this.#failuresInRow = 0;
    blame.answered(this.name);
    this.#lastFault = exchange.outcome === 'answered' ? undefined : { code: 'device.answer', detail: exchange.detail };
  }

  /** It has not answered, or has made the line unusable: it is greeted again after a while, and the line goes on without it. */
  failed(fault: Fault): void {
    const { clock, random, blame } = this.#parts;
    this.#down(fault);
    this.#standing = 'silent';
    this.#doubtful = true;
    this.#greetAtMs = clock.elapsedMs() + backoffMs(this.#failuresInRow - 1, RETRY, random);
    blame.deviceFailed(this.name, fault.detail);
  }

  /** The line does not come about, or is gone and the device was alone on it. */
  lineFailed(fault: Fault): void {
    if (this.quiet) return;
    this.#standing = 'unmet';
    this.#down(fault);
  }

  /** The line is gone and will soon be there again; what is pending is asked then. */
  interrupted(fault?: Fault): void {
    if (this.quiet) return;
    this.#standing = 'unmet';
    this.#lastFault = fault ?? this.#lastFault;
  }

  status(line: string, protocol: string): DeviceStatus {
    const { classes, statistics, lineBudget } = this.#parts;
    const budgetUsed = this.budget.used;
    const lineBudgetUsed = lineBudget.used;
    return {
      name: this.name,
      line,
      protocol,
      state: this.#state(),
      ...statistics.figures(),
      lastFault: this.#lastFault?.detail ?? this.reader.defect,
      skippedScans: classes.reduce((sum, { skipped }) => sum + skipped, 0),
      discardedAnswers: this.reader.discardedAnswers,
      ...(budgetUsed === undefined ? {} : { budgetUsed }),
      ...(lineBudgetUsed === undefined ? {} : { lineBudgetUsed }),
    };
  }

  #state(): DeviceState {
    if (this.up) return 'running';
    if (this.quiet) return 'quiet';
    return this.#lastFault?.code === 'link.timeout' ? 'silent' : 'connecting';
  }

  #isUp(): void {
    this.#standing = 'up';
    this.#doubtful = false;
    this.#downStatus = undefined;
    const nowMs = this.#parts.clock.elapsedMs();
    for (const scanClass of this.#parts.classes) scanClass.catchUp(nowMs);
  }

  /** A device that is only overheard is there as long as it is heard. */
  #listenTo(): void {
    const { heard } = this.reader;
    if (heard === undefined || !this.up) return;
    const { blame } = this.#parts;
    if (heard) blame.answered(this.name);
    else blame.deviceFailed(this.name, 'it is not heard on the line');
  }

  #down(fault: Fault): void {
    this.#parts.statistics.failed(fault.detail);
    this.#failuresInRow++;
    this.#lastFault = fault;
    this.#downStatus = statusOf(fault);
    for (const scanClass of this.#parts.classes) scanClass.fail(this.#downStatus);
  }
}

/** With these a link does not even begin. */
const NO_LINK: ReadonlySet<string> = new Set(['link.connect', 'link.identity', 'link.credentials']);

function statusOf(fault: Fault): StatusCode {
  if (NO_LINK.has(fault.code)) return STATUS.BadNotConnected;
  return fault.code === 'link.timeout' ? STATUS.BadTimeout : STATUS.BadCommunicationError;
}
