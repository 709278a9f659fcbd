/** Makes private keys: Ed25519 for gateways, which sign their ledger with it, and ECDSA with P-256 for everybody else. */

import { KeyObject, type webcrypto } from 'node:crypto';
import type { Role } from './subject.ts';

export const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
export const ED25519 = { name: 'Ed25519' } as const;
/** How a key of P-256 signs. */
export const P256_SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

export function keyAlgorithm(role: Role | 'authority'): typeof P256 | typeof ED25519 {
  return role === 'gateway' ? ED25519 : P256;
}

export function makeKeyPair(role: Role | 'authority'): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(keyAlgorithm(role), true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

/** PKCS#8 as PEM, encrypted where there is a passphrase. */
export function exportKey({ privateKey }: webcrypto.CryptoKeyPair, passphrase?: string): string {
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return KeyObject.from(privateKey)
    .export({ type: 'pkcs8', format: 'pem', ...encryption })
    .toString();
}
