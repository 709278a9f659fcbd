/** Addresses: the value of a node, one element of it, or the events of a node, by the name of the node. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type NodeId, parseIdentifier } from './encoding/nodeId.ts';

/**
 * `ns=2;s=Pump.Speed`, `i=2258`, `nsu=http://example.com/plc;s=Pump.Speed`; before it `index=3;` for one element of an array,
 * or `events;` for what the node reports as events.
 */
export interface OpcuaAddress {
  /** The URI where the address names one, otherwise the number. */
  readonly namespace: number | string;
  readonly identifier: NodeId['identifier'];
  readonly range: string | undefined;
  readonly events: boolean;
}

const MAX_CHARACTERS = 4_096;
const ADDRESS =
  /^(?:index=(?<index>\d{1,9});|(?<events>events);)?(?:ns=(?<ns>\d{1,5});|nsu=(?<nsu>[^;]+);)?(?<id>.+)$/s;
const MAX_NAMESPACE = 65_535;
const RIGHT =
  'write ns=2;s=Pump.Speed, i=2258, nsu=http://example.com/plc;s=Pump.Speed, index=3;ns=2;s=Levels or events;i=2253';

/** Fault: `point.address`. */
export function parseAddress(text: string): Result<OpcuaAddress> {
  const { index, events, ns = '0', nsu, id = '' } = ADDRESS.exec(text.slice(0, MAX_CHARACTERS + 1))?.groups ?? {};
  const identifier = parseIdentifier(id);
  const wrong = text.length > MAX_CHARACTERS || identifier === undefined || Number(ns) > MAX_NAMESPACE;
  if (wrong) return failure('point.address', `"${text.slice(0, 80)}" names no node of OPC UA: ${RIGHT}`);
  const namespace = nsu === undefined ? Number(ns) : decodeNamespace(nsu);
  const range = index === undefined ? undefined : String(Number(index));
  return success({ namespace, identifier, range, events: events !== undefined });
}

/** `;` and `%` in a URI are written `%3B` and `%25` (OPC 10000-6, 5.1.12). */
function decodeNamespace(uri: string): string {
  return uri.replaceAll(/%3B/gi, ';').replaceAll('%25', '%');
}
