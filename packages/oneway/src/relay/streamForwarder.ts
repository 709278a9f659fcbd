/**
 * Forwards one stream of a relay: a line for what comes live, and one beside it while there is a backlog.
 *
 * It keeps the invariants of the forwarder of a gateway. What is different is where a backlog comes from: here blocks of an
 * older run may come at any time, from a gateway that drains its own.
 */

import type { BackoffLimits } from '@tidegate/core/clock/backoff.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { ForwarderIdentity, ServerAddress } from '../forward/dial.ts';
import { backlogShare, LINE_DEFAULTS, Line, type LineOptions } from '../forward/line.ts';
import { RelaySource } from './relaySource.ts';
import type { RelayStream } from './relayStream.ts';

export interface StreamForwarderOptions {
  readonly stream: RelayStream;
  /** The tag list of the gateway as it is now. */
  readonly tags: () => readonly TagDefinition[];
  readonly server: ServerAddress;
  /** That of the relay, as it is now. */
  readonly identity: () => ForwarderIdentity;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly heartbeatMs?: number;
  readonly backoff?: BackoffLimits;
}

const BEHIND_ALL = { epoch: Number.MAX_SAFE_INTEGER, sequence: 0 };

export class StreamForwarder {
  readonly stream: RelayStream;
  readonly #liveSource: RelaySource;
  readonly #backlogSource: RelaySource;
  readonly #lineOptions: Omit<LineOptions, 'source' | 'stretch' | 'onPosition' | 'tellsOfConnections'>;
  readonly #live: Line;
  readonly #finished: Promise<unknown>;
  readonly #stopping = new AbortController();
  #backlog: { readonly line: Line; readonly finished: Promise<void> } | undefined;

  /** Starts to connect at once, and connects again until it is stopped. */
  constructor({ stream, ...options }: StreamForwarderOptions) {
    this.stream = stream;
    this.#liveSource = new RelaySource(stream, 'live');
    this.#backlogSource = new RelaySource(stream, 'backlog');
    this.#lineOptions = { ...LINE_DEFAULTS, ...options, policy: () => stream.told().policy };
    this.#live = new Line({
      ...this.#lineOptions,
      source: this.#liveSource,
      tellsOfConnections: true,
      stretch: async () => ({ role: 'live', first: this.#liveSource.beginRun() }),
      onPosition: (_position, welcome) => welcome && this.#drainBacklog(),
    });
    this.#finished = Promise.all([this.#live.run(), this.#watchBacklog()]);
  }

  /** Live blocks cross. */
  get connected(): boolean {
    return this.#live.connected;
  }

  /** A backlog drains beside them. */
  get draining(): boolean {
    return this.#backlog?.line.connected ?? false;
  }

  tagsChanged(): void {
    this.#live.tagsChanged();
    this.#backlog?.line.tagsChanged();
  }

  identityChanged(): void {
    this.#live.identityChanged();
    this.#backlog?.line.identityChanged();
  }

  /** Ends the connections and all attempts; what is not acknowledged stays in the relay. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#live.stop();
    this.#backlog?.line.stop();
    this.#backlogSource.stop();
    await Promise.all([this.#finished, this.#backlog?.finished]);
  }

  async #watchBacklog(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#live.connected) this.#drainBacklog();
      await this.stream.change(signal);
    }
  }

  #drainBacklog(): void {
    if (this.#backlog || this.#stopping.signal.aborted || !this.stream.queues.hasBacklog) return;
    const source = this.#backlogSource;
    const line = new Line({
      ...this.#lineOptions,
      source,
      ...backlogShare(this.#lineOptions),
      tellsOfConnections: false,
      stretch: async () => {
        const first = source.beginRun();
        return this.stream.queues.hasBacklog ? { role: 'backlog', first, before: BEHIND_ALL } : undefined;
      },
      onPosition: () => {},
    });
    const finished = line.run().then(() => {
      this.#backlog = undefined;
      if (this.#live.connected) this.#drainBacklog();
    });
    this.#backlog = { line, finished };
  }
}
