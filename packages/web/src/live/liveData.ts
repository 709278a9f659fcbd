/** What the console knows of the present: latest values, the boundary, and whether the connection to the server stands. */

import type { Boundary } from '@tidegate/platform/northbound/contract/boundary.ts';
import type { LiveSamples } from '@tidegate/platform/northbound/contract/live.ts';
import { BacklogTrend } from '../boundary/backlog.ts';
import { knownUntilMs, type Source } from '../boundary/knownUntil.ts';
import { StreamRates } from '../boundary/streamFlow.ts';
import { LatestValues } from './latestValues.ts';
import type { LinkState, LiveListener } from './liveStream.ts';

/** Numbers that change more often than this cannot be read. */
const TELL_EVERY_MS = 250;
/** The clocks of browser and server may differ by this much without the trend taking notice. */
const CLOCK_TOLERANCE_MS = 250;

export class LiveData implements LiveListener {
  readonly latest = new LatestValues();
  readonly rates = new StreamRates();
  readonly backlogs = new BacklogTrend();
  #boundary: Boundary | undefined;
  #link: LinkState = { kind: 'connecting' };
  #clockOffsetMs = 0;
  #toldMs = 0;
  #frame = 0;
  readonly #listeners = new Set<() => void>();
  readonly #rowListeners = new Set<(rows: LiveSamples) => void>();

  get boundaryState(): Boundary | undefined {
    return this.#boundary;
  }

  get linkState(): LinkState {
    return this.#link;
  }

  /** The present by the clock of the server, in milliseconds since 1970. */
  nowMs = (): number => Date.now() + this.#clockOffsetMs;

  samples(rows: LiveSamples): void {
    this.latest.take(rows);
    for (const listener of this.#rowListeners) listener(rows);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#onFrame);
  }

  boundary(boundary: Boundary): void {
    const offsetMs = boundary.at / 1_000 - Date.now();
    if (Math.abs(offsetMs - this.#clockOffsetMs) > CLOCK_TOLERANCE_MS) this.#clockOffsetMs = offsetMs;
    this.#boundary = boundary;
    this.rates.take(boundary);
    this.backlogs.take(boundary);
    this.#changed();
  }

  link(state: LinkState): void {
    // The stream measures by the clock of the browser, the console shows the clock of the server.
    this.#link = state.kind === 'connecting' ? state : { ...state, sinceMs: state.sinceMs + this.#clockOffsetMs };
    this.#changed();
  }

  /** Until when the samples of a tag are known (see `knownUntilMs`). */
  knownUntilMs = (source: Source, nowMs: number): number => knownUntilMs(this.#boundary, this.#link, source, nowMs);

  /** Calls `listener` when the boundary or the connection has changed: about once a second. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls `listener` with all rows as they arrive. */
  onRows(listener: (rows: LiveSamples) => void): () => void {
    this.#rowListeners.add(listener);
    return () => this.#rowListeners.delete(listener);
  }

  #onFrame = (timeMs: number): void => {
    if (timeMs - this.#toldMs < TELL_EVERY_MS) {
      this.#frame = requestAnimationFrame(this.#onFrame);
      return;
    }
    this.#frame = 0;
    this.#toldMs = timeMs;
    this.latest.tell();
  };

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
