/** A policy of three zones, and policies that differ from it by a few words. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConduitPolicy } from '../conduitPolicy.ts';
import { readPolicy } from '../loadPolicy.ts';

export const POLICY_TEXT = `classifications: [internal, confidential]
zones:
  - name: plant
    kind: ot
    securityLevel: 3
    addresses: [192.0.2.0/26]
    gateways:
      north: 192.0.2.11
      south: { address: 192.0.2.12, diode: enp3s0 }
  - name: dmz
    kind: dmz
    securityLevel: 2
    addresses: [192.0.2.64/26]
    relays: { gate-1: 192.0.2.70 }
  - name: office
    kind: it
    securityLevel: 1
    addresses: [198.51.100.0/24, "2001:db8::/32"]
    servers:
      history: { address: 198.51.100.5, diode: enp4s0 }
conduits:
  - name: out
    from: plant
    to: office
    via: gate-1
    securityLevel: 3
    flows:
      - name: secret
        tags: [acme/*/recipe/**]
        lane: analytical
        classification: confidential
        purpose: process engineering
      - name: values
        tags: ["acme/**"]
        maxRate: 100
        classification: internal
        purpose: history
      - { name: health, devices: ["plc-*"], classification: internal, purpose: maintenance }
      - { name: security, events: [guard.*, boundary.*], classification: internal, purpose: security }
`;

export type Change = readonly [from: string, to: string];

export function changed(changes: readonly Change[], text = POLICY_TEXT): string {
  return changes.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`"${from}" is not in the policy`);
    return result.replace(from, () => to);
  }, text);
}

export function policyOf(...changes: readonly Change[]): ConduitPolicy {
  const read = readPolicy(ConfigDocument.parse('policy.yaml', changed(changes)));
  if (!read.ok) throw new Error(read.defects.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return read.value;
}

/** `line  message; hint` of each mistake. */
export function mistakesOf(...changes: readonly Change[]): readonly string[] {
  const read = readPolicy(ConfigDocument.parse('policy.yaml', changed(changes)));
  if (read.ok) return [];
  return read.defects.map(({ line, message, hint }) => `${line}  ${message}${hint === undefined ? '' : `; ${hint}`}`);
}
