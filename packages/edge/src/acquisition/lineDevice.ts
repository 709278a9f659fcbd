/**
 * One device on a line: whether it answers, when it is to be asked next, and what is said of its points meanwhile.
 *
 * Invariant: whatever is due gets a reading in its scan, with a value or with the reason why there is none.
 */

import { backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import { DevicePresence } from './devicePresence.ts';
import type { DeviceReader, Exchange } from './driver.ts';
import type { RequestBudget } from './scan/requestBudget.ts';
import type { ScanClass } from './scan/scanClass.ts';

/** Pauses between attempts to reach a device, or a line. */
export const RETRY = { firstMs: 250, maxMs: 15_000 } as const;

export interface LineDeviceParts {
  readonly name: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly random: () => number;
  readonly reader: DeviceReader;
  readonly classes: readonly ScanClass[];
  readonly budget: RequestBudget;
}

/** `unmet` since the line was opened; `silent` until it is greeted again. */
type Presence = 'unmet' | 'up' | 'silent';

export class LineDevice {
  readonly name: string;
  readonly reader: DeviceReader;
  readonly budget: RequestBudget;
  readonly #parts: LineDeviceParts;
  readonly #presence: DevicePresence;
  #state: Presence = 'unmet';
  /** Why points have no value while the device does not answer; `undefined` until an attempt has failed. */
  #downStatus: StatusCode | undefined;
  #greetAtMs = Number.NEGATIVE_INFINITY;
  /** Since the last answer to a scan. */
  #failuresInRow = 0;
  #requests = 0;
  #failures = 0;
  #lastFault: Fault | undefined;

  constructor(parts: LineDeviceParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.reader = parts.reader;
    this.budget = parts.budget;
    this.#presence = new DevicePresence(parts.name, parts);
  }

  /** It does not answer although the line is open. */
  get silent(): boolean {
    return this.#state === 'silent';
  }

  get up(): boolean {
    return this.#state === 'up';
  }

  get failuresInRow(): number {
    return this.#failuresInRow;
  }

  /** When the next tick of a scan class falls due. */
  get dueMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#parts.classes) if (dueMs < earliest) earliest = dueMs;
    return earliest;
  }

  /** From when on it may be greeted; infinity where it needs no greeting. */
  get greetAtMs(): number {
    return this.#state === 'up' || !this.reader.greet ? Number.POSITIVE_INFINITY : this.#greetAtMs;
  }

  /** Earliest deadline first: a fast class overtakes a slow one between two requests and can never starve it. */
  get mostUrgent(): ScanClass | undefined {
    let urgent: ScanClass | undefined;
    if (this.#state !== 'up') return undefined;
    for (const scanClass of this.#parts.classes) {
      if (scanClass.pending > 0 && (!urgent || scanClass.deadlineMs < urgent.deadlineMs)) urgent = scanClass;
    }
    return urgent;
  }

  /** Begins the scans that are due; while the device does not answer they end at once, or when the next one is due. */
  tick(nowMs: number): void {
    for (const scanClass of this.#parts.classes) {
      if (scanClass.dueMs > nowMs) continue;
      const down = this.#state !== 'up';
      if (down) scanClass.fail(this.#downStatus ?? STATUS.BadNotConnected);
      scanClass.tick(nowMs);
      if (down && this.#downStatus !== undefined) scanClass.fail(this.#downStatus);
    }
    this.#listenTo();
  }

  /** A line is open. A device that is only overheard needs no greeting. */
  connected(): void {
    this.#state = 'unmet';
    this.#greetAtMs = Number.NEGATIVE_INFINITY;
    if (!this.reader.greet) this.#isUp();
  }

  asked(): void {
    this.#requests++;
    this.budget.started();
  }

  /** It has answered its greeting. */
  greeted(exchange: Exchange): void {
    this.budget.finished();
    if (exchange.outcome === 'answered' || exchange.outcome === 'refused') this.#isUp();
  }

  /** It has answered, or refused, a request of a scan. */
  scanned(exchange: Exchange): void {
    this.budget.finished();
    if (exchange.outcome === 'silent' || exchange.outcome === 'lost') return;
    this.#failuresInRow = 0;
    this.#presence.answered();
    if (exchange.outcome === 'answered') {
      this.#lastFault = undefined;
    } else {
      this.#failures++;
      this.#lastFault = { code: 'device.answer', detail: exchange.detail };
    }
  }

  /** It has not answered; it is greeted again after a while, and the line goes on without it. */
  fellSilent(fault: Fault): void {
    this.#fail(fault);
    const { clock, random } = this.#parts;
    this.#state = 'silent';
    this.#greetAtMs = clock.elapsedMs() + backoffMs(this.#failuresInRow - 1, RETRY, random);
  }

  /** The line is gone, or does not come about. */
  lost(fault: Fault): void {
    this.#state = 'unmet';
    this.#fail(fault);
  }

  /** The line was closed while nothing was asked, which is not yet a failure: some devices do so when they are idle. */
  idle(): void {
    this.#state = 'unmet';
  }

  status(): DeviceStatus {
    const { classes } = this.#parts;
    return {
      name: this.name,
      state: this.#state === 'up' ? 'running' : this.#lastFault?.code === 'link.timeout' ? 'silent' : 'connecting',
      requests: this.#requests,
      failures: this.#failures,
      lastFault: this.#lastFault?.detail ?? this.reader.defect,
      skippedScans: classes.reduce((sum, { skipped }) => sum + skipped, 0),
      discardedAnswers: this.reader.discardedAnswers,
    };
  }

  #isUp(): void {
    this.#state = 'up';
    this.#downStatus = undefined;
    const nowMs = this.#parts.clock.elapsedMs();
    for (const scanClass of this.#parts.classes) scanClass.catchUp(nowMs);
  }

  /** A device that is only overheard is there as long as it is heard. */
  #listenTo(): void {
    const { heard } = this.reader;
    if (heard === undefined || this.#state !== 'up') return;
    if (heard) this.#presence.answered();
    else this.#presence.failed('it is not heard on the line');
  }

  #fail(fault: Fault): void {
    this.#failures++;
    this.#failuresInRow++;
    this.#lastFault = fault;
    this.#downStatus = statusOf(fault);
    for (const scanClass of this.#parts.classes) scanClass.fail(this.#downStatus);
    this.#presence.failed(fault.detail);
  }
}

/** With these a link does not even begin. */
const NO_LINK: ReadonlySet<string> = new Set(['link.connect', 'link.identity', 'link.credentials']);

function statusOf(fault: Fault): StatusCode {
  if (NO_LINK.has(fault.code)) return STATUS.BadNotConnected;
  return fault.code === 'link.timeout' ? STATUS.BadTimeout : STATUS.BadCommunicationError;
}
