/**
 * The life of one line: connect, greet its devices, read what is due, and when something fails say so and come back.
 *
 * Invariants: one exchange at a time; ticks fall due beside it, so that a slow answer delays no scan of another device
 * by more than itself; every request keeps to the budgets of its device and of the line; a bug of ours ends `run`, and so
 * reaches the supervisor.
 */

import { backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { Exchange, LineReader } from '../driver.ts';
import type { RequestBudget } from '../scan/requestBudget.ts';
import type { ScanClass } from '../scan/scanClass.ts';
import type { LineOpener, Link, Tap } from '../transport/link.ts';
import type { Blame } from './blame.ts';
import { type LineDevice, RETRY } from './lineDevice.ts';
import { LineTurns } from './lineTurns.ts';

/** A link that was closed while it was idle is opened again this long before it is needed. */
const CONNECT_BEFORE_SCAN_MS = 1_000;
/** A driver that tried what it must not try will try it again: its device is not called as if a cable had been loose. */
const FORBIDDEN_FAILURES = 10;
/** Listening is done in stretches, which end where there is something to ask. */
const MAX_LISTEN_MS = 60_000;

export interface LineParts<L extends Tap> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly reader: LineReader<L>;
  readonly devices: readonly LineDevice[];
  readonly budget: RequestBudget;
  readonly blame: Blame;
  readonly opener: LineOpener<L>;
  /** Whether the link stays open when every device is silent: a serial port does, a connection may be half dead. */
  readonly keepsLink: boolean;
}

export class LineLoop<L extends Tap> {
  readonly #parts: LineParts<L>;
  readonly #turns: LineTurns;
  readonly #stopping = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #link: L | undefined;
  /** Set when the link in use was closed. */
  #closed: Fault | undefined;
  /** Connecting, greeting, scanning and listening: one at a time. */
  #busy = false;
  #operation: Promise<void> = Promise.resolve();
  #connectAtMs = Number.NEGATIVE_INFINITY;
  /** Since the last answer to a scan of any device. */
  #failuresInRow = 0;
  #cancelAlarm: CancelTimer | undefined;
  #alarmMs = Number.POSITIVE_INFINITY;

  constructor(parts: LineParts<L>) {
    this.#parts = parts;
    this.#turns = new LineTurns(parts.clock, parts.devices);
  }

  get stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  stop(): void {
    this.#stopping.abort();
    this.#leave();
    this.#link?.close();
    this.#ended.resolve();
  }

  /** Resolves after `stop`; rejects only with a bug of ours. */
  async run(): Promise<void> {
    this.#proceed();
    try {
      await this.#ended.promise;
    } finally {
      this.#stopping.abort();
      this.#cancelAlarm?.();
      this.#link?.close();
      await this.#operation;
      this.#parts.reader.disconnected();
      await this.#parts.opener.close();
    }
  }

  /** Called whenever something has happened; calling it once too often does no harm. */
  readonly #proceed = (): void => {
    if (this.stopped) return;
    try {
      this.#setAlarm(this.#turn());
    } catch (bug) {
      this.#ended.reject(bug);
    }
  };

  /** Does what there is to do now; gives the time at which there will be something again. */
  #turn(): number {
    const nowMs = this.#parts.clock.elapsedMs();
    let dueMs = Number.POSITIVE_INFINITY;
    for (const device of this.#parts.devices) {
      if (device.dueMs <= nowMs) device.tick(nowMs);
      dueMs = Math.min(dueMs, device.dueMs);
    }
    if (this.#busy) return dueMs;
    if (this.#link && this.#closed) this.#lose(this.#closed);
    dueMs = Math.min(dueMs, this.#followQuietHours(nowMs));
    if (this.#parts.devices.every(({ quiet }) => quiet)) return dueMs;
    return Math.min(dueMs, this.#link ? this.#serve(nowMs, dueMs) : this.#reach(nowMs));
  }

  /** A line on which nothing may be asked is given free for others. Gives the time at which that may change. */
  #followQuietHours(nowMs: number): number {
    const { devices, budget } = this.#parts;
    let unchangedMs = budget.quietUnchangedMs;
    let quiet = true;
    for (const device of devices) {
      unchangedMs = Math.min(unchangedMs, device.budget.quietUnchangedMs);
      device.followQuietHours();
      quiet &&= device.quiet;
    }
    if (quiet && this.#link) {
      this.#leave();
      this.#disconnect();
    }
    return nowMs + unchangedMs;
  }

  #reach(nowMs: number): number {
    if (this.#connectAtMs > nowMs) return this.#connectAtMs;
    this.#begin(this.#connect());
    return Number.POSITIVE_INFINITY;
  }

  #serve(nowMs: number, dueMs: number): number {
    const device = this.#turns.next(nowMs, this.#parts.budget.waitMs());
    const nextMs = this.#turns.nextMs;
    if (device) this.#begin(this.#ask(device, device.mostUrgent));
    else if (this.#parts.reader.listen)
      this.#begin(this.#listen(Math.min(nextMs, dueMs, nowMs + MAX_LISTEN_MS) - nowMs));
    return nextMs;
  }

  /** Runs an operation beside the loop, which keeps taking the ticks that fall due. */
  #begin(operation: Promise<void>): void {
    this.#busy = true;
    this.#operation = operation.then(this.#over, this.#crashed);
  }

  readonly #over = (): void => {
    this.#busy = false;
    this.#proceed();
  };

  readonly #crashed = (bug: unknown): void => this.#ended.reject(bug);

  async #connect(): Promise<void> {
    const opened = await this.#parts.opener.open(this.#stopping.signal);
    if (!this.stopped) this.#connected(opened);
    // Nobody takes it any more.
    else if (opened.ok) opened.value.close();
  }

  /** Asks for what a scan needs most, or greets the device where there is no scan. */
  async #ask(device: LineDevice, scan: ScanClass | undefined): Promise<void> {
    const { clock, budget } = this.#parts;
    const startedMs = clock.elapsedMs();
    const link: (Tap & Partial<Link>) | undefined = this.#link;
    budget.started(wireBytesOf(link));
    device.budget.started();
    const atOnce = Math.min(budget.atOnce, device.budget.atOnce);
    const exchange = scan ? await scan.step(atOnce) : await device.reader.greet!();
    budget.finished(exchange.requests, link?.sentAtMs, wireBytesOf(link));
    device.budget.finished(exchange.requests, link?.sentAtMs);
    if (this.stopped) return;
    const tookMs = clock.elapsedMs() - startedMs;
    const answered = exchange.outcome === 'answered' || exchange.outcome === 'refused';
    const costMs = exchange.outcome === 'lost' ? tookMs + RETRY.firstMs : tookMs;
    this.#turns.used(device, costMs, answered, scan === undefined);
    if (scan) device.scanned(exchange, tookMs);
    else device.greeted(exchange, tookMs);
    if (answered && scan) this.#failuresInRow = 0;
    this.#judge(device, exchange);
  }

  async #listen(withinMs: number): Promise<void> {
    const heard = await this.#parts.reader.listen!(withinMs);
    if (!heard.ok && !this.stopped) this.#lose(heard.fault);
  }

  #judge(device: LineDevice, exchange: Exchange): void {
    if (exchange.outcome !== 'lost' && exchange.outcome !== 'silent') return;
    const { devices, keepsLink, blame } = this.#parts;
    const { fault } = exchange;
    const alone = devices.length === 1;
    if (exchange.outcome === 'lost') {
      // Whoever was asked when the line was lost may be the one who makes it unusable.
      this.#lose(fault, device);
      if (!alone) device.failed(fault);
      return;
    }
    if (!alone || keepsLink) device.failed(fault);
    if (devices.some((other) => other !== device && !other.silent && !other.quiet)) return;
    if (!keepsLink) this.#lose(fault);
    else if (!alone) blame.lineFailed(`none of its devices answers; the last one: ${fault.detail}`);
  }

  #connected(opened: Result<L>): void {
    const { devices, reader } = this.#parts;
    if (!opened.ok) {
      this.#fail(opened.fault);
      for (const device of devices) device.lineFailed(opened.fault);
      return;
    }
    const link = opened.value;
    this.#link = link;
    this.#closed = undefined;
    link.closed.then((fault) => {
      if (this.#link !== link) return;
      this.#closed = fault;
      this.#proceed();
    });
    reader.connected(link);
    const anew = devices.every(({ doubtful }) => doubtful);
    for (const device of devices) device.connected(anew);
  }

  #leave(): void {
    if (this.#link && !this.#closed) this.#parts.reader.leave?.();
  }

  #disconnect(fault?: Fault): void {
    const link = this.#link;
    this.#link = undefined;
    this.#closed = undefined;
    link?.close();
    this.#parts.reader.disconnected();
    for (const device of this.#parts.devices) device.interrupted(fault);
  }

  #lose(fault: Fault, culprit?: LineDevice): void {
    const { devices, reader } = this.#parts;
    if (!culprit && fault.code === 'link.closed' && this.#isIdle()) {
      this.#disconnect();
      // One that closes after each answer would otherwise be called and greeted all the time between two scans.
      const neededMs = reader.listen ? 0 : Math.min(...devices.map(({ dueMs }) => dueMs)) - CONNECT_BEFORE_SCAN_MS;
      this.#connectAtMs = Math.max(this.#retryTime(1), neededMs);
      return;
    }
    this.#disconnect(fault);
    this.#fail(fault, culprit);
    if (devices.length === 1) devices[0].lineFailed(fault);
  }

  /** Some devices close the line while nothing is asked, which is not yet a failure. */
  #isIdle(): boolean {
    const { devices } = this.#parts;
    return this.#failuresInRow === 0 && devices.some(({ up }) => up) && !devices.some(({ mostUrgent }) => mostUrgent);
  }

  #fail(fault: Fault, culprit?: LineDevice): void {
    // A line that was well is opened again at once for the sake of the others.
    const forOthers = this.#failuresInRow === 0 && culprit !== undefined && this.#parts.devices.length > 1;
    this.#failuresInRow++;
    const failures = fault.code === 'frame.forbidden' ? FORBIDDEN_FAILURES : this.#failuresInRow;
    this.#connectAtMs = forOthers ? this.#greetTime() : this.#retryTime(failures);
    this.#parts.blame.lineFailed(fault.detail, culprit?.name);
  }

  /** When to connect again after so many failures. */
  #retryTime(failures: number): number {
    const { clock, random } = this.#parts;
    return Math.max(clock.elapsedMs() + backoffMs(failures - 1, RETRY, random), this.#greetTime());
  }

  /** When a device may be greeted: before that a link is of no use. */
  #greetTime(): number {
    const { clock, devices, budget } = this.#parts;
    const waitMs = Math.max(budget.waitMs(), Math.min(...devices.map((device) => device.budget.waitMs())));
    return clock.elapsedMs() + waitMs;
  }

  /** An alarm that rings too early does no harm, so most exchanges leave it as it is. */
  #setAlarm(atMs: number): void {
    if (this.#alarmMs <= atMs) return;
    this.#cancelAlarm?.();
    this.#alarmMs = atMs;
    const { clock } = this.#parts;
    this.#cancelAlarm = clock.after(Math.max(0, atMs - clock.elapsedMs()), () => {
      this.#alarmMs = Number.POSITIVE_INFINITY;
      this.#proceed();
    });
  }
}

/** All bytes that the link has seen so far. */
function wireBytesOf(link: (Tap & Partial<Link>) | undefined): number {
  return link ? link.receivedBytes + (link.sentBytes ?? 0) : 0;
}
