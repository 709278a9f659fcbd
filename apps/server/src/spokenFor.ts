/** Whose streams the server hears from whom: those of a gateway from itself, or from the relay that its way leads over. */

import type { Holder } from '@tidegate/oneway/receive/receiver.ts';
import { type ConduitPolicy, isDiode } from '@tidegate/policy/conduitPolicy.ts';

/** A relay, and the gateways that it brings, where no policy says so. */
export interface RelayEntry {
  readonly name: string;
  readonly gateways: readonly string[];
}

/**
 * What the receiver asks. A policy decides alone where there is one: a gateway all of whose conduits lead over a relay is
 * not heard itself (IEC 62443-3-3, SR 5.2).
 */
export function spokenFor(
  policy: ConduitPolicy | undefined,
  relays: readonly RelayEntry[],
): (holder: Holder) => readonly string[] {
  return ({ name, isRelay }) => {
    if (isRelay) return policy?.gatewaysVia(name) ?? relays.find((relay) => relay.name === name)?.gateways ?? [];
    const conduits = policy?.conduitsOf(name) ?? [];
    const isRelayed =
      conduits.length > 0 && conduits.every((conduit) => conduit.via !== undefined && !isDiode(conduit));
    return isRelayed ? [] : [name];
  };
}
