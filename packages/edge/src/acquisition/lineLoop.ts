/**
 * The life of one line: connect, greet its devices, read what is due, and when something fails say so and come back.
 *
 * Invariants: one exchange at a time; ticks fall due beside it, so that a slow answer delays no scan of another device
 * by more than itself; a device that is silent costs the others at most a fixed share of the line; everything happens
 * inside `run`, so that a bug of ours ends it and reaches the supervisor.
 */

import { backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { Exchange, LineReader } from './driver.ts';
import { type LineDevice, RETRY } from './lineDevice.ts';
import type { RequestBudget } from './scan/requestBudget.ts';
import type { ScanClass } from './scan/scanClass.ts';
import type { LineOpener, Tap } from './transport/link.ts';

/** A link that was closed while it was idle is opened again this long before it is needed. */
const CONNECT_BEFORE_SCAN_MS = 1_000;
/** Listening is done in stretches, which end where there is something to ask. */
const MAX_LISTEN_MS = 60_000;
/** Greeting devices that stay silent may take this share of the time of a line on which others answer. */
const SILENT_SHARE = 0.2;

export interface LineParts<L extends Tap> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly reader: LineReader<L>;
  readonly devices: readonly LineDevice[];
  readonly budget: RequestBudget;
  readonly opener: LineOpener<L>;
  /** Whether the link stays open when every device is silent: a serial port does, a connection may be half dead. */
  readonly keepsLink: boolean;
}

/** What is to be done when an operation is over; it may throw the bug that ended it. */
type Afterwards = () => void;

export class LineLoop<L extends Tap> {
  readonly #parts: LineParts<L>;
  readonly #stopping = new AbortController();
  #link: L | undefined;
  /** Set when the link in use was closed. */
  #closed: Fault | undefined;
  /** Connecting, greeting, scanning and listening: one at a time. */
  #busy = false;
  #operation: Promise<void> = Promise.resolve();
  #afterwards: Afterwards | undefined;
  #connectAtMs = Number.NEGATIVE_INFINITY;
  /** Since the last answer to a scan of any device. */
  #failuresInRow = 0;
  /** When the next silent device may be greeted. */
  #silentAtMs = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;
  #cancelAlarm: CancelTimer | undefined;
  #alarmMs = Number.POSITIVE_INFINITY;

  constructor(parts: LineParts<L>) {
    this.#parts = parts;
  }

  get stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  stop(): void {
    this.#stopping.abort();
    this.#link?.close();
    this.#wake?.();
  }

  /** Resolves after `stop`; rejects only with a bug of ours. */
  async run(): Promise<void> {
    try {
      while (!this.stopped) {
        const untilMs = this.#turn();
        await this.#rest(untilMs);
      }
    } finally {
      this.#stopping.abort();
      this.#cancelAlarm?.();
      this.#link?.close();
      await this.#operation;
      this.#parts.reader.disconnected();
      await this.#parts.opener.close();
    }
  }

  /** Does what there is to do now; gives the time at which there will be something again. */
  #turn(): number {
    const afterwards = this.#afterwards;
    this.#afterwards = undefined;
    if (afterwards) {
      this.#busy = false;
      afterwards();
    }
    const nowMs = this.#parts.clock.elapsedMs();
    const { devices } = this.#parts;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const device of devices) {
      if (device.dueMs <= nowMs) device.tick(nowMs);
      dueMs = Math.min(dueMs, device.dueMs);
    }
    if (this.#busy) return dueMs;
    if (this.#link && this.#closed) this.#lose(this.#closed);
    return Math.min(dueMs, this.#link ? this.#serve(nowMs, dueMs) : this.#reach(nowMs));
  }

  #reach(nowMs: number): number {
    if (this.#connectAtMs > nowMs) return this.#connectAtMs;
    this.#begin(this.#connect());
    return Number.POSITIVE_INFINITY;
  }

  /** Asks the device whose need is the most urgent among those that may be asked now. */
  #serve(nowMs: number, dueMs: number): number {
    const lineWaitMs = this.#parts.budget.waitMs();
    let nextMs = Number.POSITIVE_INFINITY;
    let urgent: LineDevice | undefined;
    let urgentMs = Number.POSITIVE_INFINITY;
    for (const device of this.#parts.devices) {
      const atMs = this.#wantsAtMs(device);
      if (atMs === undefined) continue;
      const waitMs = Math.max(lineWaitMs, device.budget.waitMs(), atMs - nowMs);
      if (waitMs > 0) {
        nextMs = Math.min(nextMs, nowMs + waitMs);
        continue;
      }
      const deadlineMs = device.mostUrgent?.deadlineMs ?? Number.NEGATIVE_INFINITY;
      const before = deadlineMs < urgentMs || (deadlineMs === urgentMs && isSteadier(device, urgent));
      if (urgent && !before) continue;
      urgent = device;
      urgentMs = deadlineMs;
    }
    if (urgent) this.#begin(urgent.up ? this.#scan(urgent, urgent.mostUrgent!) : this.#greet(urgent));
    else if (this.#parts.reader.listen)
      this.#begin(this.#listen(Math.min(nextMs, dueMs, nowMs + MAX_LISTEN_MS) - nowMs));
    return nextMs;
  }

  /** From when on a device wants to be asked something; `undefined` where there is nothing to ask. */
  #wantsAtMs(device: LineDevice): number | undefined {
    if (device.up) return device.mostUrgent && Number.NEGATIVE_INFINITY;
    return device.silent ? Math.max(device.greetAtMs, this.#silentAtMs) : device.greetAtMs;
  }

  /** Runs an operation beside the loop, which keeps taking the ticks that fall due. */
  #begin(operation: Promise<Afterwards>): void {
    this.#busy = true;
    const over = (afterwards: Afterwards) => {
      this.#afterwards = afterwards;
      this.#wake?.();
    };
    this.#operation = operation.then(over, (bug) =>
      over(() => {
        throw bug;
      }),
    );
  }

  async #connect(): Promise<Afterwards> {
    const opened = await this.#parts.opener.open(this.#stopping.signal);
    // Nobody takes it any more.
    if (this.stopped && opened.ok) opened.value.close();
    return () => this.#connected(opened);
  }

  async #greet(device: LineDevice): Promise<Afterwards> {
    const { clock, budget } = this.#parts;
    const startedMs = clock.elapsedMs();
    const wasSilent = device.silent;
    budget.started();
    device.asked();
    const exchange = await device.reader.greet!();
    budget.finished();
    device.greeted(exchange);
    if (wasSilent && exchange.outcome === 'silent') {
      const tookMs = clock.elapsedMs() - startedMs;
      this.#silentAtMs = clock.elapsedMs() + tookMs * (1 / SILENT_SHARE - 1);
    }
    return () => this.#took(device, exchange);
  }

  async #scan(device: LineDevice, scanClass: ScanClass): Promise<Afterwards> {
    const { budget } = this.#parts;
    budget.started();
    device.asked();
    const exchange = await scanClass.step(Math.min(budget.atOnce, device.budget.atOnce));
    budget.finished();
    if (this.stopped) return () => {};
    device.scanned(exchange);
    if (exchange.outcome === 'answered') this.#failuresInRow = 0;
    return () => this.#took(device, exchange);
  }

  async #listen(withinMs: number): Promise<Afterwards> {
    const heard = await this.#parts.reader.listen!(withinMs);
    return () => {
      if (!heard.ok) this.#lose(heard.fault);
    };
  }

  #took(device: LineDevice, exchange: Exchange): void {
    if (exchange.outcome === 'lost') {
      this.#lose(exchange.fault);
    } else if (exchange.outcome === 'silent') {
      const { devices, keepsLink } = this.#parts;
      if (keepsLink || devices.some((other) => other !== device && !other.silent)) device.fellSilent(exchange.fault);
      else this.#lose(exchange.fault);
    }
  }

  #connected(opened: Result<L>): void {
    if (!opened.ok) {
      this.#fail(opened.fault);
      return;
    }
    const link = opened.value;
    this.#link = link;
    this.#closed = undefined;
    link.closed.then((fault) => {
      if (this.#link !== link) return;
      this.#closed = fault;
      this.#wake?.();
    });
    this.#parts.reader.connected(link);
    for (const device of this.#parts.devices) device.connected();
  }

  #lose(fault: Fault): void {
    const { devices, reader } = this.#parts;
    const idle = fault.code === 'link.closed' && this.#isIdle();
    this.#link?.close();
    this.#link = undefined;
    this.#closed = undefined;
    reader.disconnected();
    if (!idle) {
      this.#fail(fault);
      return;
    }
    // One that closes after each answer would otherwise be called and greeted all the time between two scans.
    const neededMs = reader.listen ? 0 : Math.min(...devices.map(({ dueMs }) => dueMs)) - CONNECT_BEFORE_SCAN_MS;
    this.#connectAtMs = Math.max(this.#retryTime(1), neededMs);
    for (const device of devices) device.idle();
  }

  #isIdle(): boolean {
    const { devices } = this.#parts;
    return this.#failuresInRow === 0 && devices.some(({ up }) => up) && !devices.some(({ mostUrgent }) => mostUrgent);
  }

  #fail(fault: Fault): void {
    this.#failuresInRow++;
    this.#connectAtMs = this.#retryTime(this.#failuresInRow);
    for (const device of this.#parts.devices) device.lost(fault);
  }

  /** When to connect again after so many failures: what greets a device counts as a request, too. */
  #retryTime(failures: number): number {
    const { clock, random, devices } = this.#parts;
    const waitMs = Math.min(...devices.map((device) => device.budget.waitMs()));
    return clock.elapsedMs() + Math.max(backoffMs(failures - 1, RETRY, random), waitMs);
  }

  /** Until the time is over or something happens, whichever is first. */
  #rest(untilMs: number): Promise<void> {
    if (this.#afterwards || this.stopped || (this.#closed && !this.#busy)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
      this.#setAlarm(untilMs);
    });
  }

  /** An alarm that rings too early does no harm, so most exchanges leave it as it is. */
  #setAlarm(atMs: number): void {
    if (this.#alarmMs <= atMs) return;
    this.#cancelAlarm?.();
    this.#alarmMs = atMs;
    const { clock } = this.#parts;
    this.#cancelAlarm = clock.after(Math.max(0, atMs - clock.elapsedMs()), () => {
      this.#alarmMs = Number.POSITIVE_INFINITY;
      this.#wake?.();
    });
  }
}

/** Of two devices to be greeted the one comes first that was heard last. */
function isSteadier(device: LineDevice, other: LineDevice | undefined): boolean {
  return other === undefined || device.failuresInRow < other.failuresInRow;
}
