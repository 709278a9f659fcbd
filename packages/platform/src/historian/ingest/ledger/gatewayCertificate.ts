/** Whether a certificate is one that a gateway may sign its ledger with, and whether a signature is of its key. */

import { hash, verify, X509Certificate } from 'node:crypto';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { Checkpoint, SignedCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** SHA-256, 32 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  return hash('sha256', data, 'buffer');
}

/** The certificates in a PEM text; those that cannot be read are left out. */
export function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(CERTIFICATE) ?? []).flatMap((text) => {
    try {
      return new X509Certificate(text);
    } catch {
      return [];
    }
  });
}

/** SHA-256 of the DER form, as checkpoints name it. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/**
 * Why `certificate` cannot stand for what the gateway signed at that time, as half a sentence; `undefined` where it can: an
 * authority has issued it, to this gateway, for a time that holds the moment of signing. Whether it was revoked since says
 * nothing of what was signed before.
 */
export function certificateDefect(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
  { gateway, to }: Pick<Checkpoint, 'gateway' | 'to'>,
): string | undefined {
  const isIssued = authorities.some(
    (authority) => authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  );
  if (!isIssued) return 'no authority that is trusted here has issued the certificate';
  const { CN }: { CN?: unknown } = certificate.toLegacyObject().subject ?? {};
  if (CN !== gateway) return `the certificate is made out to "${String(CN)}"`;
  if (certificate.publicKey.asymmetricKeyType !== 'ed25519') return 'the key of the certificate is not of Ed25519';
  const signedMs = to / US_PER_MS;
  const isValid = signedMs >= Date.parse(certificate.validFrom) && signedMs <= Date.parse(certificate.validTo);
  return isValid ? undefined : 'the certificate did not hold when it was signed';
}

export function isSignedBy(certificate: X509Certificate, { signed, signature }: SignedCheckpoint): boolean {
  return verify(null, signed, certificate.publicKey, signature);
}
