/**
 * The secure channel of one connection, and the questions that are under way on it, whose answers may come in any order.
 *
 * Invariant: an answer is given to the question whose number it bears, once; one that nobody waits for is thrown away and counted.
 * The token of the channel is renewed beside everything else, long before it ends (OPC 10000-4, 5.6.2; OPC 10000-6, 6.7).
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../../transport/link.ts';
import { UaReader } from '../encoding/uaReader.ts';
import { readAnswerHeader, readOpenedChannel, type SecurityToken } from '../service/answer.ts';
import { encodeCloseSecureChannel, encodeOpenSecureChannel } from '../service/request.ts';
import { ANSWER_OFFSET, SERVICE, SERVICE_FAULT, type ServiceNumber } from '../service/serviceNumber.ts';
import { isBad, statusText } from '../statusText.ts';
import { type BufferSizes, type Envelope, encodeHello, NO_SESSION } from './envelope.ts';
import { MessageAssembler, type ServerMessage } from './messageAssembler.ts';

/** What came of a question. */
export type Answer =
  | { readonly kind: 'answer'; readonly reader: UaReader }
  /** The server has said no to the question as a whole. */
  | { readonly kind: 'refused'; readonly status: number }
  /** The link must not be used any more. */
  | { readonly kind: 'lost'; readonly fault: Fault };

export type Encoder = (envelope: Envelope) => Uint8Array;

interface Question {
  readonly service: ServiceNumber;
  /** Returns what makes the link useless. */
  readonly take: (answer: Answer) => Fault | undefined;
}

const SIZES: BufferSizes = { chunkBytes: 65_536, messageBytes: 16 * 1024 * 1024, chunks: 1_024 };
const TOKEN_LIFETIME_MS = 3_600_000;
/** Of the lifetime of a token; it would last for a quarter more (OPC 10000-4, 5.6.2.1). */
const RENEW_AT = 0.75;
/** A server may name any lifetime, and a renewal costs a request. */
const MIN_RENEW_MS = 1_000;
/** The least that every server takes (OPC 10000-6, 7.1.2.3). */
const MIN_BUFFER_BYTES = 8_192;
const LAST_SEQUENCE = 4_294_966_271;
const MAX_REQUEST = 0xffff_ffff;
const UNRENEWED: Fault = { code: 'link.timeout', detail: 'the server does not renew the token of the channel' };

export class Conversation {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #link: Link | undefined;
  #assembler = new MessageAssembler(SIZES);
  readonly #questions = new Map<number, Question>();
  #channel: SecurityToken | undefined;
  #sequence = 0;
  #request = 0;
  #acknowledged: { readonly receiveBytes: number; readonly messageBytes: number } | undefined;
  #renewAtMs = Number.POSITIVE_INFINITY;
  /** When the token under renewal must be there. */
  #renewedByMs = Number.POSITIVE_INFINITY;
  /** Why a message could not be sent, or what made the link useless. */
  #broken: Fault | undefined;
  session: Uint8Array = NO_SESSION;
  /** Answers that nobody waited for. */
  discarded = 0;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** The longest answer that we take. */
  get messageBytes(): number {
    return SIZES.messageBytes;
  }

  /** The longest request that fits one chunk of the server. */
  get requestBytes(): number {
    const { receiveBytes = 0, messageBytes = 0 } = this.#acknowledged ?? {};
    const chunk = Math.min(SIZES.chunkBytes, Math.max(receiveBytes, MIN_BUFFER_BYTES));
    return messageBytes > 0 ? Math.min(chunk, Math.max(messageBytes, MIN_BUFFER_BYTES)) : chunk;
  }

  begin(link: Link): void {
    this.end();
    this.#link = link;
    this.#assembler = new MessageAssembler(SIZES);
    this.#sequence = 0;
    this.session = NO_SESSION;
  }

  end(): void {
    this.#link = undefined;
    this.#channel = undefined;
    this.#acknowledged = undefined;
    this.#broken = undefined;
    this.#questions.clear();
    this.#renewAtMs = Number.POSITIVE_INFINITY;
    this.#renewedByMs = Number.POSITIVE_INFINITY;
  }

  async hello(url: string): Promise<Result<void>> {
    this.#sendFrame(encodeHello(url, SIZES));
    return this.#until(() => this.#acknowledged !== undefined, 'to the greeting');
  }

  async open(): Promise<Result<void>> {
    this.#askForToken(false);
    return this.#until(() => this.#channel !== undefined, 'to the opening of a channel');
  }

  /** Asks, and waits for the answer; what else comes meanwhile is taken by those who wait for it. */
  async ask(service: ServiceNumber, encode: Encoder): Promise<Answer> {
    let answer: Answer | undefined;
    const request = this.post(service, encode, this.#timeoutMs, (given) => {
      answer = given;
      return undefined;
    });
    const heard = await this.#until(() => answer !== undefined, `to message ${service}`);
    this.#questions.delete(request);
    if (!heard.ok) return { kind: 'lost', fault: heard.fault };
    return answer!;
  }

  /** Asks, and goes on: `take` gets the answer when it comes. Gives the number of the question. */
  post(service: ServiceNumber, encode: Encoder, timeoutMs: number, take: Question['take']): number {
    const request = this.#nextRequest();
    this.#questions.set(request, { service, take });
    this.#send(encode, request, timeoutMs);
    return request;
  }

  /** Says goodbye as far as anybody listens; no answer is waited for. */
  leave(...farewells: readonly Encoder[]): void {
    if (!this.#channel || this.#broken) return;
    for (const encode of [...farewells, encodeCloseSecureChannel]) this.#send(encode, this.#nextRequest(), 0);
  }

  /** Takes in what comes until `over`, or until `untilMs`. Gives what has made the link useless: `link.timeout`, `link.closed`, `device.answer`. */
  async hear(over: () => boolean, untilMs: number): Promise<Fault | undefined> {
    for (;;) {
      this.#dispatch();
      if (this.#broken) return this.#broken;
      if (over()) return undefined;
      this.#renew();
      if (this.#broken) return this.#broken;
      const nowMs = this.#clock.elapsedMs();
      const leftMs = untilMs - nowMs;
      // A server that babbles always has bytes waiting: its time is over all the same.
      if (leftMs <= 0) return undefined;
      const waitMs = Math.min(leftMs, Math.max(1, Math.min(this.#renewAtMs, this.#renewedByMs) - nowMs));
      const link = this.#link;
      if (!link) throw new Error('a question without a link');
      const bytes = await link.receive(waitMs);
      if (bytes.ok) this.#assembler.push(bytes.value);
      else if (bytes.fault.code !== 'link.timeout') return bytes.fault;
      else if (this.#clock.elapsedMs() >= this.#renewedByMs) return UNRENEWED;
      else if (waitMs === leftMs) return undefined;
    }
  }

  async #until(over: () => boolean, what: string): Promise<Result<void>> {
    const fault = await this.hear(over, this.#clock.elapsedMs() + this.#timeoutMs);
    if (fault) return { ok: false, fault };
    return over() ? success(undefined) : failure('link.timeout', `no answer ${what} within ${this.#timeoutMs} ms`);
  }

  #dispatch(): void {
    while (!this.#broken) {
      const message = this.#assembler.next();
      if (!message.ok) {
        this.#broken = message.fault;
        return;
      }
      if (!message.value) return;
      this.#broken = this.#take(message.value);
    }
  }

  #take(message: ServerMessage): Fault | undefined {
    switch (message.kind) {
      case 'acknowledge':
        this.#acknowledged ??= message;
        return undefined;
      case 'error':
        return answerFault(
          `the server ends the connection: ${statusText(message.status)} ${message.reason.slice(0, 200)}`,
        );
      case 'abandoned':
        return this.#give(message.request, { kind: 'refused', status: message.status });
      case 'answer':
        return this.#answered(message.request, message.body);
    }
  }

  #answered(request: number, body: Uint8Array): Fault | undefined {
    const question = this.#questions.get(request);
    if (!question) {
      this.discarded++;
      return undefined;
    }
    const reader = new UaReader(body);
    const { namespace, identifier } = reader.nodeId();
    const status = readAnswerHeader(reader);
    if (reader.defect !== undefined) return answerFault(`an answer that ${reader.defect}`);
    const fits = namespace === 0 && (identifier === question.service + ANSWER_OFFSET || identifier === SERVICE_FAULT);
    if (!fits)
      return answerFault(`message ${String(identifier).slice(0, 40)} came as the answer to ${question.service}`);
    const refused = isBad(status) || identifier === SERVICE_FAULT;
    return this.#give(request, refused ? { kind: 'refused', status } : { kind: 'answer', reader });
  }

  #give(request: number, answer: Answer): Fault | undefined {
    const question = this.#questions.get(request);
    if (!question) this.discarded++;
    this.#questions.delete(request);
    return question?.take(answer);
  }

  #renew(): void {
    if (this.#clock.elapsedMs() < this.#renewAtMs) return;
    this.#renewAtMs = Number.POSITIVE_INFINITY;
    this.#renewedByMs = this.#clock.elapsedMs() + this.#timeoutMs;
    this.#askForToken(true);
  }

  #askForToken(renew: boolean): void {
    const encode: Encoder = (envelope) => encodeOpenSecureChannel(envelope, renew, TOKEN_LIFETIME_MS);
    this.post(SERVICE.openSecureChannel, encode, this.#timeoutMs, (answer) => this.#opened(answer));
  }

  #opened(answer: Answer): Fault | undefined {
    if (answer.kind === 'refused') return answerFault(`the server opens no channel: ${statusText(answer.status)}`);
    if (answer.kind === 'lost') return answer.fault;
    const token = readOpenedChannel(answer.reader);
    if (!token.ok) return token.fault;
    if (this.#channel && this.#channel.channel !== token.value.channel)
      return answerFault('another channel was renewed');
    this.#channel = token.value;
    this.#assembler.channel = token.value.channel;
    this.#renewedByMs = Number.POSITIVE_INFINITY;
    this.#renewAtMs = this.#clock.elapsedMs() + Math.max(MIN_RENEW_MS, RENEW_AT * token.value.lifetimeMs);
    return undefined;
  }

  #send(encode: Encoder, request: number, timeoutMs: number): void {
    const { channel = 0, token = 0 } = this.#channel ?? {};
    this.#sequence = this.#sequence >= LAST_SEQUENCE ? 1 : this.#sequence + 1;
    const { session } = this;
    const at = this.#clock.now();
    this.#sendFrame(encode({ channel, token, sequence: this.#sequence, request, session, at, timeoutMs }));
  }

  #sendFrame(frame: Uint8Array): void {
    if (!this.#link) throw new Error('a question without a link');
    if (this.#broken) return;
    const sent = this.#link.send(frame);
    if (!sent.ok) this.#broken = sent.fault;
  }

  #nextRequest(): number {
    this.#request = this.#request >= MAX_REQUEST ? 1 : this.#request + 1;
    return this.#request;
  }
}

function answerFault(detail: string): Fault {
  return failure('device.answer', detail).fault;
}
