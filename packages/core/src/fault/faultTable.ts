/** The one table of faults: everything that can be wrong from outside, what it means, and what to do about it. */

export interface FaultEntry {
  readonly meaning: string;
  /** Status with which the REST interface reports the fault. */
  readonly httpStatus: number;
  /** What the person who reads it should do. */
  readonly remedy: string;
}

export const FAULTS = {
  'block.truncated': {
    meaning: 'A sample block ends before its stated length.',
    httpStatus: 400,
    remedy: 'The file or the connection was cut; the block is sent again from the spool if it still has it.',
  },
  'block.checksum': {
    meaning: 'The checksum of a sample block does not match its bytes.',
    httpStatus: 400,
    remedy: 'The bytes changed on disk or on the way. Check the disk of the machine named beside this fault.',
  },
  'block.malformed': {
    meaning: 'A sample block has a good checksum but contradicts its own format.',
    httpStatus: 400,
    remedy: 'Sender and receiver disagree about the format. Compare the versions of gateway and server.',
  },
  'block.version': {
    meaning: 'A sample block is of a format version that this program does not know.',
    httpStatus: 400,
    remedy: 'Update the server before the gateways.',
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof FAULTS;
