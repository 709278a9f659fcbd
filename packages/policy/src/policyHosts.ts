/** The hosts that a policy names: gateways, relays and servers, each in its zone. */

import { type AddressRange, parseRange } from './address.ts';
import type { PolicyDocument, ZoneEntry } from './policyDocument.ts';

export type HostRole = 'gateway' | 'relay' | 'server';

export interface PolicyHost {
  readonly name: string;
  readonly role: HostRole;
  readonly zone: ZoneEntry;
  readonly address: AddressRange;
  /** The interface at the diode, where the host has one. */
  readonly diode: string | undefined;
  /** The ports at which devices of its zone call in. */
  readonly listen: readonly number[];
}

/** The lists of a zone, and what is in each. */
export const HOST_LISTS = { gateways: 'gateway', relays: 'relay', servers: 'server' } as const satisfies Record<
  string,
  HostRole
>;

export type HostList = keyof typeof HOST_LISTS;

/** Every host, in the order of the zones. */
export function hostsOf({ zones }: Pick<PolicyDocument, 'zones'>): readonly PolicyHost[] {
  return zones.flatMap(zoneHosts);
}

export function zoneHosts(zone: ZoneEntry): readonly PolicyHost[] {
  return (Object.keys(HOST_LISTS) as HostList[]).flatMap((list) =>
    Object.entries(zone[list]).map(([name, { address, diode, listen = [] }]) => ({
      ...{ name, role: HOST_LISTS[list], zone, diode, listen },
      address: parseRange(address),
    })),
  );
}
