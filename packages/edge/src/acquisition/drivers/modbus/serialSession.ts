/**
 * Modbus RTU and ASCII, over a serial port or a serial server: one question at a time, whose answer bears no number.
 *
 * Invariant: data is handed out only from a frame of the unit, the function and the length that were asked for, that no
 * older question without an answer can have brought forth (`Station`). Everything else is thrown away and counted.
 */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../transport/link.ts';
import type { Frame, LineDeframer, LineFraming } from './framing/framing.ts';
import type { LineTime } from './lineTime.ts';
import { decodeAnswer, MAX_PDU_BYTES, type Question } from './question.ts';
import { type ModbusSession, type Outcome, unanswered } from './session.ts';
import type { Station } from './station.ts';

/** After so long without a byte what looks like the beginning of a frame is suspected to be noise. */
const QUIET_MS = 50;

export interface SerialLine {
  readonly clock: Clock;
  readonly framing: LineFraming;
  readonly time: LineTime;
  readonly stations: readonly Station[];
  /** Silence before each request beyond what the standard asks for. */
  readonly turnaroundMs: number;
  /** False behind a serial server: what the line does there nobody here knows. */
  readonly ownPort: boolean;
}

export class SerialSession implements ModbusSession {
  readonly #line: SerialLine;
  readonly #stations: ReadonlyMap<number, Station>;
  readonly #deframer: LineDeframer;
  #link: Link | undefined;
  /** How many bytes have been taken from the link. */
  #taken = 0;
  /** When the last byte was on the line, as far as we know. */
  #lastByteMs = Number.NEGATIVE_INFINITY;
  /** False until everything has had its time to come that another process may have asked before us. */
  #settled = false;

  constructor(line: SerialLine) {
    this.#line = line;
    this.#stations = new Map(line.stations.map((station) => [station.unit, station]));
    this.#deframer = line.framing.deframer(new Set(this.#stations.keys()));
  }

  connected(link: Link): void {
    this.#link = link;
    this.#taken = 0;
  }

  disconnected(): void {
    this.#link = undefined;
  }

  async ask(station: Station, [question]: readonly Question[]): Promise<readonly [Outcome]> {
    const link = this.#link;
    if (!link) throw new Error('a question without a link');
    const noiseBefore = this.#deframer.discarded;
    const discardedBefore = station.discarded;
    const outcome = await this.#askOver(link, station, question);
    station.discarded += this.#deframer.discarded - noiseBefore;
    if (outcome.kind !== 'silent' && outcome.kind !== 'lost') return [outcome];
    station.unanswered(question);
    const discarded = station.discarded - discardedBefore;
    return [{ kind: outcome.kind, fault: unanswered(outcome.fault, station, question, discarded) }];
  }

  async #askOver(link: Link, station: Station, question: Question): Promise<Outcome> {
    const { clock, framing } = this.#line;
    const fault = (await this.#settle(link)) ?? (await this.#turnAround(link, station.timeoutMs));
    if (fault) return { kind: fault.code === 'link.timeout' ? 'silent' : 'lost', fault };
    const frame = framing.encode(station.unit, question.request);
    this.#deframer.begin(frame);
    const sent = link.send(frame);
    if (!sent.ok) return { kind: 'lost', fault: sent.fault };
    this.#lastByteMs = clock.elapsedMs() + this.#onTheWayMs(question.request.length);
    const answerMs = this.#onTheWayMs(question.answerBytes ?? MAX_PDU_BYTES);
    return this.#answerTo(link, station, question, this.#lastByteMs + station.timeoutMs + answerMs);
  }

  /** The time that bytes take on the line does not count as time the device takes. */
  #onTheWayMs(pduBytes: number): number {
    return this.#line.ownPort ? this.#line.time.transmissionMs(pduBytes) : 0;
  }

  async #answerTo(link: Link, station: Station, question: Question, deadlineMs: number): Promise<Outcome> {
    const { clock } = this.#line;
    let begun = false;
    for (let quiet = false, over = false; ; ) {
      const frame = this.#deframer.next(quiet);
      if (!frame.ok) return { kind: 'lost', fault: frame.fault };
      if (frame.value) {
        const outcome = this.#judge(frame.value, station, question);
        if (outcome) return outcome;
        continue;
      }
      const leftMs = deadlineMs - clock.elapsedMs();
      if (over || leftMs <= 0) return { kind: 'silent', fault: timeoutOf(station) };
      const waitMs = begun && !quiet ? Math.min(leftMs, QUIET_MS) : leftMs;
      const bytes = await this.#receive(link, waitMs);
      if (bytes.ok) this.#deframer.push(bytes.value);
      else if (bytes.fault.code !== 'link.timeout') return { kind: 'lost', fault: bytes.fault };
      begun ||= bytes.ok;
      quiet = !bytes.ok;
      over = quiet && waitMs === leftMs;
    }
  }

  /** `undefined` where the frame is not what is waited for. */
  #judge({ unit, pdu }: Frame, station: Station, question: Question): Outcome | undefined {
    const sender = this.#stations.get(unit)!;
    const older = sender.couldBeOlder(pdu);
    if (older) sender.heard = true;
    const answer = sender === station && !older ? decodeAnswer(pdu, question) : undefined;
    if (answer?.ok) {
      station.backInStep();
      return { ...answer.value, at: this.#line.clock.now() };
    }
    sender.discarded++;
    return older && sender === station && station.mistakable(question)
      ? { kind: 'late', fault: timeoutOf(station) }
      : undefined;
  }

  /** Keeps the silence that must lie between two frames, and throws away whatever has come without being asked for. */
  async #turnAround(link: Link, patienceMs: number): Promise<Fault | undefined> {
    const { clock, time, turnaroundMs, ownPort } = this.#line;
    const silenceMs = (ownPort ? time.silenceMs : 0) + turnaroundMs;
    for (const endMs = clock.elapsedMs() + patienceMs; ; ) {
      while (link.receivedBytes > this.#taken) {
        const bytes = await this.#receive(link, 0);
        if (!bytes.ok) return bytes.fault;
        this.#hearAside(bytes.value);
      }
      const waitMs = this.#lastByteMs + silenceMs - clock.elapsedMs();
      if (waitMs <= 0) return undefined;
      if (clock.elapsedMs() >= endMs) return failure('link.timeout', 'the line is never silent').fault;
      await delay(clock, waitMs);
    }
  }

  /** What comes while nothing is asked can only be late, or noise. */
  #hearAside(bytes: Uint8Array): void {
    this.#deframer.push(bytes);
    for (let frame = this.#deframer.next(true); frame.ok && frame.value; frame = this.#deframer.next(true)) {
      const sender = this.#stations.get(frame.value.unit)!;
      sender.heard = true;
      sender.discarded++;
    }
  }

  /** At the very beginning: an earlier process may have asked what is answered only now. */
  async #settle(link: Link): Promise<Fault | undefined> {
    if (this.#settled) return undefined;
    const { clock, stations } = this.#line;
    const endMs = clock.elapsedMs() + Math.max(...stations.map(({ timeoutMs }) => timeoutMs));
    for (let leftMs = endMs - clock.elapsedMs(); leftMs > 0; leftMs = endMs - clock.elapsedMs()) {
      const bytes = await this.#receive(link, leftMs);
      if (bytes.ok) this.#hearAside(bytes.value);
      else if (bytes.fault.code === 'link.timeout') break;
      else return bytes.fault;
    }
    this.#settled = true;
    return undefined;
  }

  async #receive(link: Link, withinMs: number) {
    const bytes = await link.receive(withinMs);
    if (bytes.ok) {
      this.#taken += bytes.value.length;
      this.#lastByteMs = this.#line.clock.elapsedMs();
    }
    return bytes;
  }
}

function timeoutOf({ timeoutMs }: Station): Fault {
  return failure('link.timeout', `no answer within ${timeoutMs} ms`).fault;
}
