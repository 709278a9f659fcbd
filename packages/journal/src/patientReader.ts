/** Reads a journal, and goes on trying where the system does not let it: what waits there is not lost for that. */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Journal } from './journal.ts';
import type { JournalRecord } from './segment.ts';

const TRY_AGAIN_MS = 1_000;

export interface PatientReaderOptions {
  readonly journal: Journal;
  /** What lies in the journal, as events name it. */
  readonly source: string;
  readonly clock: Clock;
  readonly events: EventSink;
}

export class PatientReader {
  readonly #options: PatientReaderOptions;
  readonly #closing = new AbortController();
  /** The last read failed, which has been reported. */
  #failing = false;

  constructor(options: PatientReaderOptions) {
    this.#options = options;
  }

  /** As `Journal.read`; `undefined` once the reader is closed. Throws on a bug of ours only. */
  async read(from: number, maxBytes: number): Promise<readonly JournalRecord[] | undefined> {
    const { journal, clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const records = await journal.read(from, maxBytes);
        this.#failing = false;
        return signal.aborted ? undefined : records;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        this.#report(message);
      }
      await delay(clock, TRY_AGAIN_MS, signal);
    }
    return undefined;
  }

  close(): void {
    this.#closing.abort();
  }

  #report(message: string): void {
    if (this.#failing) return;
    this.#failing = true;
    const { clock, events, source } = this.#options;
    const detail = `${message}; nothing is lost, and it is tried again every second`;
    events({ at: clock.now(), kind: 'spool.unreadable', source, detail });
  }
}
