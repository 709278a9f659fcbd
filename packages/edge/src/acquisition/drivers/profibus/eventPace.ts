/** Reports events of the field, but no more than one each second of the same matter: the last of a second counts. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';

const PAUSE_MS = 1_000;

interface Report {
  readonly kind: EventKind;
  readonly source: string;
  readonly detail: string;
}

export class EventPace {
  readonly #clock: Clock;
  readonly #events: EventSink;
  readonly #reportedMs = new Map<string, number>();
  readonly #waiting = new Map<string, Report>();

  constructor(clock: Clock, events: EventSink) {
    this.#clock = clock;
    this.#events = events;
  }

  /** `matter` is what a later report takes the place of an earlier one in; there are few of them. */
  report(matter: string, kind: EventKind, source: string, detail: string): void {
    if (this.#isDue(matter)) this.#tell(matter, { kind, source, detail });
    else this.#waiting.set(matter, { kind, source, detail });
  }

  /** Reports what has waited long enough. */
  flush(): void {
    for (const [matter, report] of this.#waiting) {
      if (this.#isDue(matter)) this.#tell(matter, report);
    }
  }

  #isDue(matter: string): boolean {
    const reportedMs = this.#reportedMs.get(matter) ?? Number.NEGATIVE_INFINITY;
    return this.#clock.elapsedMs() - reportedMs >= PAUSE_MS;
  }

  #tell(matter: string, report: Report): void {
    this.#waiting.delete(matter);
    this.#reportedMs.set(matter, this.#clock.elapsedMs());
    this.#events({ at: this.#clock.now(), ...report });
  }
}
