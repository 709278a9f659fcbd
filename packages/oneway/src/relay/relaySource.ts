/** What a connection of a relay takes its blocks from: the live queue of a stream, or its backlog. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { Role } from '@tidegate/core/port/blockSink.ts';
import type { BlockSource, SpoolDepth, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { RelayStream } from './relayStream.ts';

export class RelaySource implements BlockSource {
  readonly gateway: string;
  readonly lane: Lane;
  readonly #stream: RelayStream;
  readonly #role: Role;
  /** Ends the reading for the connection before the present one. */
  #connection = new AbortController();

  constructor(stream: RelayStream, role: Role) {
    this.gateway = stream.gateway;
    this.lane = stream.lane;
    this.#stream = stream;
    this.#role = role;
  }

  get instance(): string {
    return this.#stream.instance;
  }

  /** A connection begins. */
  beginRun(): BlockPosition {
    this.#connection.abort();
    this.#connection = new AbortController();
    return this.#stream.queues.begin(this.#role);
  }

  /** Of the backlog it waits for a block as long as one may come, so that its connection does not end between two of them. */
  async read(after: BlockPosition | undefined, maxBytes: number): Promise<readonly SpooledBlock[]> {
    const { signal } = this.#connection;
    for (;;) {
      const blocks = await this.#stream.read(this.#role, after, maxBytes);
      if (signal.aborted) return [];
      const last = blocks.at(-1);
      if (last && this.#role === 'backlog') this.#stream.queues.drainedTo(last);
      if (last || this.#role === 'live' || !this.#waitsForBacklog(signal)) return blocks;
      if (!this.#stream.queues.backlog.hasAfter(after)) await this.#stream.change(signal);
    }
  }

  async wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#stream.queues[this.#role].hasAfter(after)) await this.#stream.change(signal);
  }

  acknowledge(first: BlockPosition, last: BlockPosition): void {
    this.#stream.settle(this.#role, first, last);
  }

  /** Lets the connection end: what it waits for will not be sent by it. */
  stop(): void {
    this.#connection.abort();
  }

  head(): BlockPosition | undefined {
    return this.#stream.told().head;
  }

  oldest(): BlockPosition | undefined {
    return this.#stream.told().oldest;
  }

  depth(): SpoolDepth {
    return this.#stream.told().depth;
  }

  tally(): Tally {
    return this.#stream.told().tally;
  }

  toldAt(): Timestamp {
    return this.#stream.told().at;
  }

  #waitsForBacklog(signal: AbortSignal): boolean {
    return !signal.aborted && this.#stream.expectsBacklog && !this.#stream.queues.hasLate;
  }
}
