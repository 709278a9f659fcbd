/** Fans samples out from the historian to everybody who watches, in groups that watch the same tags. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagIndex } from '../../historian/query/historianReader.ts';
import { boundaryJson } from '../encoding/boundaryJson.ts';
import { latestRows } from '../encoding/latestRows.ts';
import type { BoundaryConnections, NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { eventText, HEARTBEAT_COMMENT } from './eventText.ts';
import { type EventStream, LiveClient } from './liveClient.ts';
import { LiveGroup } from './liveGroup.ts';
import type { TagFilter } from './rowBuffer.ts';

/** Each client may hold a megabyte of this process, and every group costs a pass over each batch. */
export const MAX_LIVE_CLIENTS = 64;
/** A client that has taken nothing for this long is gone, though its connection does not know it yet. */
export const STALLED_AFTER_MS = 60_000;
const BOUNDARY_INTERVAL_MS = 1_000;
const BOUNDARIES_PER_HEARTBEAT = 15;

/** A client's way to say that its stream has drained, or that it has left. */
export interface LiveSubscription {
  drained(): void;
  leave(): void;
}

export class LiveHub {
  readonly #historian: NorthboundHistorian;
  readonly #connections: BoundaryConnections | undefined;
  readonly #clock: Clock;
  /** By the tags that they watch. */
  readonly #groups = new Map<string, LiveGroup>();
  #clientCount = 0;
  #unsubscribe: (() => void) | undefined;
  #cancelTick: CancelTimer | undefined;
  #ticks = 0;

  constructor(historian: NorthboundHistorian, connections: BoundaryConnections | undefined, clock: Clock) {
    this.#historian = historian;
    this.#connections = connections;
    this.#clock = clock;
  }

  get clientCount(): number {
    return this.#clientCount;
  }

  /** Success where one more client may come. */
  admit(): Result<void> {
    if (this.#clientCount < MAX_LIVE_CLIENTS) return success(undefined);
    return failure('live.full', `${this.#clientCount} clients watch the live stream, which is the limit.`);
  }

  /** Starts with the latest samples and the boundary; `tags` are in ascending order, or `undefined` for all. */
  join(stream: EventStream, tags: readonly TagIndex[] | undefined): LiveSubscription {
    const key = tags ? tags.join(',') : '*';
    const group = this.#groups.get(key) ?? this.#openGroup(key, tags);
    const client = new LiveClient(stream);
    group.clients.add(client);
    this.#clientCount++;
    this.#start();
    const wanted = tags ?? this.#historian.tags().map((tag) => tag.index);
    stream.write(eventText('latest', { ...latestRows(this.#historian, wanted), skipped: 0 }));
    stream.write(this.#boundaryEvent());
    return {
      drained: () => client.drained(),
      leave: () => this.#leave(key, group, client),
    };
  }

  /** Ends every connection. */
  stop(): void {
    for (const client of this.#clients()) client.disconnect();
    for (const group of this.#groups.values()) group.close();
    this.#groups.clear();
    this.#clientCount = 0;
    this.#rest();
  }

  #openGroup(key: string, tags: readonly TagIndex[] | undefined): LiveGroup {
    const group = new LiveGroup(filterOf(tags), this.#clock);
    this.#groups.set(key, group);
    return group;
  }

  #leave(key: string, group: LiveGroup, client: LiveClient): void {
    if (!group.clients.delete(client) || this.#groups.get(key) !== group) return;
    this.#clientCount--;
    if (group.clients.size > 0) return;
    group.close();
    this.#groups.delete(key);
    if (this.#groups.size === 0) this.#rest();
  }

  /** While nobody watches, the historian is not asked for batches and no timer runs. */
  #start(): void {
    if (this.#unsubscribe) return;
    this.#unsubscribe = this.#historian.subscribe((batch) => {
      for (const group of this.#groups.values()) group.append(batch);
    });
    this.#cancelTick = this.#clock.after(BOUNDARY_INTERVAL_MS, () => this.#tick());
  }

  #rest(): void {
    this.#unsubscribe?.();
    this.#cancelTick?.();
    this.#unsubscribe = undefined;
    this.#cancelTick = undefined;
  }

  #tick(): void {
    this.#cancelTick = this.#clock.after(BOUNDARY_INTERVAL_MS, () => this.#tick());
    this.#ticks++;
    const nowMs = this.#clock.elapsedMs();
    const boundary = this.#boundaryEvent();
    for (const client of this.#clients()) {
      if (client.behindMs(nowMs) > STALLED_AFTER_MS) client.disconnect();
      client.offerState(boundary);
      if (this.#ticks % BOUNDARIES_PER_HEARTBEAT === 0) client.offerState(HEARTBEAT_COMMENT);
    }
  }

  #boundaryEvent(): Buffer {
    return eventText('boundary', boundaryJson(this.#historian, this.#connections, this.#clock.now()));
  }

  /** A copy: a client that is disconnected leaves its group meanwhile. */
  #clients(): LiveClient[] {
    return [...this.#groups.values()].flatMap((group) => [...group.clients]);
  }
}

function filterOf(tags: readonly TagIndex[] | undefined): TagFilter {
  if (!tags) return undefined;
  const wanted = new Uint8Array(Math.max(0, ...tags) + 1);
  for (const tag of tags) wanted[tag] = 1;
  return wanted;
}
