/** An identity whose parts fit together: what can be given to TLS, and says which certificates of others are revoked. */

import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Identity } from './identity.ts';
import { readCertificates } from './pem.ts';
import { isRevokedBy, type RevocationList, readRevocationLists } from './revocationList.ts';

export interface CheckedIdentity extends Identity {
  readonly certificate: X509Certificate;
  readonly authorities: readonly X509Certificate[];
  readonly revocationLists: readonly RevocationList[];
  readonly isRevoked: (certificate: X509Certificate) => boolean;
}

/**
 * Faults: `certificate.unreadable`, `certificate.mismatch` where the key belongs to another certificate,
 * `certificate.issuer` where no authority vouches for the certificate or the revocation list. Dates and revocation of the
 * certificate itself are no faults: a gateway whose certificate has ended goes on reading, and its data waits.
 */
export function checkIdentity(identity: Identity): Result<CheckedIdentity> {
  const chain = readCertificates(identity.cert);
  if (!chain.ok) return failure(chain.fault.code, `cert.pem: ${chain.fault.detail}`);
  const authorities = readCertificates(identity.ca);
  if (!authorities.ok) return failure(authorities.fault.code, `ca.pem: ${authorities.fault.detail}`);
  let key: KeyObject;
  try {
    key = createPrivateKey(identity.key);
  } catch (error) {
    return failure('certificate.unreadable', `key.pem holds no key without a passphrase: ${(error as Error).message}`);
  }
  const [certificate, ...intermediates] = chain.value;
  if (!certificate.checkPrivateKey(key)) return failure('certificate.mismatch', 'cert.pem was made for another key');
  if (![...intermediates, ...authorities.value].some((issuer) => isIssuedBy(certificate, issuer))) {
    return failure('certificate.issuer', 'no authority of ca.pem has issued cert.pem');
  }
  const lists = identity.crl === undefined ? success([]) : readRevocationLists(identity.crl, authorities.value);
  if (!lists.ok) return failure(lists.fault.code, `crl.pem: ${lists.fault.detail}`);
  return success({
    ...identity,
    certificate,
    authorities: authorities.value,
    revocationLists: lists.value,
    isRevoked: (one) => isRevokedBy(lists.value, one),
  });
}

export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** The common name of a certificate, by which the other end knows its holder; empty where it has none or several. */
export function commonNameOf(certificate: X509Certificate): string {
  const { CN }: { CN?: unknown } = certificate.toLegacyObject().subject ?? {};
  return typeof CN === 'string' ? CN : '';
}
