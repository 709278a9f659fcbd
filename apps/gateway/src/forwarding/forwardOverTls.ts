/** Blocks to a server or a relay that answers: a connection for each lane, which the gateway opens. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { LANES, perLane } from '@tidegate/core/sample/lane.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { startForwarder } from '@tidegate/oneway/forward/forwarder.ts';
import { drainForwarders } from './drainForwarders.ts';
import type { Forwarding, ForwardingParts } from './forwarding.ts';

/** Never fails: what does not answer yet is tried again. */
export async function forwardOverTls(
  { server, policy }: GatewayConfig,
  { spools, definitions, identity, clock, events }: ForwardingParts,
): Promise<Result<Forwarding>> {
  const forwarders = perLane((lane) =>
    startForwarder({
      source: spools[lane],
      tags: () => definitions,
      policy: () => policy?.shortDigest,
      server,
      identity: () => identity.current(),
      clock,
      events,
    }),
  );
  const all = LANES.map((lane) => forwarders[lane]);
  identity.onChange(() => {
    for (const forwarder of all) forwarder.identityChanged();
  });
  return success({
    status: (lane) => forwarders[lane].status(),
    drain: (hurry) => drainForwarders(all, clock, hurry),
    async stop() {
      await Promise.all(all.map((forwarder) => forwarder.stop()));
    },
  });
}
