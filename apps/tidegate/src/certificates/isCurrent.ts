/** Whether credentials that were made before can go on being used. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Credentials } from './certificateFiles.ts';

/** What credentials must be to stay. */
export interface Requirement {
  /** The certificate of the authority that must have issued them; where absent, they must have issued themselves. */
  readonly issuer?: string;
  /** The common name that they must bear. */
  readonly name: string;
  /** Of the kind that such a key must be; where absent, any will do. */
  readonly keyType?: 'ed25519';
  /** Host names and addresses that they must be good for. */
  readonly hosts?: readonly string[];
  /** They must hold at this moment, and still at the other. */
  readonly from: Date;
  readonly until: Date;
}

/** False as well where they cannot be read or do not belong together. */
export function isCurrent({ key, cert }: Credentials, requirement: Requirement): boolean {
  const { name, keyType, hosts = [], from, until } = requirement;
  try {
    const certificate = new X509Certificate(cert);
    const issuer = new X509Certificate(requirement.issuer ?? cert);
    return (
      certificate.checkPrivateKey(createPrivateKey(key)) &&
      certificate.checkIssued(issuer) &&
      certificate.verify(issuer.publicKey) &&
      certificate.toLegacyObject().subject.CN === name &&
      (keyType === undefined || certificate.publicKey.asymmetricKeyType === keyType) &&
      certificate.validFromDate <= from &&
      certificate.validToDate >= until &&
      hosts.every((host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined)
    );
  } catch {
    return false;
  }
}
