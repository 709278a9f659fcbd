/** What can be wrong with the accounts that gateways sign, and with proofs that are made of them. */

import type { FaultEntry } from './faultEntry.ts';

export const LEDGER_FAULTS = {
  'ledger.malformed': {
    meaning: 'A text that should be a checkpoint of a gateway is none, or was changed.',
    httpStatus: 400,
    remedy: 'Compare the versions of gateway and server. Where they agree, somebody has changed what was signed.',
  },
  'ledger.key': {
    meaning: 'The gateway cannot sign its checkpoints with the key of its certificate.',
    httpStatus: 409,
    remedy:
      'Give the gateway a certificate with an Ed25519 key (tidegate certificates). Data is delivered unsigned until then.',
  },
  'ledger.note': {
    meaning: 'What a gateway notes of its last checkpoint cannot be read or written.',
    httpStatus: 500,
    remedy:
      'Look at the disk of the data directory. The chain of checkpoints goes on, with a break that is stated in it.',
  },
  'ledger.proof': {
    meaning: 'A file that should be a proof is none, or ends before its end.',
    httpStatus: 400,
    remedy: 'Export the proof again (tidegate ledger export), and compare the digests of both copies of the file.',
  },
} as const satisfies Record<string, FaultEntry>;
