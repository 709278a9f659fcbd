/** Certificates, requests and revocation lists as a person reads them. */

import type { X509Certificate } from 'node:crypto';
import { type Timestamp, timestampToMs } from '@tidegate/core/clock/timestamp.ts';
import { commonNameOf } from '@tidegate/process/identity/checkedIdentity.ts';
import { daysLeft } from '@tidegate/process/identity/expiry.ts';
import type { RevocationList } from '@tidegate/process/identity/revocationList.ts';
import { type CertificateRequest, fingerprintOf } from './certificateRequest.ts';
import { subjectOfCertificate } from './subjectOfCertificate.ts';

const KEY_TYPES: Readonly<Record<string, string>> = { ed25519: 'Ed25519', ec: 'ECDSA', rsa: 'RSA' };

export function describeCertificate(
  certificate: X509Certificate,
  now: Timestamp,
  isRevoked: boolean | undefined,
): string {
  const { role, name, hosts } = subjectOfCertificate(certificate);
  const revoked =
    isRevoked === undefined ? 'not known: there is no list of its authority here' : isRevoked ? 'YES' : 'no';
  return lines(certificate.ca ? `Authority "${name}"` : `Certificate of the ${role} "${name}"`, [
    ...(hosts.length > 0 ? [['reached at', hosts.join(', ')] as const] : []),
    ['valid', `${day(certificate.validFromDate)} to ${day(certificate.validToDate)}, ${remaining(certificate, now)}`],
    ...(certificate.ca ? [] : [['issued by', issuerOf(certificate)] as const, ['revoked', revoked] as const]),
    ['serial number', certificate.serialNumber],
    [
      'key',
      KEY_TYPES[certificate.publicKey.asymmetricKeyType ?? ''] ?? String(certificate.publicKey.asymmetricKeyType),
    ],
    ['fingerprint', fingerprintOf(certificate.raw)],
    ['of the key', fingerprintOf(certificate.publicKey.export({ type: 'spki', format: 'der' }))],
  ]);
}

export function describeRequest({ subject, fingerprint }: CertificateRequest): string {
  const { role, name, hosts } = subject;
  return lines(`Request of the ${role} "${name}"`, [
    ...(hosts.length > 0 ? [['reached at', hosts.join(', ')] as const] : []),
    ['of the key', fingerprint],
  ]);
}

export function describeList({ authority, thisUpdate, nextUpdate, serials }: RevocationList, now: Timestamp): string {
  const outdated = nextUpdate !== undefined && nextUpdate.getTime() < timestampToMs(now);
  const next =
    nextUpdate === undefined ? '' : `, to be replaced by ${day(nextUpdate)}${outdated ? ': OUT OF DATE' : ''}`;
  return lines(`Revocation list of "${commonNameOf(authority)}"`, [
    ['made', `${day(thisUpdate)}${next}`],
    ['revoked', serials.size === 0 ? 'nothing' : [...serials].join(', ')],
  ]);
}

function lines(title: string, fields: readonly (readonly [string, string])[]): string {
  return [title, ...fields.map(([name, value]) => `  ${name.padEnd(14)} ${value}`), ''].join('\n');
}

function remaining(certificate: X509Certificate, now: Timestamp): string {
  if (timestampToMs(now) < certificate.validFromDate.getTime()) return 'NOT VALID YET';
  const left = daysLeft(certificate, now);
  return left < 0 ? 'ENDED' : `${left} days left`;
}

function issuerOf({ issuer }: X509Certificate): string {
  return issuer.replace(/^CN=(.*)$/, '"$1"').replaceAll('\n', ', ');
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
