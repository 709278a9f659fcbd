/**
 * One connection to a Modbus device: one question at a time, and an answer that is certainly the answer to it.
 *
 * Invariant: data is handed out only from a frame with the transaction id of the question under way, of the unit, the
 * function and the length that were asked for. An answer with another id is thrown away and counted; after a question
 * without an answer the connection is of no use any more, so that a late answer has no connection to arrive on.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../driver.ts';
import { decodeAnswer, encodeReadRequest, FrameAssembler, type ReadRange, transactionOf } from './frame.ts';

export type ReadOutcome =
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly at: Timestamp }
  | { readonly kind: 'exception'; readonly exception: number; readonly at: Timestamp }
  | { readonly kind: 'lost'; readonly fault: Fault };

export class ModbusSession {
  readonly #link: Link;
  readonly #unit: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #assembler = new FrameAssembler();
  #transaction: number;
  #discarded = 0;

  /** `transaction` is the id before the first: it goes on from connection to connection. */
  constructor(link: Link, unit: number, timeoutMs: number, clock: Clock, transaction: number) {
    this.#link = link;
    this.#unit = unit;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#transaction = transaction;
  }

  /** The id of the last question. */
  get transaction(): number {
    return this.#transaction;
  }

  /** Answers to no question, or to one that was given up. */
  get discarded(): number {
    return this.#discarded;
  }

  /** Asks and waits for the answer, at most for the timeout. After `lost` the session must not be used again. */
  async read(range: ReadRange): Promise<ReadOutcome> {
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const sent = this.#link.send(encodeReadRequest(this.#transaction, this.#unit, range));
    if (!sent.ok) return { kind: 'lost', fault: sent.fault };
    const deadlineMs = this.#clock.elapsedMs() + this.#timeoutMs;
    const discardedBefore = this.#discarded;
    for (;;) {
      const frame = this.#assembler.next();
      if (!frame.ok) return { kind: 'lost', fault: frame.fault };
      if (frame.value === undefined) {
        const leftMs = deadlineMs - this.#clock.elapsedMs();
        // A device that babbles always has bytes waiting: its time is over all the same.
        const bytes = leftMs > 0 ? await this.#link.receive(leftMs) : this.#overdue();
        if (!bytes.ok) return { kind: 'lost', fault: this.#explain(bytes.fault, range, discardedBefore) };
        this.#assembler.push(bytes.value);
      } else if (transactionOf(frame.value) === this.#transaction) {
        return this.#decode(frame.value, range);
      } else {
        this.#discarded++;
      }
    }
  }

  #overdue() {
    return failure('link.timeout', `no answer within ${this.#timeoutMs} ms`);
  }

  #decode(frame: Uint8Array, range: ReadRange): ReadOutcome {
    const at = this.#clock.now();
    const answer = decodeAnswer(frame, this.#unit, range);
    return answer.ok ? { ...answer.value, at } : { kind: 'lost', fault: answer.fault };
  }

  #explain(fault: Fault, range: ReadRange, discardedBefore: number): Fault {
    const discarded = this.#discarded - discardedBefore;
    const others = discarded === 0 ? '' : `; ${discarded} answers with another transaction id were thrown away`;
    const detail = `unit ${this.#unit}, ${range.count} from ${range.table}:${range.first}: ${fault.detail}${others}`;
    return { code: fault.code, detail };
  }
}
