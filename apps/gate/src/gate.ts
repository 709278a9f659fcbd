/** A relay at work: its parts wired together in the order of the data, and taken apart in the same order. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { SpoolDepth } from '@tidegate/core/port/blockSource.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { type RunningReceiver, startReceiver } from '@tidegate/oneway/receive/receiver.ts';
import { FetchDoor } from '@tidegate/oneway/relay/fetchDoor.ts';
import { RelayForwarder } from '@tidegate/oneway/relay/relayForwarder.ts';
import { RelayStore } from '@tidegate/oneway/relay/relayStore.ts';
import type { WatchedIdentity } from '@tidegate/process/identity/watchedIdentity.ts';
import type { GateConfig } from './gateConfig.ts';
import { watchGateIdentity } from './gateIdentity.ts';

export interface GateSurroundings {
  readonly clock: Clock;
  readonly events: EventSink;
}

/** How one lane of one gateway is doing. */
interface StreamStatus extends StreamName {
  /** A gateway is connected and brings it. */
  readonly arriving: boolean;
  /** Live blocks cross to the server, and a backlog drains beside them. */
  readonly delivering: boolean;
  readonly draining: boolean;
  /** What waits in the relay. */
  readonly depth: SpoolDepth;
  /** Samples that were lost in the relay. */
  readonly expired: number;
  readonly damaged: number;
}

export interface GateStatus {
  readonly kind: 'gate-status';
  readonly at: Timestamp;
  readonly relay: string;
  readonly streams: readonly StreamStatus[];
  readonly diskBytes: number;
  readonly residentBytes: number;
}

interface GateParts {
  readonly identity: WatchedIdentity;
  readonly store: RelayStore;
  readonly receiver: RunningReceiver;
  /** Where the server fetches, if it does. */
  readonly door: FetchDoor | undefined;
}

export class Gate {
  readonly #config: GateConfig;
  readonly #clock: Clock;
  readonly #identity: WatchedIdentity;
  readonly #store: RelayStore;
  readonly #receiver: RunningReceiver;
  readonly #door: FetchDoor | undefined;
  readonly #forwarder: RelayForwarder;

  private constructor(
    config: GateConfig,
    { clock, events }: GateSurroundings,
    { identity, store, receiver, door }: GateParts,
  ) {
    this.#config = config;
    this.#clock = clock;
    this.#identity = identity;
    this.#store = store;
    this.#receiver = receiver;
    this.#door = door;
    const { host, port, serverName } = config.deliver;
    const server = door
      ? { host: serverName, port: door.port, take: (signal: AbortSignal) => door.take(signal) }
      : { host, port, serverName };
    this.#forwarder = new RelayForwarder({
      ...{ store, clock, events, server },
      identity: () => identity.current(),
    });
    identity.onChange(() => {
      const used = receiver.useIdentity(identity.current());
      if (!used.ok) {
        const detail = `${used.fault.code}: ${used.fault.detail}; the certificate before it stays in use`;
        events({ at: clock.now(), kind: 'certificate.unusable', source: 'boundary', detail });
      }
      this.#forwarder.identityChanged();
    });
    identity.start();
  }

  /**
   * Resolves when gateways can connect, and the server, where it fetches. Faults: `gate.certificates`, those of `checkIdentity`, of the store and of the
   * receiver; what was started before is stopped again.
   */
  static async start(config: GateConfig, surroundings: GateSurroundings): Promise<Result<Gate>> {
    const { clock, events } = surroundings;
    const { relay, dataDirectory: directory, maxBytes, listen } = config;
    const gateways = new Set(config.gateways);
    const identity = await watchGateIdentity(config.certificates, relay, surroundings);
    if (!identity.ok) return identity;
    const store = await RelayStore.open({ directory, maxBytes, clock, events });
    if (!store.ok) return store;
    const receiver = await startReceiver({
      ...{ ...listen, clock, events, sink: store.value, identity: identity.value.current() },
      gatewaysOf: ({ name, isRelay }) => (!isRelay && gateways.has(name) ? [name] : []),
    });
    if (!receiver.ok) {
      await store.value.close();
      return receiver;
    }
    const { mode, host, port } = config.deliver;
    const door = mode === 'fetch' ? await FetchDoor.listen(host, port) : success(undefined);
    if (!door.ok) {
      await receiver.value.stop();
      await store.value.close();
      return door;
    }
    const parts = { identity: identity.value, store: store.value, receiver: receiver.value, door: door.value };
    return success(new Gate(config, surroundings, parts));
  }

  /** Where gateways connect. */
  get boundaryPort(): number {
    return this.#receiver.port;
  }

  /** Where the server fetches; `undefined` where the relay connects to it. */
  get deliveryPort(): number | undefined {
    return this.#door?.port;
  }

  status(): GateStatus {
    const arriving = new Set(this.#receiver.connections().map(({ gateway, lane }) => `${gateway}/${lane}`));
    const streams = this.#forwarder.streams().map(({ stream, connected, draining }): StreamStatus => {
      const { gateway, lane, depth, lost } = stream;
      const name = { gateway, lane };
      return { ...name, arriving: arriving.has(`${gateway}/${lane}`), delivering: connected, draining, depth, ...lost };
    });
    return {
      kind: 'gate-status',
      at: this.#clock.now(),
      relay: this.#config.relay,
      streams,
      diskBytes: this.#store.diskBytes,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** Acknowledges to gateways what is durable; what is not delivered stays on disk. `status` goes on working. */
  async stop(): Promise<void> {
    this.#identity.close();
    await this.#receiver.stop();
    await this.#forwarder.stop();
    await this.#door?.close();
    await this.#store.close();
  }
}
