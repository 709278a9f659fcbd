import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';
import { numberTags, tagIds } from './numberTags.ts';
import { GATEWAY_HEAD } from './testbed/gatewayHead.ts';

const GATEWAY = `${GATEWAY_HEAD}policy: policy.yaml
devices:
  - name: plc-1
    protocol: modbus-tcp
    host: 192.168.0.10
    unit: 3
    tags:
      - { path: site/one/level, address: "holding:0", type: float32, scan: fast, lane: operational }
      - { path: site/one/recipe, address: "holding:2", type: float32, scan: fast, lane: operational }
      - { path: site/one/flow, address: "holding:4", type: float32, scan: fast, lane: analytical }
`;

const POLICY = `zones:
  - { name: plant, kind: ot, securityLevel: 2, gateways: { north-1: 127.0.0.1 } }
  - { name: office, kind: it, securityLevel: 1, servers: { server: 127.0.0.1 } }
conduits:
  - name: out
    from: plant
    to: office
    securityLevel: 2
    flows:
      - { name: level, tags: [site/*/level, site/*/flow], maxRate: 5, purpose: what operators act on }
      - { name: health, devices: [plc-1], lane: operational, purpose: maintenance }
`;

async function load(gateway = GATEWAY, policy = POLICY) {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-gateway-policy-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'policy.yaml'), policy);
  await writeFile(join(directory, 'gateway.yaml'), gateway);
  return loadGatewayConfig(join(directory, 'gateway.yaml'));
}

async function numbered(gateway?: string, policy?: string) {
  const loaded = await load(gateway, policy);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.defects));
  return numberTags(loaded.value, [...tagIds(loaded.value).keys()]);
}

test('SR 5.2 RE 1: a tag that the policy does not declare is forbidden, and its definition does not cross either', async () => {
  const { definitions, rules, rates, crossings } = await numbered();
  const crossing = definitions.map(({ path }) => path);
  expect(crossing.slice(0, 2)).toEqual(['site/one/level', 'site/one/flow']);
  expect(crossing).toContain('north-1/_devices/plc-1/state');
  expect(crossing).not.toContain('north-1/_devices/plc-1/requests');
  expect(rates).toEqual([5]);
  expect(rules[0]).toMatchObject({ number: 0, rate: 0 });
  expect(rules[1]).toMatchObject({ number: 1, forbidden: true });
  expect(rules[2]).toMatchObject({ number: 2, rate: 0 });
  expect(crossings[1]).toMatchObject({ allowed: false, path: 'site/one/recipe', reason: 'no flow declares it' });
});

test('without a policy everything crosses', async () => {
  const { definitions, rules, crossings } = await numbered(GATEWAY.replace('policy: policy.yaml\n', ''));
  expect(definitions).toHaveLength(rules.length);
  expect(rules.some(({ forbidden }) => forbidden)).toBe(false);
  expect(crossings).toEqual([]);
});

test('what is wrong with the policy is told with everything else', async () => {
  const loaded = await load(GATEWAY.replace('scan: fast', 'scan: fats'), POLICY.replace('to: office', 'to: ofice'));
  const messages = loaded.ok ? [] : loaded.defects.map(({ message, hint }) => `${message}; ${hint}`);
  expect(messages).toContain('there is no zone ofice; did you mean office?');
  expect(messages.some((message) => message.includes('fats'))).toBe(true);
});

test('a gateway that the policy does not know is a mistake', async () => {
  const loaded = await load(GATEWAY, POLICY.replace('north-1:', 'nroth-1:'));
  expect(loaded).toMatchObject({
    ok: false,
    defects: [{ line: 1, message: 'the policy has no gateway north-1 in a zone', hint: 'did you mean nroth-1?' }],
  });
});

test('a policy that cannot be read is a mistake', async () => {
  const loaded = await load(GATEWAY.replace('policy.yaml', 'nowhere.yaml'));
  expect(loaded).toMatchObject({ ok: false, defects: [{ message: 'there is no such file' }] });
});

test('the policy of the example plant declares what the plant has, and nothing that it has not', async () => {
  const loaded = await loadGatewayConfig(join(import.meta.dirname, '../../../../examples/plant/gateway.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.defects));
  const { crossings } = numberTags(loaded.value, [...tagIds(loaded.value).keys()]);
  expect(crossings.filter(({ allowed }) => !allowed)).toEqual([]);
  const used = new Set(crossings.map(({ flow }) => flow));
  expect(loaded.value.policy?.flows.filter((flow) => !used.has(flow))).toEqual([]);
});
