/** A policy as a person wants to see it: zones with what is in them, conduits, and what may cross each. */

import type { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import { zoneHosts } from '@tidegate/policy/policyHosts.ts';

export function policyText(policy: ConduitPolicy): string {
  const { zones, conduits } = policy.document;
  const lines = zones.map((zone) => {
    const hosts = zoneHosts(zone).map(({ role, name }) => `${role} ${name}`);
    return `zone ${zone.name} (${zone.kind}, SL-T ${zone.securityLevel}): ${hosts.join(', ') || 'no hosts'}`;
  });
  for (const { name, from, to, via, port, securityLevel } of conduits) {
    const way = via === undefined ? '' : ` via ${via}`;
    lines.push(`conduit ${name}: ${from} -> ${to}${way}, port ${port}, SL-T ${securityLevel}`);
    for (const flow of policy.flows.filter(({ conduit }) => conduit === name)) {
      const { subject, patterns, lane, maxRate, classification, purpose } = flow;
      const limits = [lane, maxRate === undefined ? undefined : `${maxRate}/s`, classification].filter(Boolean);
      const said = limits.length === 0 ? '' : ` (${limits.join(', ')})`;
      lines.push(`  ${flow.name}: ${subject} ${patterns.map(({ text }) => text).join(', ')}${said}: ${purpose}`);
    }
  }
  return `${lines.join('\n')}\nok: digest ${policy.digest}\n`;
}
