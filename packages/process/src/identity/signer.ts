/** Signs with the key of a gateway, Ed25519 (RFC 8032): whoever holds its certificate can tell that it was this gateway. */

import { createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Identity } from './identity.ts';

export interface Signer {
  /** What the signatures are checked with, as PEM text. */
  readonly certificate: string;
  /** SHA-256 of the certificate in DER form, as 64 hexadecimal digits in lower case. */
  readonly fingerprint: string;
  /** 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** Faults: `certificate.unreadable`, `certificate.mismatch`, and `certificate.key-type` where it is no Ed25519 key. */
export function signerOf({ key, cert }: Pick<Identity, 'key' | 'cert'>): Result<Signer> {
  let privateKey: KeyObject;
  let certificate: X509Certificate;
  try {
    privateKey = createPrivateKey(key);
    certificate = new X509Certificate(cert);
  } catch (error) {
    return failure('certificate.unreadable', `the key or certificate to sign with: ${(error as Error).message}`);
  }
  const type = privateKey.asymmetricKeyType;
  if (type !== 'ed25519') return failure('certificate.key-type', `the key to sign with is of type ${type}`);
  if (!certificate.checkPrivateKey(privateKey)) {
    return failure('certificate.mismatch', 'the certificate was made for another key than the one to sign with');
  }
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  return success({ certificate: cert, fingerprint, sign: (bytes) => sign(null, bytes, privateKey) });
}
