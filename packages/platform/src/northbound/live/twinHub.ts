/** Fans changes of attributes out from the twin engine to everybody who watches, in groups that watch the same paths. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import type { Subscriber, Subscribers } from '../../model/assets/version/subscribers.ts';
import type { CellBatch, TwinEngine } from '../../model/twins/engine/twinEngine.ts';
import { type LiveAttributes, MAX_LIVE_ATTRIBUTES } from '../contract/twin.ts';
import { HEARTBEAT_COMMENT, samplesEvent } from './eventText.ts';
import { type EventStream, LiveClient } from './liveClient.ts';
import { FLUSH_INTERVAL_MS } from './liveGroup.ts';
import { type LiveSubscription, MAX_LIVE_CLIENTS, STALLED_AFTER_MS } from './liveHub.ts';
import { type LiveRows, RowBuffer } from './rowBuffer.ts';

const SECOND_MS = 1_000;
const SECONDS_PER_HEARTBEAT = 15;

export class TwinHub implements Subscribers {
  readonly #engine: TwinEngine;
  readonly #clock: Clock;
  /** By pattern. */
  readonly #groups = new Map<string, TwinGroup>();
  #unsubscribe: (() => void) | undefined;
  #cancelTick: CancelTimer | undefined;
  #ticks = 0;

  constructor(engine: TwinEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  get clientCount(): number {
    return [...this.#groups.values()].reduce((sum, { clients }) => sum + clients.size, 0);
  }

  /** Who would lose something by a change of the model. */
  list(): readonly Subscriber[] {
    return [...this.#groups].flatMap(([pattern, { clients }]) =>
      [...clients.values()].map((name) => ({ name, attributes: [pattern] })),
    );
  }

  /** Success where one more client may watch what the pattern names. Faults: `live.full`, `request.invalid`. */
  admit(pattern: string): Result<void> {
    const count = this.clientCount;
    if (count >= MAX_LIVE_CLIENTS) {
      return failure('live.full', `${count} clients watch attributes, which is the limit.`);
    }
    const cells = this.#groups.get(pattern)?.count ?? cellsOf(this.#engine, new TagPattern(pattern)).length;
    if (cells <= MAX_LIVE_ATTRIBUTES) return success(undefined);
    const detail = `The pattern names ${cells} attributes, and a stream watches at most ${MAX_LIVE_ATTRIBUTES}: name a part of the plant.`;
    return failure('request.invalid', detail);
  }

  /** `name` is that of who listens. */
  join(stream: EventStream, pattern: string, name: string): LiveSubscription {
    const group = this.#groups.get(pattern) ?? new TwinGroup(this.#engine, new TagPattern(pattern), this.#clock);
    this.#groups.set(pattern, group);
    const client = new LiveClient(stream);
    group.clients.set(client, name);
    group.greet(client);
    this.#start();
    return {
      drained: () => client.drained(),
      leave: () => {
        if (!group.clients.delete(client) || group.clients.size > 0) return;
        group.close();
        this.#groups.delete(pattern);
        if (this.#groups.size === 0) this.#rest();
      },
    };
  }

  /** Ends every connection. */
  stop(): void {
    for (const group of this.#groups.values()) {
      for (const client of group.clients.keys()) client.disconnect();
      group.close();
    }
    this.#groups.clear();
    this.#rest();
  }

  #start(): void {
    if (this.#unsubscribe) return;
    this.#unsubscribe = this.#engine.subscribe((batch) => {
      for (const group of this.#groups.values()) group.append(batch);
    });
    this.#cancelTick = this.#clock.after(SECOND_MS, () => this.#tick());
  }

  #rest(): void {
    this.#unsubscribe?.();
    this.#cancelTick?.();
    this.#unsubscribe = undefined;
    this.#cancelTick = undefined;
  }

  #tick(): void {
    this.#cancelTick = this.#clock.after(SECOND_MS, () => this.#tick());
    const isBeat = ++this.#ticks % SECONDS_PER_HEARTBEAT === 0;
    const nowMs = this.#clock.elapsedMs();
    for (const client of [...this.#groups.values()].flatMap(({ clients }) => [...clients.keys()])) {
      if (client.behindMs(nowMs) > STALLED_AFTER_MS) client.disconnect();
      else if (isBeat) client.offerState(HEARTBEAT_COMMENT);
    }
  }
}

/** The clients that watch the same attributes: what they are sent is encoded once for all of them. */
class TwinGroup {
  readonly clients = new Map<LiveClient, string>();
  readonly #engine: TwinEngine;
  readonly #pattern: TagPattern;
  readonly #clock: Clock;
  #pending = new RowBuffer();
  #generation = -1;
  #cells: readonly number[] = [];
  #isWanted = new Uint8Array(0);
  #attributes = Buffer.alloc(0);
  #lastFlushMs = Number.NEGATIVE_INFINITY;
  #cancelFlush: CancelTimer | undefined;

  constructor(engine: TwinEngine, pattern: TagPattern, clock: Clock) {
    this.#engine = engine;
    this.#pattern = pattern;
    this.#clock = clock;
    this.#renew();
  }

  get count(): number {
    return this.#cells.length;
  }

  /** What a client is told first: what there is, and what it is now. */
  greet(client: LiveClient): void {
    client.offerState(this.#attributes);
    const rows = this.#rowsOf(this.#cells);
    client.offer(rows, () => samplesEvent(rows), this.#clock.elapsedMs());
  }

  append({ generation, cells }: CellBatch): void {
    if (generation !== this.#generation) {
      this.#renew();
      for (const client of this.clients.keys()) this.greet(client);
      return;
    }
    const wanted = Array.from(cells).filter((cell) => this.#isWanted[cell] === 1);
    if (wanted.length === 0) return;
    this.#pending.appendRows(this.#rowsOf(wanted));
    const waitMs = this.#lastFlushMs + FLUSH_INTERVAL_MS - this.#clock.elapsedMs();
    this.#cancelFlush ??= this.#clock.after(Math.max(0, waitMs), () => this.#flush());
  }

  close(): void {
    this.#cancelFlush?.();
  }

  #flush(): void {
    const nowMs = this.#clock.elapsedMs();
    this.#cancelFlush = undefined;
    this.#lastFlushMs = nowMs;
    this.#pending.drain((rows) => {
      let bytes: Buffer | undefined;
      const encoded = () => {
        bytes ??= samplesEvent(rows);
        return bytes;
      };
      for (const client of this.clients.keys()) client.offer(rows, encoded, nowMs);
    });
  }

  #renew(): void {
    this.#generation = this.#engine.generation;
    const found = cellsOf(this.#engine, this.#pattern).slice(0, MAX_LIVE_ATTRIBUTES);
    this.#cells = found.map(({ cell }) => cell);
    this.#isWanted = new Uint8Array(this.#engine.directory.count);
    for (const cell of this.#cells) this.#isWanted[cell] = 1;
    this.#pending = new RowBuffer();
    const attributes: LiveAttributes = {
      generation: this.#generation,
      numbers: [...this.#cells],
      paths: found.map(({ path }) => path),
      units: found.map(({ unit }) => unit),
    };
    this.#attributes = Buffer.from(`event: attributes\ndata: ${JSON.stringify(attributes)}\n\n`);
  }

  #rowsOf(cells: readonly number[]): LiveRows {
    const { columns } = this.#engine;
    return {
      count: cells.length,
      tags: Uint32Array.from(cells),
      times: Float64Array.from(cells, (cell) => Math.max(0, columns.times[cell])),
      values: cells.map((cell) => columns.valueAt(cell)),
      statuses: Uint32Array.from(cells, (cell) => columns.statuses[cell]),
      skipped: 0,
    };
  }
}

interface WatchedCell {
  readonly cell: number;
  readonly path: string;
  readonly unit: string;
}

/** The attributes whose path a pattern names; parameters are no attributes. */
function cellsOf({ directory, model }: TwinEngine, pattern: TagPattern): WatchedCell[] {
  const found: WatchedCell[] = [];
  for (const { role, attribute, unit, start, assets } of directory.columns) {
    if (role === 'parameter') continue;
    for (const [row, asset] of assets.entries()) {
      const path = `${model.assets.get(asset)!.path}/${attribute}`;
      if (pattern.matches(path)) found.push({ cell: start + row, path, unit });
    }
  }
  return found;
}
