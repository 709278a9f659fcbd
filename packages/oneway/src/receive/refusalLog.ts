/** Turns refusals into events, a few each minute, so that a port scanner cannot fill the event log. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';

const PERIOD_MS = 60_000;

export class RefusalLog {
  readonly #clock: Clock;
  readonly #events: EventSink;
  readonly #perMinute: number;
  #periodStartMs = Number.NEGATIVE_INFINITY;
  #reported = 0;
  #silent = 0;

  constructor(clock: Clock, events: EventSink, perMinute: number) {
    this.#clock = clock;
    this.#events = events;
    this.#perMinute = perMinute;
  }

  /** Reports that `source` was refused; what is left out is counted in the next event. */
  refuse(source: string, detail: string): void {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs - this.#periodStartMs >= PERIOD_MS) {
      this.#periodStartMs = nowMs;
      this.#reported = 0;
    }
    if (this.#reported >= this.#perMinute) {
      this.#silent++;
      return;
    }
    this.#reported++;
    const omitted = this.#silent > 0 ? ` (${this.#silent} refusals before it were not reported)` : '';
    this.#silent = 0;
    this.#events({ at: this.#clock.now(), kind: 'boundary.refused', source, detail: `${detail}${omitted}` });
  }
}
