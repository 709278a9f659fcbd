/** A line in virtual time: Modbus units that behave as a test says, and everything that was asked of them. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { rtuFraming } from '../drivers/modbus/framing/rtuFraming.ts';
import { modbusRtuDriver, modbusTcpDriver } from '../drivers/modbus/modbusDrivers.ts';
import { type DeviceConfig, type LineConfig, type RunningLine, runLine } from '../line/line.ts';
import type { LineOpener, Link } from '../transport/link.ts';
import type { SerialMedium } from '../transport/medium.ts';
import { ownAddresses, Recorder } from './testLine.ts';

/** What a unit does with a request, and after how many milliseconds. */
export interface Reaction {
  readonly does: 'answer' | 'refuse' | 'babble' | 'close' | 'nothing';
  readonly afterMs: number;
}

export interface AskedRequest {
  readonly unit: number;
  readonly atMs: number;
  /** When anything was heard on the line after it, or the link was closed; `undefined` where neither has happened. */
  doneMs?: number;
  /** Of the request and of all that came of it. */
  wireBytes: number;
}

const SERIAL: SerialMedium = {
  kind: 'serial',
  path: '/dev/ttyS0',
  baudRate: 9600,
  dataBits: 8,
  parity: 'even',
  stopBits: 1,
};
/** Exceptions of the Modbus Application Protocol V1.1b3, 7. */
const NO_SUCH_FUNCTION = 1;
const BUSY = 6;
const LONGEST_SILENCE_MS = 1_000;
const BABBLE = Uint8Array.from({ length: 64 }, (_, index) => (index * 37) & 0xff);

export class VirtualLine {
  readonly clock: ManualClock;
  readonly recorder = new Recorder();
  readonly asked: AskedRequest[] = [];
  readonly connectsMs: number[] = [];
  /** Whether the line can be opened. */
  reachable = true;
  react: (unit: number, atMs: number) => Reaction = () => ({ does: 'answer', afterMs: 5 });
  readonly #framing: 'tcp' | 'rtu';
  #link: VirtualLink | undefined;

  constructor(framing: 'tcp' | 'rtu' = 'tcp', start = 0 as Timestamp) {
    this.#framing = framing;
    this.clock = new ManualClock(start);
  }

  /** Units 1 and on, each a device `unit-1` with a point or more in one scan class. */
  config(units: number, changes: Partial<DeviceConfig> = {}, line: Partial<LineConfig> = {}): LineConfig {
    const driver = this.#framing === 'tcp' ? modbusTcpDriver : modbusRtuDriver;
    const devices = Array.from({ length: units }, (_, index): DeviceConfig => {
      return {
        name: `unit-${index + 1}`,
        options: driver.options.parse({ unit: index + 1 }),
        timeoutMs: 200,
        limits: {},
        scanClasses: { scan: { intervalMs: 1000 } },
        points: [{ tag: index, address: 'holding:1', dataType: 'uint16', scanClass: 'scan' }],
        ...changes,
      };
    });
    const network = { kind: 'tcp', host: '192.0.2.1', port: 502, connectTimeoutMs: 3000, tls: undefined } as const;
    const medium = this.#framing === 'tcp' ? network : SERIAL;
    return { name: 'line-1', driver, medium, limits: {}, devices, ...line };
  }

  start(config: LineConfig): RunningLine {
    const opener: LineOpener<Link> = { open: async () => this.#open(), close: async () => {} };
    return runLine(config, { ...this.recorder.ports, clock: this.clock, random: () => 0.5 }, opener);
  }

  /** A driver may be waiting for a silence of the line, which takes its time. */
  async stop(running: RunningLine): Promise<void> {
    const stopped = running.stop();
    await this.pass(LONGEST_SILENCE_MS);
    await stopped;
  }

  /** In steps of a millisecond, so that every chain of promises has time to run out. */
  async pass(ms: number): Promise<void> {
    for (let step = 0; step < ms; step++) {
      await this.clock.advance(1);
      await this.clock.advance(0);
    }
  }

  cut(): void {
    this.#link?.close();
  }

  /** How many readings of the unit had this status. */
  count(unit: number, status: string): number {
    return this.recorder.of(unit - 1).filter((reading) => reading.status === status).length;
  }

  #open(): Result<Link> {
    this.connectsMs.push(this.clock.elapsedMs());
    if (!this.reachable) return failure('link.connect', 'nobody there');
    const link = new VirtualLink(this.clock, (frame) => this.#hear(link, frame));
    link.closed.then(() => this.#happened());
    this.#link = link;
    return success(link);
  }

  #hear(link: VirtualLink, frame: Uint8Array): void {
    const unit = this.#framing === 'tcp' ? frame[6] : frame[0];
    const atMs = this.clock.elapsedMs();
    const request: AskedRequest = { unit, atMs, wireBytes: frame.length };
    this.asked.push(request);
    const { does, afterMs } = this.react(unit, atMs);
    if (does === 'nothing') return;
    this.clock.after(afterMs, () => {
      const bytes = does === 'babble' ? BABBLE : does === 'close' ? undefined : this.#answer(frame, does === 'refuse');
      this.#happened();
      if (!bytes) link.close('closed by the other side');
      else request.wireBytes += link.arrive(bytes);
    });
  }

  #happened(): void {
    for (const request of this.asked) request.doneMs ??= this.clock.elapsedMs();
  }

  #answer(frame: Uint8Array, refuses: boolean): Uint8Array {
    const tcp = this.#framing === 'tcp';
    const request = tcp ? frame : Uint8Array.of(0, 0, 0, 0, 0, 6, ...frame.subarray(0, 6));
    const isOfRegisters = request[7] === 3 || request[7] === 4;
    const exception = isOfRegisters ? BUSY : NO_SUCH_FUNCTION;
    const refusal = Uint8Array.of(...request.subarray(0, 5), 3, request[6], request[7] | 0x80, exception);
    const answer = refuses || !isOfRegisters ? refusal : ownAddresses(request);
    return tcp ? answer : rtuFraming.encode(answer[6], answer.subarray(7));
  }
}

class VirtualLink implements Link {
  readonly closed: Promise<Fault>;
  sentBytes = 0;
  receivedBytes = 0;
  sentAtMs: number | undefined;
  readonly #clock: ManualClock;
  readonly #hear: (frame: Uint8Array) => void;
  readonly #end = Promise.withResolvers<Fault>();
  #fault: Fault | undefined;
  #waiting: Uint8Array[] = [];
  #wake: (() => void) | undefined;

  constructor(clock: ManualClock, hear: (frame: Uint8Array) => void) {
    this.#clock = clock;
    this.#hear = hear;
    this.closed = this.#end.promise;
  }

  send(...frames: readonly Uint8Array[]): Result<void> {
    if (this.#fault) return { ok: false, fault: this.#fault };
    this.sentAtMs = this.#clock.elapsedMs();
    for (const frame of frames) {
      this.sentBytes += frame.length;
      this.#hear(frame.slice());
    }
    return success(undefined);
  }

  receive(withinMs: number): Promise<Result<Uint8Array>> {
    const { promise, resolve } = Promise.withResolvers<Result<Uint8Array>>();
    const settle = (silence?: Fault): boolean => {
      if (this.#waiting.length > 0) resolve(success(Buffer.concat(this.#waiting.splice(0))));
      else if (this.#fault ?? silence) resolve({ ok: false, fault: (this.#fault ?? silence)! });
      else return false;
      this.#wake = undefined;
      return true;
    };
    if (settle()) return promise;
    const cancel = this.#clock.after(withinMs, () => settle({ code: 'link.timeout', detail: 'silence' }));
    this.#wake = () => {
      cancel();
      settle();
    };
    return promise;
  }

  /** Gives the number of bytes that are on the wire with it. */
  arrive(bytes: Uint8Array): number {
    if (this.#fault) return 0;
    this.receivedBytes += bytes.length;
    this.#waiting.push(bytes);
    this.#wake?.();
    return bytes.length;
  }

  close(detail = 'closed by the gateway'): void {
    if (this.#fault) return;
    this.#fault = { code: 'link.closed', detail };
    this.#wake?.();
    this.#end.resolve(this.#fault);
  }
}
