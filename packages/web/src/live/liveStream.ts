/** The connection to the live stream: says what arrives and whether it stands, and comes back by itself. */

import type { Boundary } from '@tidegate/platform/northbound/contract/boundary.ts';
import type { LiveSamples } from '@tidegate/platform/northbound/contract/live.ts';

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly sinceMs: number }
  /** What is shown is as old as `sinceMs`. */
  | { readonly kind: 'lost'; readonly sinceMs: number };

export interface LiveListener {
  samples(rows: LiveSamples): void;
  boundary(boundary: Boundary): void;
  link(state: LinkState): void;
}

/** The part of `EventSource` that is used, so that a test can stand in its place. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** The server says something of the boundary every second: this long without a word, and the connection is dead. */
export const SILENCE_MS = 6_000;
const RETRY_MS = 2_000;
const CHECK_EVERY_MS = 1_000;
const EVENT_SOURCE_CLOSED = 2;

/**
 * `EventSource` reconnects after a broken connection, but not after an answer that is an error, nor out of a connection
 * that is half open: for these two the stream is opened anew here.
 */
export class LiveStream {
  readonly #open: () => EventStream;
  readonly #listener: LiveListener;
  readonly #nowMs: () => number;
  #source: EventStream | undefined;
  #state: LinkState = { kind: 'connecting' };
  #heardMs: number;
  #openedMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(open: () => EventStream, listener: LiveListener, nowMs: () => number = Date.now) {
    this.#open = open;
    this.#listener = listener;
    this.#nowMs = nowMs;
    this.#heardMs = nowMs();
  }

  start(): void {
    this.#connect();
    this.#timer = setInterval(() => this.check(), CHECK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  /** Looks whether the connection is dead, and opens a new one where it is. */
  check(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#heardMs > SILENCE_MS) this.#lost();
    const waitedMs = nowMs - Math.max(this.#openedMs, this.#heardMs);
    const gaveUp = this.#source?.readyState === EVENT_SOURCE_CLOSED && waitedMs > RETRY_MS;
    if (gaveUp || waitedMs > SILENCE_MS) this.#connect();
  }

  #connect(): void {
    this.#source?.close();
    this.#openedMs = this.#nowMs();
    const source = this.#open();
    this.#source = source;
    const on = (name: string, take: (data: string) => void) =>
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        this.#heard();
        take(event.data);
      });
    on('latest', (data) => this.#listener.samples(JSON.parse(data) as LiveSamples));
    on('samples', (data) => this.#listener.samples(JSON.parse(data) as LiveSamples));
    on('boundary', (data) => this.#listener.boundary(JSON.parse(data) as Boundary));
    source.addEventListener('error', () => {
      if (source === this.#source) this.#lost();
    });
  }

  #heard(): void {
    this.#heardMs = this.#nowMs();
    if (this.#state.kind !== 'live') this.#become({ kind: 'live', sinceMs: this.#heardMs });
  }

  #lost(): void {
    if (this.#state.kind !== 'lost') this.#become({ kind: 'lost', sinceMs: this.#heardMs });
  }

  #become(state: LinkState): void {
    this.#state = state;
    this.#listener.link(state);
  }
}
