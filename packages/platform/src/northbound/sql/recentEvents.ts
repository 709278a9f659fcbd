/**
 * The latest events of the plant, as many as one looks through: what SQL knows as the table `events`. Each gateway has a
 * place of its own, and the server has, so that none can hide what another reports (IEC 62443-3-3, SR 6.1).
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { parseEventTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import type { EventKind, PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { valueAt } from '../../historian/archive/sampleRun.ts';
import type { HistorianReader, LiveBatch, StoredTag } from '../../historian/query/historianReader.ts';
import type { PlantRows, SeenEvent } from './plantTables.ts';

/** Of each gateway, and of the server. */
const MOST_EVENTS = 5_000;
/** Of each kind of each gateway, at the start. */
const MOST_REMEMBERED = 1_000;

interface LearntEvent {
  readonly event: SeenEvent;
  /** The server learnt of it as the how manieth. */
  readonly order: number;
}

export class RecentEvents implements PlantRows<SeenEvent> {
  /** By gateway; those of the server under `undefined`. */
  readonly #events = new Map<string | undefined, LearntEvent[]>();
  #revision = 0;

  readonly record = (event: SeenEvent): void => {
    const { gateway } = event;
    const events = this.#events.get(gateway) ?? [];
    events.push({ event, order: this.#revision++ });
    this.#events.set(gateway, events.length >= 2 * MOST_EVENTS ? events.slice(-MOST_EVENTS) : events);
  };

  /** Takes in what gateways report in their tags: what the historian holds, and what comes. Returns the way to stop. */
  async follow(historian: HistorianReader): Promise<() => void> {
    const stop = historian.subscribe((batch) => this.#takeBatch(historian, batch));
    for (const tag of historian.tags()) {
      const kind = parseEventTagPath(tag.gateway, tag.path);
      if (kind === undefined) continue;
      const [start, end] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as Timestamp[];
      const run = await historian.raw(tag.index, start, end, MOST_REMEMBERED, 'newest');
      for (const [row, time] of run.times.entries()) this.#take(tag, kind, time, valueAt(run, row));
    }
    return stop;
  }

  revision(): number {
    return this.#revision;
  }

  /** In the order in which the server learnt of them. */
  rows(): readonly SeenEvent[] {
    const all = [...this.#events.values()].flatMap((events) => events.slice(-MOST_EVENTS));
    return all.sort((a, b) => a.order - b.order).map(({ event }) => event);
  }

  /** Events are texts, which few blocks have: all others cost nothing. */
  #takeBatch(historian: HistorianReader, { tags, block }: LiveBatch): void {
    if (block.strings.length === 0) return;
    for (let row = 0; row < block.count; row++) {
      if (block.kinds[row] !== ValueKind.string) continue;
      const tag = historian.tag(tags[row]);
      const kind = tag?.lane === 'audit' ? parseEventTagPath(tag.gateway, tag.path) : undefined;
      if (tag && kind) this.#take(tag, kind, block.times[row], block.strings[block.values[row]]);
    }
  }

  #take({ gateway }: StoredTag, kind: EventKind, time: number, text: unknown): void {
    const said = parseEvent(text);
    if (said) this.record({ at: time as Timestamp, kind, gateway, ...said });
  }
}

/** What a gateway has written; `undefined` where it is none of ours. */
function parseEvent(text: unknown): Pick<PlantEvent, 'source' | 'detail'> | undefined {
  try {
    const { source, detail, unwritten = 0 } = JSON.parse(String(text)) as Record<string, unknown>;
    if (typeof source !== 'string' || typeof detail !== 'string' || typeof unwritten !== 'number') return undefined;
    return { source, detail: unwritten > 0 ? `${detail} (and ${unwritten} more before it)` : detail };
  } catch {
    return undefined;
  }
}
