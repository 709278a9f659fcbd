/** Both ends of the boundary on this machine, joined over real TLS, with everything a test wants to get hold of. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { type ForwarderOptions, type RunningForwarder, startForwarder } from '../forward/forwarder.ts';
import { type ReceiverOptions, type RunningReceiver, startReceiver } from '../receive/receiver.ts';
import { TestAuthority } from './certificates.ts';
import { MemorySink } from './memorySink.ts';
import { MemorySource } from './memorySource.ts';

export const TAG: TagDefinition = {
  number: 0,
  id: 'TI-1',
  path: 'works/temperature',
  type: 'number',
  lane: 'operational',
  unit: 'Cel',
  description: '',
  stepped: false,
  aliases: [],
};

/** Made once for all the tests of a file: no test changes them. */
const AUTHORITY = await TestAuthority.create();
const SERVER = await AUTHORITY.server();
const GATEWAYS = { north: await AUTHORITY.gateway('north'), south: await AUTHORITY.gateway('south') };

/** Parts that a test starts and that are all stopped by `stop`, last first. */
export class Boundary {
  readonly authority = AUTHORITY;
  readonly server = SERVER;
  readonly gateways = GATEWAYS;
  readonly sink = new MemorySink();
  readonly gatewayEvents: PlantEvent[] = [];
  readonly serverEvents: PlantEvent[] = [];
  readonly #stops: (() => Promise<void>)[] = [];

  async receiver(options: Partial<ReceiverOptions> = {}): Promise<RunningReceiver> {
    const started = await startReceiver({
      ...{ host: '127.0.0.1', port: 0, identity: this.server, sink: this.sink, clock: systemClock },
      events: (event) => this.serverEvents.push(event),
      ...options,
    });
    if (!started.ok) throw new Error(`${started.fault.code}: ${started.fault.detail}`);
    this.#stops.push(() => started.value.stop());
    return started.value;
  }

  /** Quick in everything that a test would otherwise wait for. */
  forwarder(port: number, options: Partial<ForwarderOptions> = {}): RunningForwarder {
    const source = options.source ?? new MemorySource();
    const forwarder = startForwarder({
      ...{ source, tags: () => [TAG], server: { host: '127.0.0.1', port }, clock: systemClock },
      identity: () => this.gateways[source.gateway as keyof typeof GATEWAYS],
      events: (event) => this.gatewayEvents.push(event),
      backoff: { firstMs: 1, maxMs: 20 },
      heartbeatMs: 50,
      ...options,
    });
    this.#stops.push(() => forwarder.stop());
    return forwarder;
  }

  async stop(): Promise<void> {
    this.sink.release();
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}

/** `kind` of each event, once for a row of equal ones. */
export function kindsOf(events: readonly PlantEvent[]): string[] {
  return events.map(({ kind }) => kind).filter((kind, index, kinds) => kind !== kinds[index - 1]);
}
