/** A relay between a gateway and a server on this machine, which a test may end and start again. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import { type Holder, type RunningReceiver, startReceiver } from '../receive/receiver.ts';
import type { FetchDoor } from '../relay/fetchDoor.ts';
import { RelayForwarder } from '../relay/relayForwarder.ts';
import type { RelayStore } from '../relay/relayStore.ts';
import { RelayFixture } from '../relay/testbed/relayFixture.ts';
import type { Boundary } from './boundary.ts';
import type { TestIdentity } from './certificates.ts';

export const RELAY = 'dmz';

export class TestRelay {
  readonly #boundary: Boundary;
  readonly #identity: TestIdentity;
  readonly #fixture = new RelayFixture();
  #store: RelayStore | undefined;
  #receiver: RunningReceiver | undefined;
  #forwarder: RelayForwarder | undefined;

  private constructor(boundary: Boundary, identity: TestIdentity) {
    this.#boundary = boundary;
    this.#identity = identity;
  }

  static async create(boundary: Boundary): Promise<TestRelay> {
    return new TestRelay(boundary, await boundary.authority.relay(RELAY));
  }

  get store(): RelayStore {
    if (!this.#store) throw new Error('the relay does not run');
    return this.#store;
  }

  /** The port for gateways; 0 takes any. The server is at `server`, or fetches at that door. */
  async start(server: number | FetchDoor, port = 0): Promise<number> {
    const identity = this.#identity;
    const common = { clock: systemClock, events: () => undefined };
    this.#store = await this.#fixture.open();
    const started = await startReceiver({ host: '127.0.0.1', port, identity, sink: this.#store, ...common });
    if (!started.ok) throw new Error(started.fault.detail);
    this.#receiver = started.value;
    this.#forwarder = new RelayForwarder({
      ...common,
      store: this.#store,
      server:
        typeof server === 'number'
          ? { host: '127.0.0.1', port: server }
          : { host: '127.0.0.1', port: server.port, take: (signal) => server.take(signal) },
      identity: () => identity,
      heartbeatMs: 50,
      backoff: { firstMs: 1, maxMs: 20 },
    });
    return this.#receiver.port;
  }

  async stop(): Promise<void> {
    await this.#receiver?.stop();
    await this.#forwarder?.stop();
    await this.#store?.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.#fixture.remove();
  }

  /** The receiver of the server lets the relay bring these. */
  gatewaysOf({ name, isRelay }: Holder): readonly string[] {
    return isRelay && name === RELAY ? Object.keys(this.#boundary.gateways) : [];
  }
}
