import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { readPolicy } from '@tidegate/policy/loadPolicy.ts';
import { describe, expect, it } from 'vitest';
import { spokenFor } from './spokenFor.ts';

const zones = `zones:
  - { name: plant, kind: ot, securityLevel: 2, gateways: { north: 192.0.2.11 } }
  - { name: mine, kind: ot, securityLevel: 2, gateways: { east: 192.0.2.21 } }
  - { name: dmz, kind: dmz, securityLevel: 2, relays: { gate-1: 192.0.2.70, gate-2: 192.0.2.71 } }
  - { name: office, kind: it, securityLevel: 1, servers: { history: 198.51.100.5 } }
conduits:
  - { name: relayed, from: plant, to: office, via: gate-1, securityLevel: 2 }
  - { name: direct, from: mine, to: office, securityLevel: 2 }
`;

function policyOf(text: string) {
  const read = readPolicy(ConfigDocument.parse('policy.yaml', text));
  if (!read.ok) throw new Error(read.defects.map(({ message }) => message).join('\n'));
  return read.value;
}

const relay = (name: string) => ({ name, isRelay: true });
const gateway = (name: string) => ({ name, isRelay: false });

describe('SR 5.2: the server hears', () => {
  it.each([
    ['a gateway for itself', gateway('north'), ['north']],
    ['a relay for those that were named', relay('gate-1'), ['north', 'south']],
    ['another relay for nobody', relay('gate-2'), []],
    ['a relay with the name of a gateway for nobody', relay('north'), []],
  ])('without a policy %s', (_name, holder, heard) => {
    expect(spokenFor(undefined, [{ name: 'gate-1', gateways: ['north', 'south'] }])(holder)).toEqual(heard);
  });

  it.each([
    ['a relay for those whose conduits lead over it', relay('gate-1'), ['north']],
    ['another relay for nobody', relay('gate-2'), []],
    ['a gateway with a way of its own', gateway('east'), ['east']],
    ['nobody past the relay', gateway('north'), []],
  ])('with a policy %s', (_name, holder, heard) => {
    expect(spokenFor(policyOf(zones), [])(holder)).toEqual(heard);
  });
});
