import type { Lane } from '@tidegate/core/sample/lane.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainTag } from './explainTag.ts';
import { policyOf } from './testbed/policyText.ts';

const policy = policyOf();

describe('SR 5.2 RE 1: deny by default', () => {
  test.each<[path: string, lane: Lane, flow: string | undefined, reason: RegExp]>([
    ['acme/x/recipe/a/b', 'analytical', 'out/secret', /declares it/],
    ['acme/x/recipe/a/b', 'operational', 'out/values', /declares it/],
    ['acme/x/flow', 'operational', 'out/values', /declares it/],
    ['other/x', 'operational', undefined, /no flow declares it/],
    ['north/_devices/plc-1/state', 'operational', 'out/health', /declares it/],
    ['north/_devices/plc-1/requests', 'analytical', 'out/health', /declares it/],
    ['north/_devices/hmi/state', 'operational', undefined, /no flow declares it/],
    ['acme/_devices/plc-1/state', 'operational', undefined, /below its own name only/],
    ['north/_other/x', 'audit', undefined, /in known folders/],
    ['north/_devices', 'operational', undefined, /in known folders/],
    ['acme/x/_secret', 'operational', undefined, /below its own name only/],
    ['north/_events/guard.refused', 'audit', 'out/security', /declares it/],
    ['north/_events/device.lost', 'audit', undefined, /no flow declares it/],
    ['north/_events/guard.refused', 'operational', undefined, /in the lane audit, and it is in operational/],
    ['acme/x/flow', 'audit', undefined, /lane operational or analytical, and it is in audit/],
  ])('%s in %s: %s', (path, lane, flow, reason) => {
    const decision = policy.decide('north', path, lane);
    expect([decision.allowed, decision.flow?.name]).toEqual([flow !== undefined, flow]);
    expect(decision.reason).toMatch(reason);
  });

  test('the ledger always crosses, in its lane', () => {
    expect(policy.decide('north', 'north/_ledger/operational', 'audit')).toMatchObject({
      allowed: true,
      conduit: 'out',
    });
    expect(policy.decide('north', 'north/_ledger/operational', 'analytical').allowed).toBe(false);
    expect(policy.decide('north', 'south/_ledger/operational', 'audit').allowed).toBe(false);
  });

  test('a gateway that is in no zone sends nothing, not even its ledger', () => {
    for (const path of ['acme/x/flow', 'east/_ledger/operational']) {
      expect(policy.decide('east', path, 'audit')).toMatchObject({
        allowed: false,
        reason: 'the policy names no gateway east',
      });
    }
  });

  test('an event is declared by its kind', () => {
    expect(policy.decideEvent('north', 'boundary.lost').allowed).toBe(true);
    expect(policy.decideEvent('north', 'device.lost').allowed).toBe(false);
  });

  test('an alarm is declared by its name, and is in the lane audit', () => {
    const alarms = policyOf(['events: [guard.*, boundary.*]', 'alarms: ["acme.north.*"]']);
    const path = 'north/_alarms/acme.north.flow.high';
    expect(alarms.decide('north', path, 'audit')).toMatchObject({ allowed: true, flow: { subject: 'alarms' } });
    expect(alarms.decide('north', path, 'operational').allowed).toBe(false);
    expect(alarms.decide('north', 'north/_alarms/acme.south.flow.high', 'audit').allowed).toBe(false);
    expect(policyOf(['[guard.*, boundary.*]', '["*"]']).decide('north', path, 'audit').allowed).toBe(false);
  });

  test('no pattern of tags reaches what a gateway reports of itself', () => {
    const wide = policyOf(['tags: ["acme/**"]', 'tags: ["**"]']);
    const segment = fc.constantFrom('north', 'a', '_alarms', '_devices', '_events', '_ledger', '_x', 'b');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 2, maxLength: 4 }), (segments) => {
        const { flow } = wide.decide('north', segments.join('/'), 'operational');
        if (segments.some((text) => text.startsWith('_'))) expect(flow?.subject).not.toBe('tags');
        else expect(flow?.subject).toBe('tags');
      }),
    );
  });
});

test('a relay brings the gateways whose conduit leads over it, and no others', () => {
  expect(policy.gatewaysVia('gate-1')).toEqual(['north', 'south']);
  expect(policy.gatewaysVia('gate-2')).toEqual([]);
});

test('the digest is that of what the policy says, not of how it is written', () => {
  expect(policy.digest).toMatch(/^[0-9a-f]{64}$/);
  const same = policyOf(['kind: ot\n    securityLevel: 3', 'securityLevel: 3 # high\n    kind: ot']);
  expect(same.digest).toBe(policy.digest);
  expect(policyOf(['maxRate: 100', 'maxRate: 101']).digest).not.toBe(policy.digest);
});

describe('an explanation', () => {
  test('names every flow that was asked, up to the one that fits', () => {
    expect(explainTag(policy, 'north', 'acme/x/recipe/a', 'operational')).toMatchObject({
      allowed: true,
      verdicts: [
        { flow: 'out/secret', fits: false, why: 'is of the lane analytical, not operational' },
        { flow: 'out/values', fits: true, why: 'fits by acme/**' },
      ],
      suggestion: undefined,
    });
  });

  test('suggests a flow which then lets the tag cross', () => {
    for (const [path, lane] of [
      ['other/a b/x', 'operational'],
      ['north/_devices/hmi/state', 'operational'],
      ['north/_events/device.lost', 'audit'],
    ] as const) {
      const { suggestion } = explainTag(policy, 'north', path, lane);
      expect(suggestion?.conduit).toBe('out');
      const yaml = suggestion!.yaml
        .replaceAll(/^/gm, '      ')
        .replace('purpose:', 'classification: internal\n        purpose:');
      const wider = policyOf(['      - name: secret', `${yaml}\n      - name: secret`]);
      expect(wider.decide('north', path, lane).allowed).toBe(true);
    }
  });

  test('suggests nothing for what no flow can declare', () => {
    expect(explainTag(policy, 'north', 'north/_other/x', 'audit').suggestion).toBeUndefined();
    expect(explainTag(policy, 'east', 'a/b', 'operational').suggestion).toBeUndefined();
  });
});
