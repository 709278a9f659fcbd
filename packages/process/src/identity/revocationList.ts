/**
 * What an authority has revoked (RFC 5280, section 5), read and verified here and not by OpenSSL: there a list that is out
 * of date refuses everybody, and one authority without a list refuses all that it vouches for. A plant would be cut off
 * because somebody forgot to carry a file over.
 */

import { verify, type X509Certificate } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DER, type DerElement, derElements, SEQUENCE } from './der.ts';
import { pemBlocks } from './pem.ts';

export interface RevocationList {
  /** Who has signed it. */
  readonly authority: X509Certificate;
  readonly thisUpdate: Date;
  /** When there should be a newer one; absent where the authority does not say. */
  readonly nextUpdate?: Date;
  /** Serial numbers in hexadecimal, in capitals, without zeros before them. */
  readonly serials: ReadonlySet<string>;
}

interface UnverifiedList extends Omit<RevocationList, 'authority'> {
  readonly signed: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** The hash that belongs to an algorithm of signing, by the content of its object identifier; Ed25519 brings its own. */
const HASHES: ReadonlyMap<string, string | null> = new Map([
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2b6570', null],
]);
const EXTENSIONS = 0xa0;

/**
 * The lists of a PEM text. Faults: `certificate.unreadable`, also of a list with a critical extension, which speaks of less
 * than all certificates (5.2); `certificate.issuer` of one that none of `authorities` has signed.
 */
export function readRevocationLists(
  pem: string,
  authorities: readonly X509Certificate[],
): Result<readonly RevocationList[]> {
  const blocks = pemBlocks(pem, 'X509 CRL');
  if (!blocks.ok) return blocks;
  const lists: RevocationList[] = [];
  for (const bytes of blocks.value) {
    const list = decodeList(bytes);
    if (!list) return failure('certificate.unreadable', 'a revocation list is damaged, or not for all certificates');
    const { signed, algorithm, signature, ...rest } = list;
    const authority = authorities.find((one) => isSigned(list, one));
    if (!authority) return failure('certificate.issuer', 'no authority of ca.pem has signed the revocation list');
    lists.push({ ...rest, authority });
  }
  return success(lists);
}

export function isRevokedBy(lists: readonly RevocationList[], certificate: X509Certificate): boolean {
  const serial = certificate.serialNumber.replace(/^0+/, '').toUpperCase();
  return lists.some(({ serials, authority }) => serials.has(serial) && certificate.checkIssued(authority));
}

function isSigned({ signed, algorithm, signature }: UnverifiedList, authority: X509Certificate): boolean {
  const hash = HASHES.get(algorithm);
  if (hash === undefined) return false;
  try {
    return verify(hash, signed, authority.publicKey, signature);
  } catch {
    return false;
  }
}

/** `undefined` where the bytes are no list of all that an authority has revoked. */
function decodeList(bytes: Uint8Array): UnverifiedList | undefined {
  const [outer, ...behind] = derElements(bytes) ?? [];
  const [signed, algorithm, signature] = sequence(outer) ?? [];
  const fields = sequence(signed);
  const oid = sequence(algorithm)?.[0];
  // The first byte of a bit string counts the bits left over at its end: none.
  if (behind.length > 0 || !fields || !oid || signature?.tag !== DER.bitString || signature.content[0] !== 0) {
    return undefined;
  }
  const [inner, , ...rest] = fields[0]?.tag === DER.integer ? fields.slice(1) : fields;
  // What stands outside the signature is what stands within (5.1.1.2).
  if (!inner || Buffer.compare(inner.whole, algorithm.whole) !== 0) return undefined;
  const thisUpdate = timeOf(rest.shift());
  const nextUpdate = timeOf(rest[0]);
  if (nextUpdate) rest.shift();
  const serials = rest[0]?.tag === SEQUENCE ? serialsOf(rest.shift()) : new Set<string>();
  const extensions = rest[0]?.tag === EXTENSIONS ? derElements(rest.shift()?.content as Uint8Array)?.[0] : undefined;
  if (!thisUpdate || !serials || rest.length > 0 || hasCritical(extensions)) return undefined;
  return {
    ...{ thisUpdate, ...(nextUpdate && { nextUpdate }), serials, signed: signed.whole },
    ...{ algorithm: Buffer.from(oid.content).toString('hex'), signature: signature.content.subarray(1) },
  };
}

function serialsOf(list: DerElement | undefined): ReadonlySet<string> | undefined {
  const serials = new Set<string>();
  for (const entry of sequence(list) ?? []) {
    const [serial, , extensions] = sequence(entry) ?? [];
    if (serial?.tag !== DER.integer || hasCritical(extensions)) return undefined;
    serials.add(Buffer.from(serial.content).toString('hex').replace(/^0+/, '').toUpperCase());
  }
  return serials;
}

/** An extension is an identifier, `TRUE` where it is critical, and a value. */
function hasCritical(extensions: DerElement | undefined): boolean {
  return (sequence(extensions) ?? []).some((one) => sequence(one)?.[1]?.tag === DER.boolean);
}

function sequence(element: DerElement | undefined): DerElement[] | undefined {
  const elements = element?.tag === SEQUENCE ? derElements(element.content) : undefined;
  return elements && [...elements];
}

/** `YYMMDDhhmmssZ`, whose years below 50 are of this century, or `YYYYMMDDhhmmssZ` (5.1.2.4). */
function timeOf(element: DerElement | undefined): Date | undefined {
  if (element?.tag !== DER.utcTime && element?.tag !== DER.generalizedTime) return undefined;
  const text = Buffer.from(element.content).toString('latin1');
  const [, year, month, day, hour, minute, second] = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (year === undefined || (year.length === 2) !== (element.tag === DER.utcTime)) return undefined;
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19';
  const time = new Date(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
