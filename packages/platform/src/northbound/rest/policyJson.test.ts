import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import { policySchema } from '@tidegate/policy/policyDocument.ts';
import { PolicyWatch } from '@tidegate/policy/policyWatch.ts';
import { expect, test } from 'vitest';
import { Policy } from '../contract/policy.ts';
import { streamLedger } from '../testbed/memoryHistorian.ts';
import { policyJson } from './policyJson.ts';

const POLICY = new ConduitPolicy(
  policySchema.parse({
    zones: [
      { name: 'plant', kind: 'ot', securityLevel: 1, gateways: { north: '127.0.0.1' } },
      { name: 'office', kind: 'it', securityLevel: 1 },
    ],
    conduits: [
      {
        ...{ name: 'out', from: 'plant', to: 'office', securityLevel: 1 },
        flows: [
          { name: 'values', tags: ['acme/**'], maxRate: 2, purpose: 'history' },
          { name: 'events', events: ['*'], purpose: 'security' },
        ],
      },
    ],
  }),
);

function ledgerOf(gateway: string, policy: string | undefined) {
  const depth = { blocks: 0, samples: 0, bytes: 0 };
  const heartbeat = { at: 1 as Timestamp, head: undefined, oldest: undefined, depth, tally: EMPTY_TALLY, policy };
  return streamLedger({ gateway, heartbeat });
}

test('tells each declared flow with what has been seen of it, and what was refused', () => {
  const watch = new PolicyWatch(POLICY, new ManualClock(5 as Timestamp), () => {});
  watch.taken(Uint32Array.of(0, 0), [{ gateway: 'north', path: 'acme/flow', lane: 'operational' }], 1);
  watch.refused('north', 'other/x', 'analytical', 3, 'undeclared');
  const policy = policyJson(
    watch.status(),
    [ledgerOf('north', POLICY.shortDigest), ledgerOf('east', undefined)],
    5 as Timestamp,
  );
  expect(Policy.parse(policy)).toEqual(policy);
  expect(policy).toMatchObject({
    digest: POLICY.digest,
    gateways: [
      { gateway: 'east', digest: null, same: false },
      { gateway: 'north', digest: POLICY.digest.slice(0, 32), same: true },
    ],
    flows: [
      {
        gateway: 'north',
        conduit: 'out',
        flow: 'out/values',
        patterns: ['acme/**'],
        lane: null,
        samples: 2,
        lastSeen: 5,
      },
      { flow: 'out/events', subject: 'events', lane: 'audit', samples: 0, lastSeen: null, maxRate: null },
    ],
    refused: [{ path: 'other/x', reason: 'undeclared', samples: 3, firstAt: 5, lastAt: 5 }],
    refusedOthers: 0,
  });
});

test('says so where there is no policy', () => {
  const nothing = { at: 7, digest: null, gateways: [], flows: [], refused: [], refusedOthers: 0 };
  expect(policyJson(undefined, [], 7 as Timestamp)).toEqual(nothing);
});
