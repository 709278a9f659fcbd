/** One statement as the server sees it: what has come of its answer, what it waits for, and how it ends. */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ColumnTable } from '../columns/columnTable.ts';
import type { AnswerColumn, FromEngine } from './engineMessage.ts';

/** The rows of one statement; they are made while they are read, and only once. */
export interface SqlAnswer {
  readonly columns: readonly AnswerColumn[];
  /** Ends after a fault. Leaving it early cancels the statement. */
  batches(): AsyncGenerator<Result<ColumnTable>, void, void>;
  /** Whether rows beyond the limit were left off; known when the batches have ended. */
  readonly truncated: boolean;
}

type Ending = { readonly truncated: boolean } | { readonly fault: Fault };

export class EngineQuery implements SqlAnswer {
  columns: readonly AnswerColumn[] = [];
  truncated = false;
  /** Aborted when the statement has ended: whoever makes rows for it may stop. */
  readonly #abort = new AbortController();
  readonly #batches: ColumnTable[] = [];
  readonly #taken: () => void;
  readonly #cancel: () => void;
  #ending: Ending | undefined;
  #wake: () => void = () => {};

  constructor(taken: () => void, cancel: () => void) {
    this.#taken = taken;
    this.#cancel = cancel;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Settles when the columns are known, or the fault that prevents them. */
  async opened(): Promise<Result<SqlAnswer>> {
    while (this.#ending === undefined && this.columns.length === 0) await this.#news();
    return this.#ending && 'fault' in this.#ending ? { ok: false, fault: this.#ending.fault } : success(this);
  }

  receive(message: Exclude<FromEngine, { type: 'call' }>): void {
    if (message.type === 'columns') this.columns = message.columns;
    else if (message.type === 'batch') this.#batches.push(message.batch);
    else if (message.type === 'done') this.#end({ truncated: message.truncated });
    else this.#end({ fault: message.fault });
    this.#wake();
  }

  fail(fault: Fault): void {
    this.#end({ fault });
    this.#wake();
  }

  async *batches(): AsyncGenerator<Result<ColumnTable>, void, void> {
    try {
      for (;;) {
        const batch = this.#batches.shift();
        if (batch) {
          this.#taken();
          yield success(batch);
        } else if (this.#ending === undefined) await this.#news();
        else if ('fault' in this.#ending) return void (yield { ok: false, fault: this.#ending.fault });
        else return;
      }
    } finally {
      if (this.#ending === undefined) this.#cancel();
    }
  }

  #end(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    if ('truncated' in ending) this.truncated = ending.truncated;
    else this.#batches.length = 0;
    this.#abort.abort();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

export const CANCELLED = failure('sql.cancelled', 'It was cancelled.').fault;
