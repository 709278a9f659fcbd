/** Forwards all that a relay holds, each stream by itself: those that are there, and those of gateways that come later. */

import { LANES } from '@tidegate/core/sample/lane.ts';
import type { RelayStore } from './relayStore.ts';
import type { RelayStream } from './relayStream.ts';
import { StreamForwarder, type StreamForwarderOptions } from './streamForwarder.ts';

export interface RelayForwarderOptions extends Omit<StreamForwarderOptions, 'stream' | 'tags'> {
  readonly store: RelayStore;
}

export class RelayForwarder {
  readonly #forwarders: StreamForwarder[] = [];
  #stopped = false;

  constructor({ store, ...options }: RelayForwarderOptions) {
    const forward = (stream: RelayStream) => {
      const tags = () => store.tagsOf(stream.gateway);
      if (!this.#stopped) this.#forwarders.push(new StreamForwarder({ ...options, stream, tags }));
    };
    store.listen({ onStream: forward, onTags: (gateway) => this.#tagsChanged(gateway) });
  }

  /** One for each stream, those of a gateway together. */
  streams(): readonly StreamForwarder[] {
    const orderOf = ({ stream: { gateway, lane } }: StreamForwarder) => `${gateway}/${LANES.indexOf(lane)}`;
    return this.#forwarders.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  }

  identityChanged(): void {
    for (const forwarder of this.#forwarders) forwarder.identityChanged();
  }

  /** Ends all connections; what is not acknowledged stays in the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#forwarders.map((forwarder) => forwarder.stop()));
  }

  #tagsChanged(gateway: string): void {
    for (const forwarder of this.#forwarders) if (forwarder.stream.gateway === gateway) forwarder.tagsChanged();
  }
}
