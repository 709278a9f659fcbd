/**
 * One connection to the Modbus units of a line: one question at a time, and an answer that is certainly the answer to it.
 *
 * Invariant: data is handed out only from a frame with the transaction id of the question under way, of the unit, the
 * function and the length that were asked for. An answer with another id is thrown away and counted.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../transport/link.ts';
import { decodeAnswer, encodeReadRequest, FrameAssembler, type ReadRange, transactionOf } from './frame.ts';

export type ReadOutcome =
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly at: Timestamp }
  | { readonly kind: 'exception'; readonly exception: number; readonly at: Timestamp }
  /** No answer in time; the connection can be used further, because a late one is known by its transaction id. */
  | { readonly kind: 'silent'; readonly fault: Fault }
  | { readonly kind: 'lost'; readonly fault: Fault };

/** Whom a question goes to, and how long its answer may take. */
export interface Unit {
  readonly unit: number;
  readonly timeoutMs: number;
}

export class ModbusSession {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #assembler = new FrameAssembler();
  #transaction: number;
  #discarded = 0;

  /** `transaction` is the id before the first: it goes on from connection to connection. */
  constructor(link: Link, clock: Clock, transaction: number) {
    this.#link = link;
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
  async read({ unit, timeoutMs }: Unit, range: ReadRange): Promise<ReadOutcome> {
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const sent = this.#link.send(encodeReadRequest(this.#transaction, unit, range));
    if (!sent.ok) return { kind: 'lost', fault: sent.fault };
    const deadlineMs = this.#clock.elapsedMs() + timeoutMs;
    const discardedBefore = this.#discarded;
    for (;;) {
      const frame = this.#assembler.next();
      if (!frame.ok) return { kind: 'lost', fault: frame.fault };
      if (frame.value === undefined) {
        const leftMs = deadlineMs - this.#clock.elapsedMs();
        // A device that babbles always has bytes waiting: its time is over all the same.
        const bytes = leftMs > 0 ? await this.#link.receive(leftMs) : failure('link.timeout', 'no answer in time');
        if (!bytes.ok) {
          const kind = bytes.fault.code === 'link.timeout' ? 'silent' : 'lost';
          return { kind, fault: this.#explain(bytes.fault, unit, range, discardedBefore) };
        }
        this.#assembler.push(bytes.value);
      } else if (transactionOf(frame.value) === this.#transaction) {
        return this.#decode(frame.value, unit, range);
      } else {
        this.#discarded++;
      }
    }
  }

  #decode(frame: Uint8Array, unit: number, range: ReadRange): ReadOutcome {
    const at = this.#clock.now();
    const answer = decodeAnswer(frame, unit, range);
    return answer.ok ? { ...answer.value, at } : { kind: 'lost', fault: answer.fault };
  }

  #explain(fault: Fault, unit: number, range: ReadRange, discardedBefore: number): Fault {
    const discarded = this.#discarded - discardedBefore;
    const others = discarded === 0 ? '' : `; ${discarded} answers with another transaction id were thrown away`;
    const detail = `unit ${unit}, ${range.count} from ${range.table}:${range.first}: ${fault.detail}${others}`;
    return { code: fault.code, detail };
  }
}
