/** What can be wrong with keys, certificates and authorities, and with how they are handed from one side to the other. */

import type { FaultEntry } from './faultEntry.ts';

export const CERTIFICATE_FAULTS = {
  'certificate.name': {
    meaning: 'There can be no certificate for a gateway, relay or server that is called so.',
    httpStatus: 400,
    remedy:
      'Use letters, digits, dots, hyphens and underscores, at most 63, such as north-1. Servers need a --host, gateways have none.',
  },
  'certificate.directory': {
    meaning: 'The directory of the certificates cannot be read or written.',
    httpStatus: 500,
    remedy: 'Give this user the right to write there, or name another directory.',
  },
  'certificate.missing': {
    meaning: 'A file that a command was to read is not there.',
    httpStatus: 404,
    remedy: 'Look at the path. What is signed lies in a directory of its name, a request in request/request.pem.',
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
  'certificate.request': {
    meaning: 'A signing request, or the certificate made for it, is not what it should be.',
    httpStatus: 400,
    remedy: 'Make a new request with `tidegate certificates request`, and compare its fingerprint where it is signed.',
  },
  'certificate.authority': {
    meaning: 'The authority of the site cannot be used.',
    httpStatus: 400,
    remedy: 'Name its directory with --authority; `tidegate certificates authority` makes one. Check the passphrase.',
  },
  'certificate.exists': {
    meaning: 'Something is there already that a command would have to write over.',
    httpStatus: 409,
    remedy: 'Use what is there, name another directory, or, for a request, throw it away with --replace.',
  },
  'certificate.unknown': {
    meaning: 'There is no certificate of this name or serial number.',
    httpStatus: 404,
    remedy: 'See the folder issued in the directory of the authority, with `tidegate certificates show`.',
  },
  'certificate.unconfirmed': {
    meaning: 'Nobody has confirmed what was to be signed, so nothing was signed.',
    httpStatus: 403,
    remedy: 'Compare the fingerprint with whoever made the request, and answer yes, or give --yes.',
  },
  'selftest.report': {
    meaning: 'A file is not the report of a self-test, or is not as it was signed.',
    httpStatus: 400,
    remedy:
      'Fetch the report again from where it was made, and name the authority of that site. If it still fails, distrust it.',
  },
  'enrolment.code': {
    meaning: 'The code of an invitation is mistyped.',
    httpStatus: 400,
    remedy: 'Type it again, all 8 groups; capitals do not matter, and O is 0, I and L are 1.',
  },
  'enrolment.refused': {
    meaning: 'The server of an invitation is not the one that the code was made at, or has refused the code.',
    httpStatus: 403,
    remedy: 'Check the code and --server. After 5 wrong codes an invitation ends: ask for a new one.',
  },
  'enrolment.ended': {
    meaning: 'An invitation has ended without being used: its time was over, or too many wrong codes came.',
    httpStatus: 410,
    remedy: 'Invite again. If nobody of yours mistyped the code, find out who tried.',
  },
  'enrolment.unreachable': {
    meaning: 'Nobody answers to the invitation.',
    httpStatus: 503,
    remedy: 'An invitation holds for 15 minutes and one use: ask for a new one. Check --server and the firewall.',
  },
} as const satisfies Record<string, FaultEntry>;
