/** Makes the list of what an authority has revoked (RFC 5280, section 5). */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { PemConverter, X509Certificate, X509CrlGenerator } from '@peculiar/x509';
import type { Credentials } from './certificateFiles.ts';
import { keyIdentifierOf } from './issueCertificate.ts';
import { P256, P256_SIGNING } from './keyPair.ts';

export interface Revocation {
  /** In hexadecimal. */
  readonly serialNumber: string;
  readonly revocationDate: Date;
}

/** As PEM. `nextUpdate` is when there will be a newer list, whether or not anything changes. */
export async function issueRevocationList(
  authority: Credentials,
  entries: readonly Revocation[],
  { thisUpdate, nextUpdate }: { readonly thisUpdate: Date; readonly nextUpdate: Date },
): Promise<string> {
  const issuer = new X509Certificate(authority.cert);
  const list = await X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate,
    nextUpdate,
    entries: [...entries],
    extensions: keyIdentifierOf(issuer),
    signingKey: createPrivateKey(authority.key).toCryptoKey(P256, false, ['sign']),
    signingAlgorithm: P256_SIGNING,
  });
  // The library has a label of its own, by which OpenSSL finds nothing; this one is that of RFC 7468.
  return `${PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
}
