import type { ObservedFlow } from '@tidegate/platform/northbound/contract/policy.ts';
import { expect, it } from 'vitest';
import { flowState, flowsInOrder, rateShare } from './flowState.ts';

const flow = (more: Partial<ObservedFlow>): ObservedFlow => ({
  ...{ gateway: 'station-1', conduit: 'c', flow: 'c/values', subject: 'tags', patterns: ['acme/**'], lane: null },
  ...{ classification: null, purpose: '', maxRate: 100, samples: 1, lastSeen: 5, rate10s: 20, rate60s: 20 },
  ...{ overRate: false, refused: 0 },
  ...more,
});
const OVER = flow({ flow: 'over', overRate: true, rate10s: 400 });
const NEVER = flow({ flow: 'never', lastSeen: null, rate60s: 0, rate10s: 0 });
const QUIET = flow({ flow: 'quiet', rate10s: 0, rate60s: 0, maxRate: null });
const FINE = flow({ flow: 'fine' });

it('tells how a flow is', () => {
  expect([OVER, NEVER, QUIET, FINE].map((each) => flowState(each).word)).toEqual([
    ...['faster than declared', 'declared, never seen', 'quiet', 'as declared'],
  ]);
});

it('puts what needs attention first, and leaves the order of the policy otherwise', () => {
  expect(flowsInOrder([FINE, NEVER, QUIET, OVER]).map((each) => each.flow)).toEqual(['over', 'never', 'fine', 'quiet']);
});

it('measures the rate against what is declared', () => {
  expect([OVER, NEVER, QUIET, FINE].map(rateShare)).toEqual([1, 0, undefined, 0.2]);
  expect(rateShare(flow({ maxRate: 0 }))).toBe(1);
});
