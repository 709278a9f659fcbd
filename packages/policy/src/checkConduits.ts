/** What contradicts itself in the conduits of a policy. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { checkNames } from './checkZones.ts';
import { type ConduitEntry, DIODE, type PolicyDocument, ZONE_KINDS, type ZoneEntry } from './policyDocument.ts';
import { hostsOf, type PolicyHost, zoneHosts } from './policyHosts.ts';

export function checkConduits(document: ConfigDocument, policy: PolicyDocument): Defect[] {
  return [
    ...checkNames(document, 'conduits', policy.conduits),
    ...policy.conduits.flatMap((conduit, index) => checkConduit(document, policy, conduit, index)),
    ...checkGateways(document, policy),
  ];
}

function checkConduit(document: ConfigDocument, policy: PolicyDocument, conduit: ConduitEntry, index: number) {
  const defect = (key: string, message: string, hint: string) =>
    document.defect(['conduits', index, key], message, hint);
  const ends = (['from', 'to'] as const).map((key) => ({
    key,
    zone: policy.zones.find(({ name }) => name === conduit[key]),
  }));
  const defects = ends
    .filter(({ zone }) => zone === undefined)
    .map(({ key }) => {
      const names = policy.zones.map(({ name }) => name);
      const near = nearestWord(conduit[key], names);
      const hint = near === undefined ? `the zones are ${names.join(', ')}` : `did you mean ${near}?`;
      return defect(key, `there is no zone ${conduit[key]}`, hint);
    });
  const [{ zone: from }, { zone: to }] = ends;
  if (!from || !to) return defects;
  if (ZONE_KINDS.indexOf(from.kind) >= ZONE_KINDS.indexOf(to.kind)) {
    const message = `data cannot flow from ${from.kind} (${from.name}) to ${to.kind} (${to.name})`;
    const back = ZONE_KINDS.indexOf(from.kind) > ZONE_KINDS.indexOf(to.kind);
    const hint = back ? `exchange from and to; nothing flows back` : 'from ot to dmz or it, and from dmz to it';
    defects.push(defect('to', message, hint));
  }
  const needed = [from, to].reduce((highest, zone) => (zone.securityLevel > highest.securityLevel ? zone : highest));
  if (conduit.securityLevel < needed.securityLevel) {
    const message = `the security level ${conduit.securityLevel} is below that of the zone ${needed.name}`;
    defects.push(defect('securityLevel', message, `at least ${needed.securityLevel}, or the zone is no better`));
  }
  return [...defects, ...checkWay(policy, conduit, from, to, defect)];
}

/** The hosts by which data take their way: a relay that is there, or both ends of a diode. */
function checkWay(
  policy: PolicyDocument,
  { via, name, fetchPort }: ConduitEntry,
  from: ZoneEntry,
  to: ZoneEntry,
  defect: (key: string, message: string, hint: string) => Defect,
): Defect[] {
  const isRelayed = via !== undefined && via !== DIODE;
  if (fetchPort !== undefined && !isRelayed)
    return [defect('fetchPort', `${name} has no relay that the server could fetch from`, 'name it with `via`')];
  if (via === undefined) return [];
  if (via === DIODE) {
    const open = [...sendersOf(from), ...receiversOf(to)].filter(({ diode }) => diode === undefined);
    return open.map((host) => {
      const message = `${host.name} has no interface for the diode of ${name}`;
      return defect('via', message, `${host.name}: { address: ${host.address.text}, diode: enp3s0 }`);
    });
  }
  const relays = hostsOf(policy).filter(({ role }) => role === 'relay');
  const relay = relays.find((host) => host.name === via);
  if (!relay) {
    const known = relays.map((host) => host.name);
    const hint = known.length === 0 ? 'name it under `relays` of its zone' : `the relays are ${known.join(', ')}`;
    return [defect('via', `there is no relay ${via}`, hint)];
  }
  const ranks = [from, relay.zone, to].map(({ kind }) => ZONE_KINDS.indexOf(kind));
  if (ranks[0] < ranks[1] && ranks[1] <= ranks[2]) return [];
  const message = `the relay ${via} is in ${relay.zone.name} (${relay.zone.kind}), which is not between the zones`;
  return [defect('via', message, 'a relay is in a zone of the kind dmz')];
}

/** The hosts that begin connections at the inner end of a conduit. */
export function sendersOf(zone: ZoneEntry): readonly PolicyHost[] {
  return zoneHosts(zone).filter(({ role }) => role !== 'server');
}

/** The hosts that take them at the outer end. */
export function receiversOf(zone: ZoneEntry): readonly PolicyHost[] {
  return zoneHosts(zone).filter(({ role }) => role !== 'gateway');
}

/** A gateway from which no conduit leads would keep everything until it expires. */
function checkGateways(document: ConfigDocument, { zones, conduits }: PolicyDocument): Defect[] {
  return zones.flatMap((zone, index) => {
    if (conduits.some(({ from }) => from === zone.name)) return [];
    const hint = `a conduit with \`from: ${zone.name}\`, or no gateway`;
    return Object.keys(zone.gateways).map((gateway) =>
      document.defect(['zones', index, 'gateways', gateway], `no conduit leads out of the zone of ${gateway}`, hint),
    );
  });
}
