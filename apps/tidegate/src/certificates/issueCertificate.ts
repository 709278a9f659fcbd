/** Makes keys and certificates: an authority, and what it vouches for (RFC 5280; ECDSA with P-256 and SHA-256). */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { createPrivateKey, KeyObject, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Credentials } from './certificateFiles.ts';

/** From when to when a certificate holds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;
/** Who does not understand an extension that is critical must refuse the certificate (RFC 5280, 4.2). */
const CRITICAL = true;

/** An authority of its own, which may vouch for servers and gateways and for no further authority. */
export async function issueAuthority(name: string, validity: Validity): Promise<Credentials> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: commonName(name),
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, CRITICAL),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, CRITICAL),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return credentialsOf(keys, certificate);
}

/** For the server `name`, which gateways reach under `hosts`: host names or addresses. */
export function issueServer(
  authority: Credentials,
  name: string,
  hosts: readonly string[],
  validity: Validity,
): Promise<Credentials> {
  const names = new SubjectAlternativeNameExtension(hosts.map(alternativeName));
  return issueLeaf(authority, name, validity, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]), names]);
}

/** For the gateway `name`, which the server knows it by. */
export function issueGateway(authority: Credentials, name: string, validity: Validity): Promise<Credentials> {
  return issueLeaf(authority, name, validity, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
}

async function issueLeaf(
  authority: Credentials,
  name: string,
  validity: Validity,
  extensions: readonly Extension[],
): Promise<Credentials> {
  const keys = await makeKeys();
  const issuer = new X509Certificate(authority.cert);
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: commonName(name),
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(KEY_ALGORITHM, false, ['sign']),
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, CRITICAL),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, CRITICAL),
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...keyIdentifierOf(issuer),
    ],
  });
  return credentialsOf(keys, certificate);
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

/** Calls the authority's key what its own certificate calls it, however that was derived (RFC 5280, 4.2.1.1). */
function keyIdentifierOf(issuer: X509Certificate): Extension[] {
  const own = issuer.getExtension(SubjectKeyIdentifierExtension);
  return own ? [new AuthorityKeyIdentifierExtension(own.keyId)] : [];
}

function commonName(name: string): JsonName {
  return [{ CN: [name] }];
}

function alternativeName(host: string): JsonGeneralName {
  if (isIP(host) === 0) return { type: 'dns', value: host };
  // The library reads no IPv4 address at the end of an IPv6 one; the URL parser writes it as groups.
  return { type: 'ip', value: isIP(host) === 6 ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host };
}

function credentialsOf({ privateKey }: webcrypto.CryptoKeyPair, certificate: X509Certificate): Credentials {
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, cert: `${certificate.toString('pem')}\n` };
}
