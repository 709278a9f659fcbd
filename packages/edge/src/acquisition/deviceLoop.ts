/**
 * The life of one device: connect, read what is due, and when the line fails say so for every point and come back.
 *
 * Invariants: one exchange at a time; whatever is due gets a reading in its scan, with a value or with the reason why
 * there is none; everything happens inside `run`, so that a bug of ours ends it and reaches the supervisor.
 */

import { backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import { DevicePresence } from './devicePresence.ts';
import type { DeviceReader, Link } from './driver.ts';
import type { RequestPace } from './scan/requestPace.ts';
import type { ScanClass } from './scan/scanClass.ts';

/** Pauses between attempts to reach a device. */
const RECONNECT = { firstMs: 250, maxMs: 15_000 } as const;
/** A link that was closed while it was idle is opened again this long before it is needed. */
const CONNECT_BEFORE_SCAN_MS = 1_000;

export type OpenLink = (signal: AbortSignal) => Promise<Result<Link>>;

export interface DeviceParts {
  readonly name: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly random: () => number;
  readonly reader: DeviceReader;
  readonly classes: readonly ScanClass[];
  readonly pace: RequestPace;
  readonly openLink: OpenLink;
}

/** What has come of an attempt to connect; `bug` is an exception on the way. */
type Attempt = { readonly result: Result<Link> } | { readonly bug: unknown };

export class DeviceLoop {
  readonly #parts: DeviceParts;
  readonly #presence: DevicePresence;
  readonly #stopping = new AbortController();
  #link: Link | undefined;
  /** Set when the link in use was closed between two exchanges. */
  #closed: Fault | undefined;
  #connecting = false;
  #attempt: Attempt | undefined;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  /** Failures since the last answer to a scan. */
  #failuresInRow = 0;
  /** Why points have no value while there is no link; `undefined` until an attempt has failed. */
  #downStatus: StatusCode | undefined;
  #wake: (() => void) | undefined;
  #requests = 0;
  #failures = 0;
  #lastFault: Fault | undefined;

  constructor(parts: DeviceParts) {
    this.#parts = parts;
    this.#presence = new DevicePresence(parts.name, parts);
  }

  stop(): void {
    this.#stopping.abort();
    this.#link?.close();
    this.#wake?.();
  }

  status(): DeviceStatus {
    const { name, reader, classes } = this.#parts;
    return {
      name,
      state: this.#state(),
      requests: this.#requests,
      failures: this.#failures,
      lastFault: this.#lastFault?.detail ?? reader.defect,
      skippedScans: classes.reduce((sum, scanClass) => sum + scanClass.skipped, 0),
      discardedAnswers: reader.discardedAnswers,
    };
  }

  /** Resolves after `stop`; rejects only with a bug of ours. */
  async run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) await this.#turn();
    } finally {
      this.#stopping.abort();
      this.#link?.close();
      this.#parts.reader.disconnected();
    }
  }

  #state(): DeviceStatus['state'] {
    if (this.#stopping.signal.aborted) return 'stopped';
    if (this.#link) return 'running';
    return this.#lastFault?.code === 'link.timeout' ? 'silent' : 'connecting';
  }

  async #turn(): Promise<void> {
    if (this.#attempt) this.#takeAttempt(this.#attempt);
    if (this.#link && this.#closed) this.#lose(this.#closed);
    const { clock, pace } = this.#parts;
    const nowMs = clock.elapsedMs();
    this.#tick(nowMs);
    const next = this.#link ? this.#mostUrgent() : undefined;
    if (next) {
      const waitMs = pace.waitMs();
      if (waitMs <= 0) await this.#exchange(next);
      else await this.#sleep(Math.min(waitMs, this.#nextDueMs() - nowMs));
      return;
    }
    let untilMs = this.#nextDueMs();
    if (!this.#link && !this.#connecting) {
      if (this.#retryAtMs <= nowMs) this.#connect();
      else untilMs = Math.min(untilMs, this.#retryAtMs);
    }
    await this.#sleep(untilMs - nowMs);
  }

  /** Begins the scans that are due; without a link they end at once, or at the latest when the next one is due. */
  #tick(nowMs: number): void {
    for (const scanClass of this.#parts.classes) {
      if (scanClass.dueMs > nowMs) continue;
      if (!this.#link) scanClass.fail(this.#downStatus ?? STATUS.BadNotConnected);
      scanClass.tick(nowMs);
      if (!this.#link && this.#downStatus !== undefined) scanClass.fail(this.#downStatus);
    }
  }

  /** Earliest deadline first: a fast class overtakes a slow one between two requests and can never starve it. */
  #mostUrgent(): ScanClass | undefined {
    let urgent: ScanClass | undefined;
    for (const scanClass of this.#parts.classes) {
      if (scanClass.pending && (!urgent || scanClass.deadlineMs < urgent.deadlineMs)) urgent = scanClass;
    }
    return urgent;
  }

  #nextDueMs(): number {
    return this.#parts.classes.reduce((earliest, { dueMs }) => Math.min(earliest, dueMs), Number.POSITIVE_INFINITY);
  }

  async #exchange(scanClass: ScanClass): Promise<void> {
    const { pace } = this.#parts;
    this.#requests++;
    pace.started();
    const exchange = await scanClass.step();
    pace.finished();
    if (this.#stopping.signal.aborted) return;
    if (exchange.outcome === 'lost') {
      this.#lose(exchange.fault);
      return;
    }
    this.#failuresInRow = 0;
    this.#presence.answered();
    if (exchange.outcome === 'answered') {
      this.#lastFault = undefined;
    } else {
      this.#failures++;
      this.#lastFault = { code: 'device.answer', detail: exchange.detail };
    }
  }

  /** Connects beside the loop, which keeps giving the points that fall due their bad readings. */
  #connect(): void {
    this.#connecting = true;
    this.#open().then(
      (result) => this.#attempted({ result }),
      (bug) => this.#attempted({ bug }),
    );
  }

  async #open(): Promise<Result<Link>> {
    const { openLink, reader, pace } = this.#parts;
    const opened = await openLink(this.#stopping.signal);
    if (!opened.ok) return opened;
    if (this.#stopping.signal.aborted) {
      opened.value.close();
      return opened;
    }
    const stopGreeting = () => opened.value.close();
    this.#stopping.signal.addEventListener('abort', stopGreeting, { once: true });
    this.#requests++;
    pace.started();
    const greeted = await reader.connected(opened.value);
    pace.finished();
    this.#stopping.signal.removeEventListener('abort', stopGreeting);
    return greeted.ok ? opened : this.#turnedAway(opened.value, greeted.fault);
  }

  #turnedAway(link: Link, fault: Fault): Result<Link> {
    link.close();
    this.#parts.reader.disconnected();
    return { ok: false, fault };
  }

  #attempted(attempt: Attempt): void {
    // Nobody takes it any more.
    if (this.#stopping.signal.aborted && 'result' in attempt && attempt.result.ok) attempt.result.value.close();
    this.#attempt = attempt;
    this.#wake?.();
  }

  #takeAttempt(attempt: Attempt): void {
    this.#attempt = undefined;
    this.#connecting = false;
    if ('bug' in attempt) throw attempt.bug;
    if (!attempt.result.ok) {
      this.#fail(attempt.result.fault);
      return;
    }
    const link = attempt.result.value;
    this.#link = link;
    this.#closed = undefined;
    this.#downStatus = undefined;
    link.closed.then((fault) => {
      if (this.#link !== link) return;
      this.#closed = fault;
      this.#wake?.();
    });
    const nowMs = this.#parts.clock.elapsedMs();
    for (const scanClass of this.#parts.classes) scanClass.catchUp(nowMs);
  }

  /** A link closed while nothing was asked is not yet a failure: some devices do so when they are idle. */
  #lose(fault: Fault): void {
    this.#link?.close();
    this.#link = undefined;
    this.#closed = undefined;
    this.#parts.reader.disconnected();
    const idle = this.#failuresInRow === 0 && this.#mostUrgent() === undefined;
    if (!idle) this.#fail(fault);
    // One that closes after each answer would otherwise be called and greeted all the time between two scans.
    else this.#retryAtMs = Math.max(this.#retryTime(1), this.#nextDueMs() - CONNECT_BEFORE_SCAN_MS);
  }

  /** When to connect again after so many failures: what greets the device counts as a request, too. */
  #retryTime(failures: number): number {
    const { clock, random, pace } = this.#parts;
    return clock.elapsedMs() + Math.max(backoffMs(failures - 1, RECONNECT, random), pace.waitMs());
  }

  #fail(fault: Fault): void {
    this.#failures++;
    this.#failuresInRow++;
    this.#lastFault = fault;
    this.#downStatus = statusOf(fault);
    this.#retryAtMs = this.#retryTime(this.#failuresInRow);
    for (const scanClass of this.#parts.classes) scanClass.fail(this.#downStatus);
    this.#presence.failed(fault.detail);
  }

  /** Until the time is over or something happens, whichever is first. */
  #sleep(ms: number): Promise<void> {
    if (ms <= 0 || this.#attempt || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      let cancel: CancelTimer | undefined;
      this.#wake = () => {
        cancel?.();
        this.#wake = undefined;
        resolve();
      };
      if (ms < Number.POSITIVE_INFINITY) cancel = this.#parts.clock.after(ms, this.#wake);
    });
  }
}

function statusOf(fault: Fault): StatusCode {
  if (fault.code === 'link.connect') return STATUS.BadNotConnected;
  return fault.code === 'link.timeout' ? STATUS.BadTimeout : STATUS.BadCommunicationError;
}
