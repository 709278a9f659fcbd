/**
 * Takes the events of a gateway into its data: each is a sample of `<gateway>/_events/<kind>`, in the audit lane.
 *
 * A flood of one kind must not fill the spool: beyond `EVENTS_PER_WINDOW` in a window they are counted, and the next one that
 * is written says how many there were.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink, PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { Readings } from '../acquisition/readings.ts';

export const EVENTS_PER_WINDOW = 20;
export const EVENT_WINDOW_MS = 60_000;

/** Of sources and details, which strangers may have a part in. */
const MAX_TEXT = 2_000;

interface Window {
  startMs: number;
  written: number;
  unwritten: number;
}

export class GatewayEvents {
  readonly #clock: Clock;
  readonly #windows = new Map<EventKind, Window>();
  #waiting: { readonly event: PlantEvent; readonly unwritten: number }[] = [];
  #isFlushDue = false;
  #target: { readonly readings: Readings; readonly numbers: ReadonlyMap<EventKind, number> } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on events become samples, those that have come before among them. */
  attach(sink: SampleSink, numbers: ReadonlyMap<EventKind, number>): void {
    this.#target = { readings: new Readings(sink), numbers };
    this.flush();
  }

  /** What comes from now on goes nowhere. */
  detach(): void {
    this.flush();
    this.#target = undefined;
  }

  readonly record: EventSink = (event) => {
    const nowMs = this.#clock.elapsedMs();
    const window = this.#windows.get(event.kind) ?? { startMs: nowMs, written: 0, unwritten: 0 };
    this.#windows.set(event.kind, window);
    if (nowMs - window.startMs >= EVENT_WINDOW_MS) Object.assign(window, { startMs: nowMs, written: 0 });
    if (window.written >= EVENTS_PER_WINDOW) {
      window.unwritten++;
      return;
    }
    window.written++;
    this.#waiting.push({ event, unwritten: window.unwritten });
    window.unwritten = 0;
    // What is on its way to the sink may be what the event is about: it comes to its end first.
    if (this.#target && !this.#isFlushDue) {
      this.#isFlushDue = true;
      queueMicrotask(() => this.flush());
    }
  };

  /** Hands over what has come. */
  flush(): void {
    this.#isFlushDue = false;
    if (!this.#target) return;
    const { readings, numbers } = this.#target;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { event, unwritten } of waiting) {
      const number = numbers.get(event.kind);
      if (number !== undefined) readings.text(number, event.at, eventText(event, unwritten), STATUS.Good);
    }
    readings.flush();
  }
}

function eventText({ source, detail }: PlantEvent, unwritten: number): string {
  const said = { source: source.slice(0, MAX_TEXT), detail: detail.slice(0, MAX_TEXT) };
  return JSON.stringify(unwritten === 0 ? said : { ...said, unwritten });
}
