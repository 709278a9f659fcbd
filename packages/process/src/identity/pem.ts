/** PEM texts (RFC 7468): which blocks of a kind they hold. */

import { X509Certificate } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/**
 * The bytes within each block with this label, such as `CERTIFICATE`. Fault: `certificate.unreadable` where there is none,
 * or where something begins that is no such block: OpenSSL would leave it out, and say nothing.
 */
export function pemBlocks(text: string, label: string): Result<readonly Uint8Array[]> {
  const block = new RegExp(`^-----BEGIN ${label}-----[\\t ]*\\r?\\n([A-Za-z0-9+/=\\s]*)^-----END ${label}-----`, 'gm');
  const found = [...text.matchAll(block)].map(([, base64]) => Buffer.from(base64, 'base64'));
  const begun = text.split('-----BEGIN ').length - 1;
  if (begun === 0) return failure('certificate.unreadable', `there is no ${label} in PEM form`);
  if (found.length === begun) return success(found);
  return failure('certificate.unreadable', `${begun - found.length} of ${begun} PEM blocks are no whole ${label}`);
}

/** Fault: `certificate.unreadable`. */
export function readCertificates(pem: string): Result<readonly X509Certificate[]> {
  const blocks = pemBlocks(pem, 'CERTIFICATE');
  if (!blocks.ok) return blocks;
  try {
    return success(blocks.value.map((bytes) => new X509Certificate(bytes)));
  } catch (error) {
    return failure('certificate.unreadable', `no certificate: ${(error as Error).message}`);
  }
}
