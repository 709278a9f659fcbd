/** What can be wrong with keys, certificates and authorities, and with how they are handed from one side to the other. */

import type { FaultEntry } from './faultEntry.ts';

export const CERTIFICATE_FAULTS = {
  'certificate.name': {
    meaning: 'A gateway cannot have a certificate under this name.',
    httpStatus: 400,
    remedy: 'Use letters, digits, dots, hyphens and underscores, at most 63, such as north-1.',
  },
  'certificate.directory': {
    meaning: 'The directory of the certificates cannot be read or written.',
    httpStatus: 500,
    remedy: 'Give this user the right to write there, or name another directory.',
  },
  'certificate.key-readable': {
    meaning: 'A private key can be read by other users of the machine.',
    httpStatus: 500,
    remedy:
      'Run `chmod 600` on the key that is named. If others may have read it, make a new one: `tidegate certificates renew`.',
  },
  'certificate.key-type': {
    meaning: 'The key of a gateway is not an Ed25519 key, so that it cannot sign its ledger.',
    httpStatus: 500,
    remedy: 'Make a new key with `tidegate certificates request`, and have its certificate signed.',
  },
  'certificate.unreadable': {
    meaning: 'A file does not hold the key, certificate, request or revocation list in PEM form that it should.',
    httpStatus: 400,
    remedy: 'Fetch the file again from where it was made; it may have been cut, or be another one.',
  },
  'certificate.mismatch': {
    meaning: 'A certificate was made for another key than the one beside it.',
    httpStatus: 400,
    remedy: 'Install the certificate that was signed for the last request of this directory, or make a new request.',
  },
  'certificate.issuer': {
    meaning: 'A certificate or revocation list does not come from an authority that is trusted here.',
    httpStatus: 400,
    remedy:
      'Carry ca.pem over from the authority together with cert.pem. If it is the right one, treat this as an attack.',
  },
  'certificate.dates': {
    meaning: 'A certificate is not valid at this time: it has ended, or has not begun.',
    httpStatus: 400,
    remedy: 'Compare the clock of this machine with another one; if it is right, renew the certificate.',
  },
  'certificate.revoked': {
    meaning: 'A certificate has been revoked by its authority.',
    httpStatus: 403,
    remedy: 'Make a new key and have it signed. If nobody meant to revoke it, ask whoever holds the authority.',
  },
} as const satisfies Record<string, FaultEntry>;
