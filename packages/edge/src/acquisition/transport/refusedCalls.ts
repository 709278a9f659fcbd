/** Tells of calls that a line does not take: the first at once, and then once a minute how many there were. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';

/** Whoever scans ports, or calls with a wrong certificate all day, must not fill the event log. */
const QUIET_MS = 60_000;

export class RefusedCalls {
  readonly #line: string;
  readonly #clock: Clock;
  readonly #events: EventSink;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor(line: string, clock: Clock, events: EventSink) {
    this.#line = line;
    this.#clock = clock;
    this.#events = events;
  }

  refuse(detail: string): void {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs - this.#toldAtMs < QUIET_MS) {
      this.#untold++;
      return;
    }
    const others = this.#untold > 0 ? `; ${this.#untold} more calls were refused before it` : '';
    this.#toldAtMs = nowMs;
    this.#untold = 0;
    this.#events({
      at: this.#clock.now(),
      kind: 'line.call-refused',
      source: this.#line,
      detail: `${detail}${others}`,
    });
  }
}
