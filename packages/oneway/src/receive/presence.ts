/** Which spool each gateway that is connected brings its blocks from: of two gateways of one name, only one is heard. */

import type { Connection } from './connection.ts';

interface Present {
  readonly instance: string;
  readonly connections: Set<Connection>;
}

/**
 * Invariant: all connections of a gateway, whatever their lanes, are of one instance, until the last of them has finished.
 * Two gateways of one name have tag lists of their own, so that not even different lanes of the two may be mixed.
 */
export class Presence {
  readonly #gateways = new Map<string, Present>();

  /** Takes `connection` in until it has finished, unless one of another instance is there: that one. */
  enter(connection: Connection, gateway: string, instance: string): Connection | undefined {
    const present = this.#gateways.get(gateway) ?? { instance, connections: new Set() };
    const [there] = present.connections;
    if (present.instance !== instance) return there;
    this.#gateways.set(gateway, present);
    present.connections.add(connection);
    void connection.finished.then(() => {
      present.connections.delete(connection);
      if (present.connections.size === 0) this.#gateways.delete(gateway);
    });
    return undefined;
  }
}
