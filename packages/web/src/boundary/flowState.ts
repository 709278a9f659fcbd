/** How an observed flow is beside what is declared of it. */

import type { ObservedFlow } from '@tidegate/platform/northbound/contract/policy.ts';
import type { Verdict } from './verdicts.ts';

export interface FlowState {
  readonly state: Verdict['state'];
  readonly word: string;
}

/** A flow counts as flowing while something of it has come in the last minute. */
export function flowState({ overRate, lastSeen, rate60s }: ObservedFlow): FlowState {
  if (lastSeen === null) return { state: 'unknown', word: 'declared, never seen' };
  if (overRate) return { state: 'attention', word: 'faster than declared' };
  return { state: 'well', word: rate60s > 0 ? 'as declared' : 'quiet' };
}

const ORDER: readonly Verdict['state'][] = ['attention', 'unknown', 'well'];

/** What needs attention first, then what was never seen; otherwise in the order of the policy. */
export function flowsInOrder(flows: readonly ObservedFlow[]): ObservedFlow[] {
  const rank = (flow: ObservedFlow) => ORDER.indexOf(flowState(flow).state);
  return flows.toSorted((a, b) => rank(a) - rank(b));
}

/** How much of the declared rate is used: 0 to 1; `undefined` without a limit. */
export function rateShare({ rate10s, maxRate }: ObservedFlow): number | undefined {
  if (maxRate === null) return undefined;
  return maxRate > 0 ? Math.min(1, rate10s / maxRate) : Number(rate10s > 0);
}
