/**
 * Modbus TCP: several questions at a time, whose answers may come in any order, as each bears the number of its question.
 *
 * Invariant: data is handed out only from a frame with the transaction id of the question, of the unit, the function and the
 * length that were asked for. An answer with another id is thrown away and counted; the id of a question that was given up
 * is not used again until its answer has come, or thousands of others have been given up after it.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../transport/link.ts';
import type { Frame } from './framing/framing.ts';
import { encodeTcpFrame, TcpDeframer } from './framing/tcpFraming.ts';
import { decodeAnswer, type Question } from './question.ts';
import { type ModbusSession, type Outcome, unanswered } from './session.ts';
import type { Station } from './station.ts';

const IDS = 65_536;
/** Ids of questions that were given up; beyond this the oldest is forgotten. */
const MAX_GIVEN_UP = 8_192;

export class TcpSession implements ModbusSession {
  readonly #clock: Clock;
  #link: Link | undefined;
  #deframer = new TcpDeframer();
  /** The id of the next question; it goes on from link to link, as a gateway may answer on the next. */
  #nextId = 1;
  readonly #givenUp = new Set<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  connected(link: Link): void {
    this.#link = link;
    this.#deframer = new TcpDeframer();
  }

  disconnected(): void {
    this.#link = undefined;
  }

  async ask(station: Station, questions: readonly Question[]): Promise<readonly Outcome[]> {
    const link = this.#link;
    if (!link) throw new Error('a question without a link');
    const firstId = this.#takeIds(questions.length);
    const frames = questions.map(({ request }, index) =>
      encodeTcpFrame((firstId + index) % IDS, station.unit, request),
    );
    const discardedBefore = station.discarded;
    const sent = link.send(...frames);
    const outcomes: (Outcome | undefined)[] = questions.map(() => undefined);
    const fault = sent.ok ? await this.#collect(link, station, questions, firstId, outcomes) : sent.fault;
    if (!fault) return outcomes as Outcome[];
    const kind = fault.code === 'link.timeout' ? 'silent' : 'lost';
    return outcomes.map((outcome, index) => {
      if (outcome) return outcome;
      this.#giveUp((firstId + index) % IDS);
      return { kind, fault: unanswered(fault, station, questions[index], station.discarded - discardedBefore) };
    });
  }

  /** Fills `outcomes` with the answers as they come; a fault where some do not. Each has the timeout from the one before. */
  async #collect(
    link: Link,
    station: Station,
    questions: readonly Question[],
    firstId: number,
    outcomes: (Outcome | undefined)[],
  ): Promise<Fault | undefined> {
    let open = questions.length;
    let deadlineMs = this.#clock.elapsedMs() + station.timeoutMs;
    while (open > 0) {
      const frame = this.#deframer.next();
      if (!frame.ok) return frame.fault;
      if (frame.value === undefined) {
        const leftMs = deadlineMs - this.#clock.elapsedMs();
        // A device that babbles always has bytes waiting: its time is over all the same.
        const bytes = leftMs > 0 ? await link.receive(leftMs) : failure('link.timeout', 'no answer in time');
        if (!bytes.ok) return bytes.fault;
        this.#deframer.push(bytes.value);
        continue;
      }
      const index = (frame.value.transaction - firstId + IDS) % IDS;
      if (index >= questions.length || outcomes[index]) {
        station.discarded++;
        this.#givenUp.delete(frame.value.transaction);
        continue;
      }
      outcomes[index] = this.#judge(frame.value, station, questions[index]);
      open--;
      deadlineMs = this.#clock.elapsedMs() + station.timeoutMs;
    }
    return undefined;
  }

  #judge({ unit, pdu }: Frame, station: Station, question: Question): Outcome {
    const answer =
      unit === station.unit
        ? decodeAnswer(pdu, question)
        : failure('device.answer', `unit ${unit} answered where unit ${station.unit} was asked`);
    if (answer.ok) return { ...answer.value, at: this.#clock.now() };
    return { kind: 'wrong', fault: unanswered(answer.fault, station, question, 0) };
  }

  /** The first of so many ids in a row, none of which an answer to a question that was given up can bear. */
  #takeIds(count: number): number {
    let first = this.#nextId;
    if (this.#givenUp.size > 0) {
      for (let index = 0; index < count; index++) {
        if (!this.#givenUp.has((first + index) % IDS)) continue;
        first = (first + index + 1) % IDS;
        index = -1;
      }
    }
    this.#nextId = (first + count) % IDS;
    return first;
  }

  #giveUp(id: number): void {
    this.#givenUp.add(id);
    if (this.#givenUp.size <= MAX_GIVEN_UP) return;
    const [oldest] = this.#givenUp;
    this.#givenUp.delete(oldest);
  }
}
