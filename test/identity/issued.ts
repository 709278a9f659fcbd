/**
 * Keys, certificates and revocation lists for the tests of identities, made afresh in each run: the repository holds none.
 *
 * Two authorities with two gateways `north`, of which the first has a renewed one, and a server. Valid from 2026-01-01 to
 * 2028-01-01 (authorities: 2036-01-01); lists from 2026-06-01 to 2027-06-01. Tests bring a clock of their own.
 */

import { X509Certificate } from 'node:crypto';
import type { Identity } from '@tidegate/process/identity/identity.ts';
import type { Credentials } from '../../apps/tidegate/src/certificates/certificateFiles.ts';
import { issueAuthority, issueCredentials } from '../../apps/tidegate/src/certificates/issueCertificate.ts';
import { issueRevocationList } from '../../apps/tidegate/src/certificates/issueRevocationList.ts';
import { gatewaySubject, type Subject } from '../../apps/tidegate/src/certificates/subject.ts';

const FROM = new Date('2026-01-01T00:00:00Z');
const VALIDITY = { notBefore: FROM, notAfter: new Date('2028-01-01T00:00:00Z') };
const AUTHORITY_VALIDITY = { notBefore: FROM, notAfter: new Date('2036-01-01T00:00:00Z') };
const LIST_DATES = { thisUpdate: new Date('2026-06-01T00:00:00Z'), nextUpdate: new Date('2027-06-01T00:00:00Z') };
const SERVER: Subject = { role: 'server', name: 'Tidegate server', hosts: ['localhost', '127.0.0.1'] };

const FIRST = await issueAuthority('Authority 1', AUTHORITY_VALIDITY);
const SECOND = await issueAuthority('Authority 2', AUTHORITY_VALIDITY);
const CREDENTIALS = {
  'authority-1': FIRST,
  'authority-2': SECOND,
  north: await issueCredentials(FIRST, gatewaySubject('north'), VALIDITY),
  'north-renewed': await issueCredentials(FIRST, gatewaySubject('north'), VALIDITY),
  'north-of-authority-2': await issueCredentials(SECOND, gatewaySubject('north'), VALIDITY),
  server: await issueCredentials(FIRST, SERVER, VALIDITY),
} satisfies Record<string, Credentials>;

export type IssuedName = keyof typeof CREDENTIALS;

export const issuedCertificate = (name: IssuedName): string => CREDENTIALS[name].cert;

export const issuedKey = (name: IssuedName): string => CREDENTIALS[name].key;

/** The identity with this key and certificate, which trusts these authorities. */
export function issuedIdentity(name: IssuedName, ...authorities: IssuedName[]): Identity {
  const ca = (authorities.length > 0 ? authorities : ['authority-1' as const]).map(issuedCertificate).join('');
  return { ...CREDENTIALS[name], ca };
}

const list = (authority: Credentials, ...revoked: IssuedName[]) =>
  issueRevocationList(
    authority,
    revoked.map((name) => ({
      serialNumber: new X509Certificate(issuedCertificate(name)).serialNumber,
      revocationDate: LIST_DATES.thisUpdate,
    })),
    LIST_DATES,
  );

/** Revocation lists; that of authority 2 names the serial number that authority 1 has given. */
export const LISTS = {
  'none-revoked': await list(FIRST),
  'north-revoked': await list(FIRST, 'north'),
  'authority-2': await list(SECOND, 'north'),
} as const;
