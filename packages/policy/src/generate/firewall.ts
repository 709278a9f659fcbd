/**
 * The rules of nftables that fit a policy: for a host, or for the firewall in front of a zone. What no conduit needs is
 * dropped, and connections are opened outwards only (IEC 62443-3-3, SR 5.2). At a diode nothing but its datagrams goes out
 * on the inner side, and nothing at all on the outer one, ARP and neighbour discovery included.
 */

import { type AddressRange, isLoopback, parseRange } from '../address.ts';
import type { ConduitPolicy } from '../conduitPolicy.ts';
import type { ZoneEntry } from '../policyDocument.ts';
import { hostsOf, type PolicyHost } from '../policyHosts.ts';
import { type Hop, hopsOf } from './hop.ts';

const TABLE = 'tidegate';

/** A file for `nft -f`, or `undefined` where the policy names no such host. */
export function hostFirewall(policy: ConduitPolicy, name: string): string | undefined {
  const host = hostsOf(policy.document).find((candidate) => candidate.name === name);
  if (!host) return undefined;
  const hops = hopsOf(policy);
  const outgoing = hops.filter(({ from }) => from.name === name);
  const incoming = hops.filter(({ to }) => to.name === name);
  const overDiode = [...outgoing, ...incoming].some(({ protocol }) => protocol === 'udp');
  const diode = overDiode ? host.diode : undefined;
  const away = diode === undefined ? '' : `oifname != "${diode}" `;
  const input = [
    ...(diode === undefined ? [] : incoming.map((hop) => diodeIn(hop, diode)).concat(`iifname "${diode}" drop`)),
    'iifname "lo" accept',
    'ct state established,related accept',
    ...neighbours(host, ''),
    ...incoming.filter(({ protocol }) => protocol === 'tcp').map((hop) => accept(hop, 'saddr', hop.from)),
    ...callers(host),
  ];
  const output = [
    ...(diode === undefined ? [] : outgoing.map((hop) => diodeOut(hop, diode)).concat(`oifname "${diode}" drop`)),
    'oifname "lo" accept',
    'ct state established,related accept',
    ...neighbours(host, away),
    ...(host.role === 'gateway' ? ownZone(host) : []),
    ...outgoing.filter(({ protocol }) => protocol === 'tcp').map((hop) => accept(hop, 'daddr', hop.to)),
  ];
  return [
    ...head(policy, `the ${host.role} ${name}, zone ${host.zone.name}`),
    ...table('inet', [chain('input', 'drop', input), chain('forward', 'drop', []), chain('output', 'drop', output)]),
    ...(diode === undefined ? [] : noArp(diode)),
    '',
  ].join('\n');
}

/** A file for `nft -f` on the router in front of a zone, or `undefined` where the policy names no such zone. */
export function zoneFirewall(policy: ConduitPolicy, name: string): string | undefined {
  if (!policy.document.zones.some((zone) => zone.name === name)) return undefined;
  const crossing = hopsOf(policy).filter(
    ({ from, to, protocol }) =>
      protocol === 'tcp' && from.zone.name !== to.zone.name && [from, to].some(({ zone }) => zone.name === name),
  );
  const rules = crossing.flatMap((hop) => [
    `${ends(hop.from, hop.to)} tcp dport ${hop.port} ct state new,established accept comment "${hop.conduit}"`,
    `${ends(hop.to, hop.from)} tcp sport ${hop.port} ct state established accept comment "${hop.conduit}, answers"`,
  ]);
  return [
    ...head(policy, `the router in front of the zone ${name}`),
    ...table('inet', [chain('forward', 'drop', [...rules, 'ct state related accept'])]),
    '',
  ].join('\n');
}

function head({ digest }: ConduitPolicy, whose: string): string[] {
  return [
    '#!/usr/sbin/nft -f',
    `# Firewall of ${whose}: made by \`tidegate policy firewall\` from the policy with the digest`,
    `# ${digest}.`,
    '# Everything else is dropped, remote administration included: add a rule for it here, or use the console.',
  ];
}

/** Declares, empties and fills a table, so that loading the file again replaces it. */
function table(family: string, chains: readonly (readonly string[])[]): string[] {
  const name = `table ${family} ${TABLE}`;
  return [name, `delete ${name}`, `${name} {`, ...chains.flat(), '}'];
}

function chain(hook: string, policy: 'drop' | 'accept', rules: readonly string[]): string[] {
  const lines = [`type filter hook ${hook} priority filter; policy ${policy};`, ...rules];
  return [`  chain ${hook} {`, ...lines.map((line) => `    ${line}`), '  }'];
}

/** ARP has tables of its own, and a diode has static neighbours. */
function noArp(diode: string): string[] {
  const input = chain('input', 'accept', [`iifname "${diode}" drop`]);
  return table('arp', [input, chain('output', 'accept', [`oifname "${diode}" drop`])]);
}

function diodeOut({ to, port, conduit }: Hop, diode: string): string {
  return `oifname "${diode}" ${family(to)} daddr ${to.address.text} udp dport ${port} accept comment "${conduit}"`;
}

function diodeIn({ from, port, conduit }: Hop, diode: string): string {
  return `iifname "${diode}" ${family(from)} saddr ${from.address.text} udp dport ${port} accept comment "${conduit}"`;
}

function accept({ protocol, port, conduit }: Hop, side: 'saddr' | 'daddr', peer: PolicyHost): string {
  return `${family(peer)} ${side} ${peer.address.text} ${protocol} dport ${port} ct state new accept comment "${conduit}"`;
}

function ends(from: PolicyHost, to: PolicyHost): string {
  return `${family(from)} saddr ${from.address.text} ${family(to)} daddr ${to.address.text}`;
}

/** A gateway asks the devices of its own zone; where that has no addresses, the rules say so. */
function ownZone({ zone }: PolicyHost): string[] {
  const ranges = networksOf(zone);
  if (ranges.length === 0)
    return [`# the zone ${zone.name} has no addresses: devices on the network cannot be reached`];
  return ranges.map((range) => `${familyOf(range)} daddr ${range.text} ct state new accept comment "field devices"`);
}

/** Devices of its own zone that call in, and nobody else. */
function callers({ zone, listen }: PolicyHost): string[] {
  return listen.flatMap((port) =>
    networksOf(zone).map(
      (range) =>
        `${familyOf(range)} saddr ${range.text} tcp dport ${port} ct state new accept comment "devices call in"`,
    ),
  );
}

function networksOf(zone: ZoneEntry): AddressRange[] {
  return zone.addresses.map(parseRange).filter((range) => !isLoopback(range));
}

/** IPv6 cannot do without neighbour discovery (RFC 4861); ARP is not seen by these chains. */
function neighbours({ address, zone }: PolicyHost, where: string): string[] {
  const isIpv6 = address.isIpv6 || zone.addresses.some((text) => text.includes(':'));
  return isIpv6 ? [`${where}icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept`] : [];
}

function family({ address }: PolicyHost): string {
  return familyOf(address);
}

function familyOf({ isIpv6 }: AddressRange): string {
  return isIpv6 ? 'ip6' : 'ip';
}
