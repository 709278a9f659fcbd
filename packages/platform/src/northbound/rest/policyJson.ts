/** What is declared beside what has come, as the interface tells it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PolicyStatus, ObservedFlow as WatchedFlow } from '@tidegate/policy/policyWatch.ts';
import type { ObservedFlow, Policy } from '../contract/policy.ts';

/** `status` is `undefined` where the server has no policy. */
export function policyJson(status: PolicyStatus | undefined, now: Timestamp): Policy {
  if (status === undefined) return { at: now, digest: null, flows: [], refused: [], refusedOthers: 0 };
  const { digest, refusedOthers } = status;
  const refused = status.refused.map((tag) => ({ ...tag }));
  return { at: now, digest, flows: status.flows.map(flowJson), refused, refusedOthers };
}

function flowJson({ gateway, flow, samples, lastSeen, rate10s, rate60s, overRate }: WatchedFlow): ObservedFlow {
  const { name, conduit, subject, patterns, lane = null, classification = null, purpose, maxRate = null } = flow;
  return {
    ...{ gateway, conduit, flow: name, subject, lane, classification, purpose, maxRate },
    patterns: patterns.map(({ text }) => text),
    ...{ samples, lastSeen: lastSeen ?? null, rate10s, rate60s, overRate },
  };
}
