/** The connections that the conduits of a policy need: who begins them, with whom, and by which protocol. */

import { receiversOf, sendersOf } from '../checkConduits.ts';
import { type ConduitPolicy, isDiode } from '../conduitPolicy.ts';
import { hostsOf, type PolicyHost } from '../policyHosts.ts';

/** One host that may open a connection to another over TCP, or send to it over UDP, and nothing comes back. */
export interface Hop {
  readonly conduit: string;
  readonly from: PolicyHost;
  readonly to: PolicyHost;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/**
 * Every hop, in the order of the conduits. Each begins at its more trusted end, but for that of a server that fetches from
 * a relay: no zone less trusted than the relay's own reaches further.
 */
export function hopsOf({ document }: ConduitPolicy): readonly Hop[] {
  const hosts = hostsOf(document);
  return document.conduits.flatMap((conduit): Hop[] => {
    const [from, to] = [conduit.from, conduit.to].map((name) => document.zones.find((zone) => zone.name === name)!);
    const relay = hosts.find(({ name, role }) => role === 'relay' && name === conduit.via);
    const join = (senders: readonly PolicyHost[], receivers: readonly PolicyHost[]) =>
      senders.flatMap((sender) =>
        receivers.map((receiver): Hop => {
          const protocol = isDiode(conduit) ? 'udp' : 'tcp';
          return { conduit: conduit.name, from: sender, to: receiver, protocol, port: conduit.port };
        }),
      );
    if (!relay) return join(sendersOf(from), receiversOf(to));
    const servers = receiversOf(to).filter(({ name }) => name !== relay.name);
    const { fetchPort } = conduit;
    if (fetchPort === undefined) return [...join(sendersOf(from), [relay]), ...join([relay], servers)];
    return [...join(sendersOf(from), [relay]), ...join(servers, [relay]).map((hop) => ({ ...hop, port: fetchPort }))];
  });
}
