/**
 * The OT end of the boundary, for one lane: takes blocks from the spool and sends them until the server has them.
 *
 * Invariant: the forwarder opens connections and accepts none; nothing in this folder listens.
 * Invariant: a block is acknowledged to the source only when the server has said that it holds it durably. What was sent
 * and not acknowledged is sent again on the next connection, from the spool, and nothing is ever skipped.
 * Invariant: of what comes back only answers of 24 bytes are understood, and an ACK only of a block under way; anything
 * else ends the connection with a `boundary.refused` event.
 * Invariant: at most `windowBytes` are under way, and never more than one read of blocks waits in memory beside them.
 */

import type { TLSSocket } from 'node:tls';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type BackoffLimits, backoffMs } from '@tidegate/core/clock/backoff.ts';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSource } from '@tidegate/core/port/blockSource.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { formatPosition } from '../frame/position.ts';
import { isOrdinaryEnd } from '../frame/refusal.ts';
import { dial, type ForwarderIdentity, peerIsRevoked, type ServerAddress } from './dial.ts';
import { ForwardSession } from './session.ts';

export interface ForwarderOptions {
  readonly source: BlockSource;
  /** The complete tag list as it is now; sent on each connection and after `tagsChanged`. */
  readonly tags: () => readonly TagDefinition[];
  readonly server: ServerAddress;
  /** As it is now; asked before each connection. */
  readonly identity: () => ForwarderIdentity;
  readonly clock: Clock;
  readonly events: EventSink;
  /** A server that answers nothing for this long is given up; 10 s where absent. */
  readonly ackTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** The most bytes of blocks sent and not acknowledged; 8 MiB where absent. */
  readonly windowBytes?: number;
  /** How much is read from the source and written to the socket at a time; 1 MiB where absent. */
  readonly readBytes?: number;
  readonly backoff?: BackoffLimits;
  /** Numbers from 0 to 1, for the jitter. */
  readonly random?: () => number;
}

export interface ForwarderStatus {
  readonly connected: boolean;
  /** The last block that the server is known to hold; `undefined` where none is known. */
  readonly acknowledged: BlockPosition | undefined;
}

export interface RunningForwarder {
  /** Ends the connection and all attempts; what is not acknowledged stays in the source. */
  stop(): Promise<void>;
  /** Resolves when the server has acknowledged all that the source holds, or when the forwarder is stopped. */
  drained(): Promise<void>;
  status(): ForwarderStatus;
  /** Sends the tag list again, before any block that the source gives from now on. */
  tagsChanged(): void;
  /** Opens a connection with the new identity, and leaves the old one when there is a new. */
  identityChanged(): void;
}

const MIB = 1024 * 1024;
const DEFAULTS = {
  ackTimeoutMs: 10_000,
  heartbeatMs: 1_000,
  windowBytes: 8 * MIB,
  readBytes: MIB,
  backoff: { firstMs: 100, maxMs: 10_000 },
  random: Math.random,
};

/** Starts to connect at once, and connects again until it is stopped. */
export function startForwarder(options: ForwarderOptions): RunningForwarder {
  return new Forwarder(options);
}

class Forwarder implements RunningForwarder {
  readonly #options: ForwarderOptions & typeof DEFAULTS;
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  readonly #drainWaiters = new Set<() => void>();
  #session: ForwardSession | undefined;
  #socket: TLSSocket | undefined;
  /** A connection that waits to take the place of the one in use. */
  #successor: TLSSocket | undefined;
  #renewing = false;
  #connected = false;
  #connectedAtMs = 0;
  #acknowledged: BlockPosition | undefined;
  /** Failed attempts since the last one that brought something across. */
  #attempt = 0;
  /** What was last reported, so that a server that stays away is reported once and not at every attempt. */
  #reported = '';
  /** The server has refused us, and has taken nothing since. */
  #refused = false;

  constructor(options: ForwarderOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#finished = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#session?.close();
    this.#successor?.destroy();
    this.#wakeDrainWaiters();
    await this.#finished;
  }

  async drained(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const changed = new Promise<void>((resolve) => this.#drainWaiters.add(resolve));
      // Before the first WELCOME nobody knows what the server holds.
      if (this.#acknowledged || this.#connected) {
        const acknowledged = this.#acknowledged;
        const waiting = await this.#options.source.read(acknowledged, 1);
        if (waiting.length === 0) return;
        if (acknowledged !== this.#acknowledged) continue;
      }
      await changed;
    }
  }

  status(): ForwarderStatus {
    return { connected: this.#connected, acknowledged: this.#acknowledged };
  }

  tagsChanged(): void {
    this.#session?.tagsChanged();
  }

  identityChanged(): void {
    if (!this.#renewing) void this.#renew();
  }

  async #run(): Promise<void> {
    const { clock, backoff, random } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const fault = await this.#connect();
      if (signal.aborted) break;
      if (this.#successor) continue;
      this.#report(fault);
      await delay(clock, backoffMs(this.#attempt++, backoff, random), signal);
    }
  }

  /** One connection from its opening to its end; why it ended. */
  async #connect(): Promise<Fault> {
    const { clock, backoff } = this.#options;
    const dialled = this.#successor ? success(this.#successor) : await this.#dial();
    this.#successor = undefined;
    if (!dialled.ok) return dialled.fault;
    this.#socket = dialled.value;
    this.#session = new ForwardSession(dialled.value, {
      ...this.#options,
      onPosition: (position, welcome) => this.#takePosition(position, welcome),
    });
    try {
      return await this.#session.run();
    } finally {
      this.#session = undefined;
      if (this.#connected && clock.elapsedMs() - this.#connectedAtMs > backoff.maxMs) this.#attempt = 0;
      this.#connected = false;
    }
  }

  #dial(): Promise<Result<TLSSocket>> {
    const { server, identity, clock, ackTimeoutMs } = this.#options;
    return dial(server, identity(), clock, ackTimeoutMs, this.#stopping.signal);
  }

  /** Where no new connection comes about, the old one goes on, unless its server has been revoked meanwhile. */
  async #renew(): Promise<void> {
    const session = this.#session;
    const identity = this.#options.identity();
    const { isRevoked } = identity;
    if (!session || !this.#socket) return;
    if (isRevoked && peerIsRevoked(this.#socket, isRevoked)) {
      session.close('boundary.revoked', 'the certificate of the server has been revoked');
      return;
    }
    this.#renewing = true;
    const dialled = await this.#dial();
    this.#renewing = false;
    if (!dialled.ok) this.#report(dialled.fault);
    else if (this.#session !== session || this.#stopping.signal.aborted) dialled.value.destroy();
    else if (this.#options.identity() !== identity) {
      dialled.value.destroy();
      await this.#renew();
    } else {
      this.#successor = dialled.value;
      session.close('boundary.replaced', 'a connection with the new certificate takes its place');
    }
  }

  #takePosition(position: BlockPosition | undefined, welcome: boolean): void {
    const { source } = this.#options;
    this.#acknowledged = position;
    if (position) source.acknowledge(position);
    if (welcome) {
      this.#connected = true;
      this.#connectedAtMs = this.#options.clock.elapsedMs();
    } else {
      this.#attempt = 0;
    }
    if (this.#refused ? !welcome : welcome) {
      this.#refused = false;
      this.#reported = '';
      this.#emit('boundary.connected', `connected to ${this.#address()}; it holds ${formatPosition(position)}`);
    }
    this.#wakeDrainWaiters();
  }

  /** A server that greets us and then refuses every block, as with a full disk, gives one event and not two a retry. */
  #report(fault: Fault): void {
    const refused = !isOrdinaryEnd(fault.code);
    this.#refused ||= refused;
    const detail = `${fault.code}: ${fault.detail}`;
    if (this.#reported === detail) return;
    this.#reported = detail;
    this.#emit(refused ? 'boundary.refused' : 'boundary.lost', detail);
  }

  #emit(kind: EventKind, detail: string): void {
    const { source, clock, events } = this.#options;
    events({ at: clock.now(), kind, source: `${source.gateway}/${source.lane}`, detail });
  }

  #address(): string {
    return `${this.#options.server.host}:${this.#options.server.port}`;
  }

  #wakeDrainWaiters(): void {
    for (const wake of this.#drainWaiters) wake();
    this.#drainWaiters.clear();
  }
}
