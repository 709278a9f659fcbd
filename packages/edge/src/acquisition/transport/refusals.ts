/** Tells what a line refuses: the first at once, and then once a minute how many more there were. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';

/**
 * Whoever scans ports or calls with a wrong certificate all day must not fill the event log, nor a driver that tries the same
 * forbidden frame over each new link.
 */
const QUIET_MS = 60_000;

export class Refusals {
  readonly #kind: EventKind;
  readonly #line: string;
  readonly #clock: Clock;
  readonly #events: EventSink;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor(kind: EventKind, line: string, clock: Clock, events: EventSink) {
    this.#kind = kind;
    this.#line = line;
    this.#clock = clock;
    this.#events = events;
  }

  tell(detail: string): void {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs - this.#toldAtMs < QUIET_MS) {
      this.#untold++;
      return;
    }
    const others = this.#untold > 0 ? `; ${this.#untold} more were refused before it` : '';
    this.#toldAtMs = nowMs;
    this.#untold = 0;
    this.#events({
      at: this.#clock.now(),
      kind: this.#kind,
      source: this.#line,
      detail: `${detail}${others}`,
    });
  }
}
