/** Hands what one stream brings to the sink, in order, and keeps it until it is durable: nobody can be asked for it again. */

import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, Heartbeat, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

export interface BlockDeliveryOptions {
  readonly sink: BlockSink;
  readonly clock: Clock;
  /** The most bytes of blocks that wait for the sink. */
  readonly maxBytes: number;
  /** The sink has refused; `dropped` says that it will not be offered again. */
  readonly onFault: (fault: Fault, dropped: boolean) => void;
}

type Item =
  | { readonly kind: 'block'; readonly header: BlockHeader; readonly bytes: Uint8Array; state: ItemState }
  | { readonly kind: 'tags'; readonly gateway: string; readonly tags: readonly TagDefinition[]; state: ItemState }
  | { readonly kind: 'heartbeat'; readonly stream: StreamName; readonly heartbeat: Heartbeat; state: ItemState };

type ItemState = 'waiting' | 'offered' | 'done';

const RETRY_MS = 500;
/** What a block takes in memory beside its own bytes. */
const OVERHEAD_BYTES = 512;
/** Places of what is done are given back when there are this many of them. */
const COMPACT_FROM = 256;

/**
 * Invariant: a heartbeat reaches the sink when all before it is durable, because it says what will never come; blocks behind
 * a tag list are offered when the list is durable.
 */
export class BlockDelivery {
  readonly #options: BlockDeliveryOptions;
  #items: Item[] = [];
  /** Before `#oldest` all is done; before `#next` all has been offered. */
  #oldest = 0;
  #next = 0;
  #bytes = 0;
  #retrying = false;
  #cancelRetry: CancelTimer = () => {};
  #emptyWaiters: (() => void)[] = [];

  constructor(options: BlockDeliveryOptions) {
    this.#options = options;
  }

  /** False, and nothing is taken, where too much waits for the sink. */
  block(header: BlockHeader, bytes: Uint8Array): boolean {
    if (this.#bytes > this.#options.maxBytes) return false;
    this.#bytes += bytes.length + OVERHEAD_BYTES;
    this.#add({ kind: 'block', header, bytes, state: 'waiting' });
    return true;
  }

  tags(gateway: string, tags: readonly TagDefinition[]): void {
    this.#add({ kind: 'tags', gateway, tags, state: 'waiting' });
  }

  heartbeat(stream: StreamName, heartbeat: Heartbeat): void {
    const last = this.#items.at(-1);
    // While the sink stands still, the newest heartbeat says all.
    if (last?.kind === 'heartbeat') {
      this.#items.pop();
      this.#next = Math.min(this.#next, this.#items.length);
    }
    this.#add({ kind: 'heartbeat', stream, heartbeat, state: 'done' });
  }

  /** Resolves when the sink holds all that it was given, or has refused something once more. */
  async finish(): Promise<void> {
    while (this.#oldest < this.#items.length && !this.#retrying) {
      await new Promise<void>((resolve) => this.#emptyWaiters.push(resolve));
    }
    this.#cancelRetry();
  }

  #add(item: Item): void {
    this.#items.push(item);
    this.#pump();
  }

  #pump(): void {
    this.#settle();
    if (this.#retrying) return;
    for (; this.#next < this.#items.length; this.#next++) {
      const item = this.#items[this.#next];
      if (item.state === 'waiting') this.#offer(item);
      if (item.kind === 'tags' && item.state !== 'done') break;
    }
  }

  #offer(item: Item): void {
    if (item.kind === 'heartbeat') return;
    const { sink } = this.#options;
    item.state = 'offered';
    const offered =
      item.kind === 'block' ? sink.append(item.header, item.bytes) : sink.defineTags(item.gateway, item.tags);
    void offered.then((result) => this.#take(item, result));
  }

  #take(item: Item, result: Result<void>): void {
    if (result.ok) {
      item.state = 'done';
    } else {
      // A block that is not one will not become one, and a tag list comes again within a minute.
      const dropped = result.fault.code.startsWith('block.') || item.kind === 'tags';
      item.state = dropped ? 'done' : 'waiting';
      this.#options.onFault(result.fault, dropped);
      if (!dropped) this.#retryLater();
    }
    this.#pump();
    for (const wake of this.#emptyWaiters.splice(0)) wake();
  }

  #retryLater(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => {
      this.#retrying = false;
      this.#next = this.#oldest;
      this.#pump();
    });
  }

  /** Takes what is done off the front. */
  #settle(): void {
    for (; this.#items[this.#oldest]?.state === 'done'; this.#oldest++) {
      const item = this.#items[this.#oldest];
      if (item.kind === 'block') this.#bytes -= item.bytes.length + OVERHEAD_BYTES;
      else if (item.kind === 'heartbeat') this.#options.sink.heartbeat(item.stream, item.heartbeat);
    }
    this.#next = Math.max(this.#next, this.#oldest);
    if (this.#oldest >= COMPACT_FROM || this.#oldest === this.#items.length) {
      this.#items = this.#items.slice(this.#oldest);
      this.#next -= this.#oldest;
      this.#oldest = 0;
    }
  }
}
