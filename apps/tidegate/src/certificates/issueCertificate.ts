/**
 * Makes keys and certificates: an authority, and what it vouches for (RFC 5280; ECDSA with P-256 and SHA-256).
 *
 *     certificate = { body, algorithm, signature over the body }
 *     body = { [0] version, serial, algorithm, issuer, { notBefore, notAfter }, subject, public key, [3] extensions }
 */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import {
  der,
  derBits,
  derBytes,
  derInteger,
  derObjectId,
  derSequence,
  derSet,
  derText,
  derTime,
  derTrue,
} from '@tidegate/core/bytes/der.ts';
import type { Credentials } from './certificateFiles.ts';

/** From when to when a certificate holds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Object identifiers (RFC 5280, 4.2; RFC 5758, 3.2). */
const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;
const VERSION_3 = Uint8Array.of(2);
/** digitalSignature is bit 0; keyCertSign and cRLSign are bits 5 and 6 (RFC 5280, 4.2.1.3). */
const USAGE_SIGN = derBits(Uint8Array.of(0x80), 7);
const USAGE_ISSUE = derBits(Uint8Array.of(0x06), 1);
/** Of a serial number; above 64 bits of chance, as the CA/Browser Forum asks of authorities. */
const SERIAL_BYTES = 16;
const KEY_IDENTIFIER_BYTES = 20;
const PEM_LINE = /.{1,64}/g;

/** Who signs, by name and key. */
interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

/** An authority of its own, which may vouch for servers and gateways and for no further authority. */
export function issueAuthority(name: string, validity: Validity): Credentials {
  const { publicKey, privateKey } = makeKeys();
  const onlyLeaves = derSequence(derTrue(), derInteger(Uint8Array.of(0)));
  const extensions = [
    extension(OID.basicConstraints, onlyLeaves, 'critical'),
    extension(OID.keyUsage, USAGE_ISSUE, 'critical'),
  ];
  return certify({ name, key: privateKey }, name, publicKey, privateKey, validity, extensions);
}

/** For the server `name`, which gateways reach under `hosts`: host names or addresses. */
export function issueServer(authority: Credentials, name: string, hosts: readonly string[], validity: Validity) {
  const alternatives = hosts.map((host) =>
    isIP(host) ? der(0x87, addressBytes(host)) : der(0x82, new TextEncoder().encode(host)),
  );
  const names = extension(OID.subjectAltName, derSequence(...alternatives));
  return issueLeaf(authority, name, validity, [purpose(OID.serverAuth), names]);
}

/** For the gateway `name`, which the server knows it by. */
export function issueGateway(authority: Credentials, name: string, validity: Validity) {
  return issueLeaf(authority, name, validity, [purpose(OID.clientAuth)]);
}

function issueLeaf(
  authority: Credentials,
  name: string,
  validity: Validity,
  extensions: readonly Uint8Array[],
): Credentials {
  const { publicKey, privateKey } = makeKeys();
  const { CN } = new X509Certificate(authority.cert).toLegacyObject().subject;
  const issuer = { name: String(CN), key: createPrivateKey(authority.key) };
  return certify(issuer, name, publicKey, privateKey, validity, [
    extension(OID.basicConstraints, derSequence(), 'critical'),
    extension(OID.keyUsage, USAGE_SIGN, 'critical'),
    ...extensions,
  ]);
}

function certify(
  issuer: Issuer,
  name: string,
  publicKey: KeyObject,
  privateKey: KeyObject,
  { notBefore, notAfter }: Validity,
  extensions: readonly Uint8Array[],
): Credentials {
  const algorithm = derSequence(derObjectId(OID.ecdsaWithSha256));
  const authorityKey = derSequence(der(0x80, keyIdentifier(createPublicKey(issuer.key))));
  const identifiers = [
    extension(OID.subjectKeyIdentifier, derBytes(keyIdentifier(publicKey))),
    extension(OID.authorityKeyIdentifier, authorityKey),
  ];
  const body = derSequence(
    der(0xa0, derInteger(VERSION_3)),
    derInteger(randomBytes(SERIAL_BYTES)),
    algorithm,
    distinguishedName(issuer.name),
    derSequence(derTime(notBefore.getTime()), derTime(notAfter.getTime())),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, derSequence(...extensions, ...identifiers)),
  );
  const certificate = derSequence(body, algorithm, derBits(sign('sha256', body, issuer.key)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pemOf(certificate),
  };
}

function makeKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function distinguishedName(commonName: string): Uint8Array {
  return derSequence(derSet(derSequence(derObjectId(OID.commonName), derText(commonName))));
}

function purpose(id: string): Uint8Array {
  return extension(OID.extendedKeyUsage, derSequence(derObjectId(id)));
}

function extension(id: string, value: Uint8Array, critical?: 'critical'): Uint8Array {
  return derSequence(derObjectId(id), ...(critical ? [derTrue()] : []), derBytes(value));
}

/** A hash of the public key, cut (RFC 7093, 2). */
function keyIdentifier(publicKey: KeyObject): Uint8Array {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, KEY_IDENTIFIER_BYTES);
}

/** An IP address as 4 or 16 bytes (RFC 5280, 4.2.1.6). */
function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.').map(Number));
  // The URL parser writes an IPv4 address at the end as groups too, so that only `::` is left to expand.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [head, tail = []] = groups.map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(8 - head.length - tail.length).fill('0');
  return Uint8Array.from(
    [...head, ...zeros, ...tail].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]),
  );
}

function pemOf(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').match(PEM_LINE) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
