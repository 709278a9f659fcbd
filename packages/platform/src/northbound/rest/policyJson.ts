/** What is declared beside what has come, as the interface tells it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { shortDigestOf } from '@tidegate/policy/conduitPolicy.ts';
import type { PolicyStatus, ObservedFlow as WatchedFlow } from '@tidegate/policy/policyWatch.ts';
import type { StreamLedger } from '../../historian/ingest/streamLedger.ts';
import type { GatewayPolicy, ObservedFlow, Policy } from '../contract/policy.ts';

/** `status` is `undefined` where nobody watches. */
export function policyJson(status: PolicyStatus | undefined, ledgers: readonly StreamLedger[], now: Timestamp): Policy {
  const gateways = gatewayPolicies(ledgers, status?.digest && shortDigestOf(status.digest));
  if (status === undefined) return { at: now, digest: null, gateways, flows: [], refused: [], refusedOthers: 0 };
  const { digest = null, refusedOthers } = status;
  const refused = status.refused.map((tag) => ({ ...tag }));
  return { at: now, digest, gateways, flows: status.flows.map(flowJson), refused, refusedOthers };
}

/** By the newest heartbeat of each gateway. */
function gatewayPolicies(ledgers: readonly StreamLedger[], ours: string | undefined): GatewayPolicy[] {
  const newest = new Map<string, Heartbeat>();
  for (const { gateway, heartbeat } of ledgers) {
    if (heartbeat && heartbeat.at >= (newest.get(gateway)?.at ?? heartbeat.at)) newest.set(gateway, heartbeat);
  }
  return [...newest.keys()].toSorted().map((gateway) => {
    const { policy } = newest.get(gateway)!;
    return { gateway, digest: policy ?? null, same: policy === ours };
  });
}

function flowJson({ gateway, flow, lastSeen, ...seen }: WatchedFlow): ObservedFlow {
  const { name, conduit, subject, patterns, lane = null, classification = null, purpose, maxRate = null } = flow;
  return {
    ...{ gateway, conduit, flow: name, subject, lane, classification, purpose, maxRate },
    patterns: patterns.map(({ text }) => text),
    ...seen,
    lastSeen: lastSeen ?? null,
  };
}
