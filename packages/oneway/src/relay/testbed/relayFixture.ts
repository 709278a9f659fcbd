/** A relay's store in a directory of its own, and what a connection would get out of it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Role } from '@tidegate/core/port/blockSink.ts';
import type { SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { RelayStore } from '../relayStore.ts';
import type { RelayStream } from '../relayStream.ts';
import type { NumberedBlock } from './numberedBlock.ts';

export class RelayFixture {
  readonly directory = mkdtempSync(join(tmpdir(), 'relay-'));
  readonly events: PlantEvent[] = [];
  #store: RelayStore | undefined;

  async open(maxBytes = 1e9): Promise<RelayStore> {
    const { directory, events } = this;
    const opened = await RelayStore.open({
      directory,
      maxBytes,
      clock: systemClock,
      events: (each) => events.push(each),
    });
    if (!opened.ok) throw new Error(`${opened.fault.code}: ${opened.fault.detail}`);
    this.#store = opened.value;
    return opened.value;
  }

  async remove(): Promise<void> {
    await this.#store?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function store(into: RelayStore, ...blocks: readonly NumberedBlock[]): Promise<void> {
  for (const result of await Promise.all(blocks.map(({ header, bytes }) => into.append(header, bytes)))) {
    if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  }
}

export function streamOf(from: RelayStore, lane: Lane = 'operational', gateway = 'north'): RelayStream {
  const stream = from.streams().find((each) => each.gateway === gateway && each.lane === lane);
  if (!stream) throw new Error(`no stream ${gateway}/${lane}`);
  return stream;
}

/** All that waits, as connections that begin now would be given it: the backlog, and what is live. */
export interface Waiting {
  readonly backlog: readonly SpooledBlock[];
  readonly live: readonly SpooledBlock[];
  /** Both, in this order. */
  readonly all: readonly SpooledBlock[];
}

export async function readWaiting(stream: RelayStream): Promise<Waiting> {
  const live = await readQueue(stream, 'live');
  const backlog = await readQueue(stream, 'backlog');
  return { backlog, live, all: [...backlog, ...live] };
}

async function readQueue(stream: RelayStream, role: Role): Promise<SpooledBlock[]> {
  stream.queues.begin(role);
  const found: SpooledBlock[] = [];
  for (;;) {
    const blocks = await stream.read(role, found.at(-1), 512);
    if (blocks.length === 0) return found;
    found.push(...blocks);
  }
}

/** Acknowledges what `readWaiting` gave, as far as `wanted` says so. */
export function settle(
  stream: RelayStream,
  waiting: Waiting,
  wanted: (block: SpooledBlock) => boolean = () => true,
): void {
  for (const role of ['backlog', 'live'] as const) {
    const blocks = waiting[role].filter(wanted);
    const last = blocks.at(-1);
    if (last) stream.settle(role, blocks[0], last);
  }
}
