/** Keys and certificates of a gateway, made afresh when a test begins: the repository holds none. */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { KeyObject, type webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';

const AUTHORITY_KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { ...AUTHORITY_KEY, hash: 'SHA-256' } as const;
const VALID = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2028-01-01T00:00:00Z') };

async function makeKeys(algorithm: typeof AUTHORITY_KEY | { readonly name: 'Ed25519' }) {
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

async function makeAuthority(name: string) {
  const keys = await makeKeys(AUTHORITY_KEY);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ ...VALID, name: `CN=${name}`, keys, signingAlgorithm: SIGNING },
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return { name: `CN=${name}`, keys, pem: certificate.toString('pem') };
}

async function makeGateway(authority: Awaited<ReturnType<typeof makeAuthority>>) {
  const keys = await makeKeys({ name: 'Ed25519' });
  const certificate = await X509CertificateGenerator.create({
    ...{ ...VALID, subject: 'CN=north', issuer: authority.name, publicKey: keys.publicKey },
    ...{ signingKey: authority.keys.privateKey, signingAlgorithm: SIGNING },
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: certificate.toString('pem') };
}

const first = await makeAuthority('Authority 1');
const second = await makeAuthority('Authority 2');

/** PEM texts. */
export const AUTHORITY = first.pem;
export const OTHER_AUTHORITY = second.pem;
/** The gateway `north` of the first authority, with two keys. */
export const NORTH = await makeGateway(first);
export const NORTH_RENEWED = await makeGateway(first);
