/** A line of a forwarder to the server: a connection for one role, made again whenever it is lost. */

import type { TLSSocket } from 'node:tls';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type BackoffLimits, backoffMs } from '@tidegate/core/clock/backoff.ts';
import { delay } from '@tidegate/core/clock/clock.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { formatPosition } from '../frame/position.ts';
import { isOrdinaryEnd } from '../frame/refusal.ts';
import { dial, type ForwarderIdentity, peerIsRevoked, peerValidUntil, type ServerAddress } from './dial.ts';
import { ForwardSession, type SessionOptions, type Stretch } from './session.ts';

export interface LineOptions extends Omit<SessionOptions, 'stretch' | 'validUntil' | 'onPosition'> {
  readonly server: ServerAddress;
  readonly identity: () => ForwarderIdentity;
  readonly events: EventSink;
  readonly backoff: BackoffLimits;
  readonly random: () => number;
  /** What the next connection carries, asked when it has been made; `undefined` where nothing is left. */
  readonly stretch: () => Promise<Stretch | undefined>;
  /** The server holds everything up to `position`; told for each WELCOME, then for each block acknowledged. */
  readonly onPosition: (position: BlockPosition | undefined, welcome: boolean) => void;
  /** Whether connections that begin and end are events; those that are refused always are. */
  readonly tellsOfConnections: boolean;
}

const MIB = 1024 * 1024;

/** What holds of a line where nothing is chosen. */
export const LINE_DEFAULTS = {
  ackTimeoutMs: 10_000,
  heartbeatMs: 1_000,
  window: { queueMs: 60, minBytes: MIB / 16, maxBytes: 8 * MIB },
  readBytes: MIB / 8,
  backoff: { firstMs: 100, maxMs: 10_000 },
  random: Math.random,
};

const BACKLOG_QUEUE_MS = 5;
const BACKLOG_READ_BYTES = MIB / 16;

/** The share of a backlog, where live blocks have `line`: it stands before them in every queue to the archive. */
export function backlogShare({ window, readBytes }: Pick<SessionOptions, 'window' | 'readBytes'>) {
  return {
    window: { ...window, queueMs: Math.min(window.queueMs, BACKLOG_QUEUE_MS) },
    readBytes: Math.min(readBytes, BACKLOG_READ_BYTES),
  };
}

export class Line {
  readonly #options: LineOptions;
  readonly #stopping = new AbortController();
  #session: ForwardSession | undefined;
  #socket: TLSSocket | undefined;
  /** A connection that waits to take the place of the one in use. */
  #successor: TLSSocket | undefined;
  #renewing = false;
  #connected = false;
  #connectedAtMs = 0;
  /** Failed attempts since the last one that brought something across. */
  #attempt = 0;
  /** What was last reported, so that a server that stays away is reported once and not at every attempt. */
  #reported = '';
  /** The server has refused us, and has taken nothing since. */
  #refused = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Welcomed, and not yet lost. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Connects again and again; resolves when nothing is left to carry, or when the line is stopped. */
  async run(): Promise<void> {
    const { clock, backoff, random } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const fault = await this.#connect();
      if (!fault || signal.aborted) return;
      if (this.#successor) continue;
      this.#report(fault);
      await delay(clock, backoffMs(this.#attempt++, backoff, random), signal);
    }
  }

  stop(): void {
    this.#stopping.abort();
    this.#session?.close();
    this.#successor?.destroy();
  }

  tagsChanged(): void {
    this.#session?.tagsChanged();
  }

  identityChanged(): void {
    if (!this.#renewing) void this.#renew();
  }

  /** One connection from its opening to its end; why it ended, or nothing where nothing is left to carry. */
  async #connect(): Promise<Fault | undefined> {
    const { clock, backoff } = this.#options;
    const dialled = this.#successor ? success(this.#successor) : await this.#dial();
    this.#successor = undefined;
    if (!dialled.ok) return dialled.fault;
    const stretch = await this.#options.stretch();
    if (!stretch || this.#stopping.signal.aborted) {
      dialled.value.destroy();
      return undefined;
    }
    this.#socket = dialled.value;
    this.#session = new ForwardSession(dialled.value, {
      ...this.#options,
      stretch,
      validUntil: peerValidUntil(dialled.value),
      onPosition: (position, welcome) => this.#takePosition(stretch, position, welcome),
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

  #takePosition({ first }: Stretch, position: BlockPosition | undefined, welcome: boolean): void {
    const { source, clock, onPosition } = this.#options;
    if (position) source.acknowledge(first, position);
    if (welcome) {
      this.#connected = true;
      this.#connectedAtMs = clock.elapsedMs();
    } else {
      this.#attempt = 0;
    }
    if (this.#refused ? !welcome : welcome) {
      this.#refused = false;
      this.#reported = '';
      this.#emit('boundary.connected', `connected to ${this.#address()}; it holds ${formatPosition(position)}`);
    }
    onPosition(position, welcome);
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
    const { source, clock, events, tellsOfConnections } = this.#options;
    if (!tellsOfConnections && kind !== 'boundary.refused') return;
    events({ at: clock.now(), kind, source: `${source.gateway}/${source.lane}`, detail });
  }

  #address(): string {
    return `${this.#options.server.host}:${this.#options.server.port}`;
  }
}
