/** Makes certificates: of an authority, and of what it vouches for (RFC 5280). */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { createPrivateKey, type webcrypto } from 'node:crypto';
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
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Credentials } from './certificateFiles.ts';
import { exportKey, makeKeyPair, P256, P256_SIGNING } from './keyPair.ts';
import { plainHost, type Role, type Subject } from './subject.ts';
import type { Validity } from './validity.ts';

/** Who does not understand an extension that is critical must refuse the certificate (RFC 5280, 4.2). */
const CRITICAL = true;
/** A relay is reached by gateways, and reaches the server. */
const USAGES: Readonly<Record<Role, readonly ExtendedKeyUsage[]>> = {
  gateway: [ExtendedKeyUsage.clientAuth],
  relay: [ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth],
  server: [ExtendedKeyUsage.serverAuth],
};

/** An authority of its own, which may vouch for servers, relays and gateways and for no further authority. */
export async function issueAuthority(name: string, validity: Validity, passphrase?: string): Promise<Credentials> {
  const keys = await makeKeyPair('authority');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: P256_SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, CRITICAL),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, CRITICAL),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: exportKey(keys, passphrase), cert: toPem(certificate) };
}

/** A key made here, and its certificate. */
export async function issueCredentials(
  authority: Credentials,
  subject: Subject,
  validity: Validity,
): Promise<Credentials> {
  const keys = await makeKeyPair(subject.role);
  return { key: exportKey(keys), cert: await issueCertificate(authority, subject, keys.publicKey, validity) };
}

/** A certificate, as PEM, for whoever has the private key that belongs to `publicKey`. */
export async function issueCertificate(
  authority: Credentials,
  subject: Subject,
  publicKey: webcrypto.CryptoKey | PublicKey,
  validity: Validity,
): Promise<string> {
  const issuer = new X509Certificate(authority.cert);
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: distinguishedName(subject),
    issuer: issuer.subjectName,
    publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(P256, false, ['sign']),
    signingAlgorithm: P256_SIGNING,
    extensions: [
      new BasicConstraintsExtension(false, undefined, CRITICAL),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, CRITICAL),
      new ExtendedKeyUsageExtension([...USAGES[subject.role]]),
      ...alternativeNames(subject.hosts),
      await SubjectKeyIdentifierExtension.create(publicKey),
      ...keyIdentifierOf(issuer),
    ],
  });
  return toPem(certificate);
}

/** Relays are told from gateways by their unit: what they send bears the names of others. */
export function distinguishedName({ role, name }: Subject): JsonName {
  return role === 'relay' ? [{ CN: [name] }, { OU: ['relay'] }] : [{ CN: [name] }];
}

/** Empty where there are no names: the extension may not be. */
export function alternativeNames(hosts: readonly string[]): Extension[] {
  return hosts.length === 0 ? [] : [new SubjectAlternativeNameExtension(hosts.map(alternativeName))];
}

/** Calls the authority's key what its own certificate calls it, however that was derived (RFC 5280, 4.2.1.1). */
export function keyIdentifierOf(issuer: X509Certificate): Extension[] {
  const own = issuer.getExtension(SubjectKeyIdentifierExtension);
  return own ? [new AuthorityKeyIdentifierExtension(own.keyId)] : [];
}

function alternativeName(host: string): JsonGeneralName {
  return { type: isIP(host) === 0 ? 'dns' : 'ip', value: plainHost(host) };
}

function toPem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
