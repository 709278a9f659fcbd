/**
 * One connection to a controller: a question, then its answer.
 *
 * Invariant: 3E frames bear no number, so an answer is trusted only where it is the first thing that comes after the only
 * question under way. A question without an answer, and an answer without a question, end the connection: what comes late
 * comes to nobody.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { Link } from '@tidegate/edge/acquisition/transport/link.ts';
import { type Answer, AnswerReader, encodeRead, type Route } from './frame.ts';
import type { Block } from './plan.ts';

export type Outcome =
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly at: Timestamp }
  | { readonly kind: 'refused'; readonly endCode: number; readonly at: Timestamp }
  /** Whether the question had been sent is of interest to budgets. */
  | { readonly kind: 'lost'; readonly fault: Fault; readonly requests: 0 | 1 };

export class SlmpSession {
  readonly #clock: Clock;
  #link: Link | undefined;
  #reader = new AnswerReader();
  /** How many bytes have been taken from the link. */
  #taken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  connected(link: Link): void {
    this.#link = link;
    this.#reader = new AnswerReader();
    this.#taken = 0;
  }

  disconnected(): void {
    this.#link = undefined;
  }

  /** Reads one block. After `lost` the link must not be used again. */
  async ask(route: Route, block: Block, timeoutMs: number): Promise<Outcome> {
    const link = this.#link;
    if (!link) throw new Error('a question without a link');
    if (this.#reader.begun || link.receivedBytes > this.#taken) {
      return lost('bytes came that nobody had asked for', 0);
    }
    const sent = link.send(encodeRead(route, block, timeoutMs));
    if (!sent.ok) return { kind: 'lost', fault: sent.fault, requests: 0 };
    const answer = await this.#answer(link, timeoutMs);
    if (!answer.ok) return { kind: 'lost', fault: answer.fault, requests: 1 };
    const { network, station, endCode, data } = answer.value;
    if (network !== route.network || station !== route.station) {
      return lost(`station ${station} of network ${network} answered instead of the one asked`);
    }
    const at = this.#clock.now();
    if (endCode !== 0) return { kind: 'refused', endCode, at };
    if (data.length === 2 * block.words) return { kind: 'data', data, at };
    return lost(`${data.length} bytes where ${2 * block.words} were asked for`);
  }

  async #answer(link: Link, timeoutMs: number): Promise<Result<Answer>> {
    for (const endMs = this.#clock.elapsedMs() + timeoutMs; ; ) {
      const answer = this.#reader.next();
      if (!answer.ok) return answer;
      if (answer.value) return { ok: true, value: answer.value };
      const leftMs = endMs - this.#clock.elapsedMs();
      // Who sends something all the time, and never an answer, has no more time than others.
      if (leftMs <= 0) return failure('link.timeout', `no answer within ${timeoutMs} ms`);
      const bytes = await link.receive(leftMs);
      if (!bytes.ok) return bytes;
      this.#taken += bytes.value.length;
      this.#reader.push(bytes.value);
    }
  }
}

function lost(detail: string, requests: 0 | 1 = 1): Outcome {
  return { kind: 'lost', fault: failure('device.answer', detail).fault, requests };
}
