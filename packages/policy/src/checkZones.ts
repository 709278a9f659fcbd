/** What contradicts itself in the zones of a policy. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { type AddressRange, isLoopback, isWithin, overlap, parseRange } from './address.ts';
import { DIODE, type PolicyDocument, type ZoneEntry } from './policyDocument.ts';
import { HOST_LISTS, type HostList } from './policyHosts.ts';

/** A part of the document that others must not take. */
interface Taken {
  readonly path: DataPath;
  readonly zone: string;
}

export function checkZones(document: ConfigDocument, policy: PolicyDocument): Defect[] {
  return [
    ...checkNames(document, 'zones', policy.zones),
    ...checkHosts(document, policy.zones),
    ...checkNetworks(document, policy.zones),
  ];
}

/** Entries of the list at `list` that share a name. */
export function checkNames(
  document: ConfigDocument,
  list: string | DataPath,
  entries: readonly { readonly name: string }[],
): Defect[] {
  const above = typeof list === 'string' ? [list] : list;
  return entries.flatMap(({ name }, index) => {
    const first = entries.findIndex((entry) => entry.name === name);
    if (first === index) return [];
    const message = `the name "${name}" is taken`;
    return [document.defect([...above, index, 'name'], message, otherAt(document, [...above, first, 'name']))];
  });
}

export function otherAt(document: ConfigDocument, path: DataPath): string {
  const { line, column } = document.place(path);
  return `the other is at ${document.file}:${line}:${column}`;
}

/** A gateway, relay or server is in one zone and has an address of that zone for itself. */
function checkHosts(document: ConfigDocument, zones: readonly ZoneEntry[]): Defect[] {
  const defects: Defect[] = [];
  const names = new Map<string, Taken>();
  const addresses = new Map<string, Taken>();
  for (const [index, zone] of zones.entries()) {
    const networks = zone.addresses.map(parseRange);
    for (const list of Object.keys(HOST_LISTS) as HostList[]) {
      for (const [name, { address: text, listen }] of Object.entries(zone[list])) {
        const path = ['zones', index, list, name];
        const noun = `the ${HOST_LISTS[list]} ${name}`;
        if (name === DIODE) defects.push(document.defect(path, `no host can be called ${DIODE}`, 'it names the way'));
        if (listen && list !== 'gateways') {
          const message = `no device calls in at ${name}`;
          defects.push(document.defect([...path, 'listen'], message, 'only a gateway reads devices'));
        }
        const other = names.get(name);
        if (other) {
          const where = other.zone === zone.name ? 'stands twice in its zone' : `is in the zone ${other.zone}, too`;
          defects.push(document.defect(path, `${noun} ${where}`, otherAt(document, other.path)));
        } else names.set(name, { path, zone: zone.name });
        const address = parseRange(text);
        if (isLoopback(address)) continue;
        const owner = addresses.get(text);
        if (owner) defects.push(document.defect(path, `${text} is taken`, otherAt(document, owner.path)));
        else addresses.set(text, { path, zone: zone.name });
        if (networks.length > 0 && !networks.some((network) => isWithin(address, network))) {
          const hint = `its addresses are ${zone.addresses.join(', ')}`;
          defects.push(document.defect(path, `${text} of ${noun} is not in the zone ${zone.name}`, hint));
        }
      }
    }
  }
  return defects;
}

/** No address is in two zones. */
function checkNetworks(document: ConfigDocument, zones: readonly ZoneEntry[]): Defect[] {
  const defects: Defect[] = [];
  const earlier: (Taken & { readonly range: AddressRange })[] = [];
  for (const [index, { name, addresses }] of zones.entries()) {
    for (const [at, text] of addresses.entries()) {
      const path = ['zones', index, 'addresses', at];
      const range = parseRange(text);
      const other = isLoopback(range) ? undefined : earlier.find((taken) => overlap(taken.range, range));
      if (other) {
        const message = `${text} overlaps ${other.range.text} of the zone ${other.zone}`;
        defects.push(document.defect(path, message, otherAt(document, other.path)));
      }
      earlier.push({ range, path, zone: name });
    }
  }
  return defects;
}
