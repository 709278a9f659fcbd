/**
 * Fetches from a relay: opens connections to it, so that the relay opens none, and hands each to the receiver when the relay
 * begins to speak on it.
 *
 * Invariant: some connections wait at the relay at any time, so that a line that needs one has it.
 */

import { connect, type Socket } from 'node:net';
import { type BackoffLimits, backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { RunningReceiver } from './receiver.ts';

export interface FetchOptions {
  /** Where the relay lets the server fetch. */
  readonly host: string;
  readonly port: number;
  readonly receiver: Pick<RunningReceiver, 'adopt'>;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly backoff?: BackoffLimits;
  /** Numbers from 0 to 1, for the jitter. */
  readonly random?: () => number;
}

const SPARES = 2;
const KEEP_ALIVE_MS = 5_000;
const DEFAULTS = { backoff: { firstMs: 100, maxMs: 10_000 }, random: Math.random };

export class Fetcher {
  readonly #options: FetchOptions & typeof DEFAULTS;
  /** Connections on which nothing has been said, those that do not stand yet among them. */
  readonly #spares = new Set<Socket>();
  #attempt = 0;
  #stopped = false;
  /** What was last reported. */
  #reported = '';
  #cancel: CancelTimer = () => {};

  /** Begins at once, and goes on until it is stopped. */
  constructor(options: FetchOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#fill();
  }

  /** Closes the spare connections; those that the receiver has go on. */
  stop(): void {
    this.#stopped = true;
    this.#cancel();
    for (const socket of this.#spares) socket.destroy();
  }

  #fill(): void {
    while (!this.#stopped && this.#spares.size < SPARES) this.#open();
  }

  #open(): void {
    const { host, port, receiver } = this.#options;
    const socket = connect({ host, port, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    let why = 'the relay closed the connection';
    this.#spares.add(socket);
    socket.on('error', (error) => {
      why = error.message;
    });
    socket.once('connect', () => this.#report(''));
    const lose = () => {
      this.#spares.delete(socket);
      this.#report(why);
      this.#fillLater();
    };
    socket.once('close', lose);
    socket.once('readable', () => {
      if (socket.readableLength === 0) return;
      socket.off('close', lose);
      this.#spares.delete(socket);
      this.#attempt = 0;
      receiver.adopt(socket);
      this.#fill();
    });
  }

  #fillLater(): void {
    const { clock, backoff, random } = this.#options;
    this.#cancel();
    if (!this.#stopped) this.#cancel = clock.after(backoffMs(this.#attempt++, backoff, random), () => this.#fill());
  }

  /** A relay that stays away is reported once. */
  #report(why: string): void {
    const { clock, events, host, port } = this.#options;
    if (this.#stopped || this.#reported === why) return;
    this.#reported = why;
    if (why === '') return;
    const detail = `nothing can be fetched from ${host}:${port}: ${why}`;
    events({ at: clock.now(), kind: 'boundary.lost', source: `${host}:${port}`, detail });
  }
}
