/**
 * The OT end of the boundary, for one lane: takes blocks from the spool and sends them until the server has them.
 *
 * The live line carries the newest run of the source. When it comes about and much waits, the source begins a new run, and
 * a second line carries what waits in those before it, until all of that has been acknowledged.
 *
 * Invariant: the forwarder opens connections and accepts none; nothing in this folder listens.
 * Invariant: a block is acknowledged to the source only when the server has said that it holds it durably. What was sent
 * and not acknowledged is sent again on the next connection, from the spool, and nothing is ever skipped.
 * Invariant: of what comes back only answers of 24 bytes are understood, and an ACK only of a block under way; anything
 * else ends the connection with a `boundary.refused` event.
 * Invariant: at most `window.maxBytes` are under way on each line, and never more than one read of blocks waits in memory
 * beside them; and so few that blocks of other lines never wait long behind them.
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { BackoffLimits } from '@tidegate/core/clock/backoff.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { BlockSource } from '@tidegate/core/port/blockSource.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { ForwarderIdentity, ServerAddress } from './dial.ts';
import { backlogShare, LINE_DEFAULTS, Line } from './line.ts';
import type { WindowLimits } from './sendWindow.ts';
import type { Stretch } from './session.ts';

export interface ForwarderOptions {
  readonly source: BlockSource;
  /** The complete tag list as it is now; sent on each connection and after `tagsChanged`. */
  readonly tags: () => readonly TagDefinition[];
  /** The digest of the conduit policy as it is now, see `Heartbeat.policy`; none where absent. */
  readonly policy?: () => string | undefined;
  readonly server: ServerAddress;
  /** As it is now; asked before each connection. */
  readonly identity: () => ForwarderIdentity;
  readonly clock: Clock;
  readonly events: EventSink;
  /** A server that answers nothing for this long is given up; 10 s where absent. */
  readonly ackTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** What may be sent and not acknowledged on the live connection. */
  readonly window?: WindowLimits;
  /** How much is read from the source and written to the socket at a time; 128 KiB where absent. */
  readonly readBytes?: number;
  readonly backoff?: BackoffLimits;
  /** Numbers from 0 to 1, for the jitter. */
  readonly random?: () => number;
}

export interface ForwarderStatus {
  /** Live blocks cross. */
  readonly connected: boolean;
  /** A backlog drains beside them. */
  readonly draining: boolean;
  /** The last live block that the server is known to hold; `undefined` where none is known. */
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

const DEFAULTS = { ...LINE_DEFAULTS, policy: (): string | undefined => undefined };

/** Starts to connect at once, and connects again until it is stopped. */
export function startForwarder(options: ForwarderOptions): RunningForwarder {
  return new Forwarder(options);
}

class Forwarder implements RunningForwarder {
  readonly #options: ForwarderOptions & typeof DEFAULTS;
  readonly #live: Line;
  readonly #finished: Promise<void>;
  readonly #drainWaiters = new Set<() => void>();
  /** The first position of the run that the live line carries. */
  #liveFirst: BlockPosition | undefined;
  #backlog: { readonly line: Line; readonly finished: Promise<void> } | undefined;
  #acknowledged: BlockPosition | undefined;
  #stopping = false;

  constructor(options: ForwarderOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#live = new Line({
      ...this.#options,
      tellsOfConnections: true,
      stretch: () => this.#newestRun(),
      onPosition: (position, welcome) => {
        this.#acknowledged = position;
        if (welcome) this.#drainBacklog();
        this.#wakeDrainWaiters();
      },
    });
    this.#finished = this.#live.run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#live.stop();
    this.#backlog?.line.stop();
    this.#wakeDrainWaiters();
    await Promise.all([this.#finished, this.#backlog?.finished]);
  }

  async drained(): Promise<void> {
    while (!this.#stopping && this.#options.source.oldest()) {
      await new Promise<void>((resolve) => this.#drainWaiters.add(resolve));
    }
  }

  status(): ForwarderStatus {
    const draining = this.#backlog?.line.connected ?? false;
    return { connected: this.#live.connected, draining, acknowledged: this.#acknowledged };
  }

  tagsChanged(): void {
    this.#live.tagsChanged();
    this.#backlog?.line.tagsChanged();
  }

  identityChanged(): void {
    this.#live.identityChanged();
    this.#backlog?.line.identityChanged();
  }

  /** From the first block that waits in it, so that the server can tell what it holds of those that do. */
  async #newestRun(): Promise<Stretch> {
    const { source } = this.#options;
    const first = source.beginRun();
    this.#liveFirst = first;
    const [waiting] = await source.read({ epoch: first.epoch, sequence: first.sequence - 1 }, 1);
    return { role: 'live', first: waiting ? { epoch: waiting.epoch, sequence: waiting.sequence } : first };
  }

  async #olderRuns(): Promise<Stretch | undefined> {
    const first = this.#options.source.oldest();
    const before = this.#liveFirst;
    if (!first || !before || comparePositions(first, before) >= 0) return undefined;
    return { role: 'backlog', first, before };
  }

  #drainBacklog(): void {
    const { source } = this.#options;
    const oldest = source.oldest();
    if (this.#backlog || this.#stopping || !oldest || !this.#liveFirst) return;
    if (comparePositions(oldest, this.#liveFirst) >= 0) return;
    const line = new Line({
      ...this.#options,
      ...backlogShare(this.#options),
      tellsOfConnections: false,
      stretch: () => this.#olderRuns(),
      onPosition: () => this.#wakeDrainWaiters(),
    });
    const finished = line.run().then(() => {
      this.#backlog = undefined;
      // The live line may have begun another run meanwhile.
      if (this.#live.connected) this.#drainBacklog();
    });
    this.#backlog = { line, finished };
  }

  #wakeDrainWaiters(): void {
    for (const wake of this.#drainWaiters) wake();
    this.#drainWaiters.clear();
  }
}
