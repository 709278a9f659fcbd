/** Reports how many samples something has happened to, without flooding whoever listens: once, then now and then. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';

const INTERVAL_MS = 10_000;

export interface CountedEventOptions {
  readonly kind: EventKind;
  readonly source: string;
  readonly clock: Clock;
  readonly events: EventSink;
}

export class CountedEvent {
  readonly #options: CountedEventOptions;
  #samples = 0;
  #why = '';
  #reportedMs = Number.NEGATIVE_INFINITY;

  constructor(options: CountedEventOptions) {
    this.#options = options;
  }

  /** Adds to the count, and reports it unless that has been done a moment ago. */
  add(samples: number, why: string): void {
    this.#samples += samples;
    this.#why = why;
    this.reportIfDue();
  }

  /** Reports what has been counted since the last report, if anything and if it is time. */
  reportIfDue(): void {
    const { clock, events, kind, source } = this.#options;
    if (this.#samples === 0 || clock.elapsedMs() - this.#reportedMs < INTERVAL_MS) return;
    events({ at: clock.now(), kind, source, detail: `${this.#samples} samples: ${this.#why}` });
    this.#samples = 0;
    this.#reportedMs = clock.elapsedMs();
  }
}
