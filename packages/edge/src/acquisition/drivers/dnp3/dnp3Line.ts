/**
 * The outstations of one line, which share its link: what comes is given to the one that sent it, whoever is being asked.
 *
 * Invariant: what comes from an address that is not configured reaches nobody; it is thrown away and counted.
 */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { DeviceSpec, DriverPorts, LineReader } from '../../driver.ts';
import type { Link } from '../../transport/link.ts';
import { explainSilence, type LineSigns } from './explainSilence.ts';
import { LinkAssembler } from './link/linkAssembler.ts';
import { bodyBytes, HEADER_BYTES, MAX_USER_DATA_BYTES } from './link/linkFrame.ts';
import type { Dnp3Options } from './options.ts';
import { Outstation } from './outstation.ts';
import type { Session } from './session.ts';

/** A byte on an asynchronous line, with its start and stop bit. */
const BITS_PER_BYTE = 10;
const MS_PER_SECOND = 1_000;
/** Between two bytes of one frame there is no such silence. */
const QUIET_MS = 250;
/** How many addresses that are not configured a message names. */
const NAMED_STRAYS = 4;

/** What came and was for nobody, since the link was opened. */
interface Strays {
  readonly addresses: Set<number>;
  frames: number;
}

export class Dnp3Line implements LineReader {
  readonly devices: readonly Outstation[];
  readonly #ports: DriverPorts;
  readonly #byAddress: ReadonlyMap<number, Outstation>;
  #link: Link | undefined;
  #assembler = new LinkAssembler();
  #strays: Strays = { addresses: new Set(), frames: 0 };
  /** Whose answer is waited for. */
  #asked: Outstation | undefined;
  /** Why a frame could not be sent. */
  #unsent: Fault | undefined;

  constructor(devices: readonly DeviceSpec<Dnp3Options>[], ports: DriverPorts) {
    this.#ports = ports;
    const send = (frame: Uint8Array) => this.#send(frame);
    const converse = (outstation: Outstation, begin: () => void) => this.#converse(outstation, begin);
    this.devices = devices.map((device) => new Outstation(device, { ...ports, send, converse }));
    this.#byAddress = new Map(this.devices.map((device) => [device.session.outstation, device]));
  }

  connected(link: Link): void {
    this.#link = link;
    this.#assembler = new LinkAssembler();
    this.#strays = { addresses: new Set(), frames: 0 };
    this.#unsent = undefined;
    for (const device of this.devices) device.linkChanged();
  }

  disconnected(): void {
    this.#link = undefined;
    for (const device of this.devices) device.linkChanged();
  }

  /** Ends early when an outstation has said something that wants a question, or nothing for so long that it does. */
  async listen(withinMs: number): Promise<Result<void>> {
    const endMs = this.#ports.clock.elapsedMs() + withinMs;
    const deadlineMs = () => Math.min(endMs, ...this.devices.map(({ suspectAtMs }) => suspectAtMs));
    const urgentBefore = this.devices.filter(({ urgent }) => urgent).length;
    const over = () => this.devices.filter(({ urgent }) => urgent).length > urgentBefore;
    const fault = await this.#hearUntil(over, deadlineMs);
    for (const device of this.devices) device.suspect();
    return fault && fault.code !== 'link.timeout' ? { ok: false, fault } : success(undefined);
  }

  /** Each part of an answer gives the next one its time: on a slow line a long answer takes longer than `timeoutMs`. */
  async #converse(outstation: Outstation, begin: () => void): Promise<Fault | undefined> {
    const { clock } = this.#ports;
    const { session, timeoutMs } = outstation;
    const before = this.#signsOf(session);
    this.#asked = outstation;
    begin();
    let progress = -1;
    let deadlineMs = 0;
    const deadline = () => {
      if (session.progress !== progress) deadlineMs = clock.elapsedMs() + timeoutMs + this.#frameMs;
      ({ progress } = session);
      return deadlineMs;
    };
    const fault = await this.#hearUntil(() => !session.waiting, deadline);
    this.#asked = undefined;
    if (!fault) return undefined;
    const what = fault.code === 'link.timeout' ? `no answer within ${timeoutMs} ms` : fault.detail;
    const why = explainSilence(session, before, this.#signsOf(session));
    return { code: fault.code, detail: `outstation ${session.outstation}: ${what}${why}` };
  }

  /** What is known of the line that may explain why `session` has no answer. */
  #signsOf(session: Session): LineSigns {
    const { addresses, frames } = this.#strays;
    return { ...session.signs, strays: frames, strangers: [...addresses], noise: this.#assembler.noise.bytes };
  }

  /** Takes in what comes until `over`. Faults: `link.timeout` at the deadline, `link.closed`, or why a reply was not sent. */
  async #hearUntil(over: () => boolean, deadlineMs: () => number): Promise<Fault | undefined> {
    const link = this.#link;
    if (!link) throw new Error('a question without a link');
    for (;;) {
      this.#dispatch();
      if (this.#unsent) return this.#unsent;
      if (over()) return undefined;
      const leftMs = deadlineMs() - this.#ports.clock.elapsedMs();
      // An outstation that babbles always has bytes waiting: its time is over all the same.
      const bytes = leftMs > 0 ? await link.receive(leftMs) : failure('link.timeout', 'the time is over');
      if (bytes.ok) {
        this.#assembler.push(bytes.value);
        continue;
      }
      if (bytes.fault.code !== 'link.timeout') return bytes.fault;
      // What has begun and does not go on may be noise with a good frame behind it.
      if (leftMs >= QUIET_MS) this.#assembler.giveUp();
      this.#dispatch();
      return this.#unsent ?? (over() ? undefined : bytes.fault);
    }
  }

  #dispatch(): void {
    for (let frame = this.#assembler.next(); frame; frame = this.#assembler.next()) {
      const outstation = this.#byAddress.get(frame.source);
      if (outstation) outstation.hear(frame);
      else this.#stray(frame.source);
    }
  }

  #stray(address: number): void {
    this.#strays.frames++;
    (this.#asked ?? this.devices[0]).strays++;
    if (this.#strays.addresses.size < NAMED_STRAYS) this.#strays.addresses.add(address);
  }

  #send(frame: Uint8Array): void {
    if (!this.#link || this.#unsent) return;
    const sent = this.#link.send(frame);
    if (!sent.ok) this.#unsent = sent.fault;
  }

  /** How long the longest frame is on the way; 0 on a network. */
  get #frameMs(): number {
    const { bitRate } = this.#ports;
    const bytes = HEADER_BYTES + bodyBytes(MAX_USER_DATA_BYTES);
    return bitRate === undefined ? 0 : (bytes * BITS_PER_BYTE * MS_PER_SECOND) / bitRate;
  }
}
