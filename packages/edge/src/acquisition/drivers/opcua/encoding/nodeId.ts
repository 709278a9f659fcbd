/** What names a node of a server: a number, a text, a GUID or bytes, in a namespace (OPC 10000-6, 5.1.12). */

export interface NodeId {
  /** The place of its URI in the namespace array of the server. */
  readonly namespace: number;
  readonly identifier: number | string | OpaqueIdentifier;
}

/** The bytes as they are on the wire. */
export interface OpaqueIdentifier {
  readonly guid: boolean;
  readonly bytes: Uint8Array;
}

const MAX_NUMBER = 0xffff_ffff;
const GUID = /^([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})$/i;
const BASE64 = /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/;

/** What stands behind the namespace: `i=2258`, `s=Pump.Speed`, `g=<GUID>`, `b=<Base64>`. `undefined` for anything else. */
export function parseIdentifier(text: string): NodeId['identifier'] | undefined {
  const rest = text.slice(2);
  switch (text.slice(0, 2)) {
    case 'i=':
      return /^\d{1,10}$/.test(rest) && Number(rest) <= MAX_NUMBER ? Number(rest) : undefined;
    case 's=':
      return rest === '' ? undefined : rest;
    case 'g=':
      return parseGuid(rest);
    case 'b=':
      return rest !== '' && BASE64.test(rest) ? { guid: false, bytes: Uint8Array.fromBase64(rest) } : undefined;
    default:
      return undefined;
  }
}

/** As addresses are written. */
export function formatNodeId({ namespace, identifier }: NodeId): string {
  const place = namespace === 0 ? '' : `ns=${namespace};`;
  if (typeof identifier === 'number') return `${place}i=${identifier}`;
  if (typeof identifier === 'string') return `${place}s=${identifier}`;
  const { guid, bytes } = identifier;
  return guid ? `${place}g=${formatGuid(bytes)}` : `${place}b=${bytes.toBase64()}`;
}

/** The first three groups have their lower byte first on the wire (OPC 10000-6, 5.2.2.6). */
export function formatGuid(bytes: Uint8Array): string {
  const hex = swapped(bytes).toHex();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function parseGuid(text: string): OpaqueIdentifier | undefined {
  const groups = GUID.exec(text);
  return groups ? { guid: true, bytes: swapped(Uint8Array.fromHex(groups.slice(1).join(''))) } : undefined;
}

function swapped(bytes: Uint8Array): Uint8Array {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (at) => bytes[at] ?? 0);
}
