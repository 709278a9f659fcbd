/**
 * Reads the one octet of the DNP3 transport function, by which fragments longer than a frame are put together.
 *
 *       7     6     5..0
 *     +-----+-----+----------+
 *     | FIN | FIR | sequence |   Source: IEEE 1815-2012, 8
 *     +-----+-----+----------+
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface Dnp3Segment {
  readonly first: boolean;
  readonly final: boolean;
  /** 0 to 63. */
  readonly sequence: number;
  /** A whole fragment where the segment is both first and final. */
  readonly payload: Uint8Array;
}

/** Reads the user data of a link frame. Fault: `frame.malformed` where nothing follows the transport header. */
export function dissectDnp3Segment(userData: Uint8Array): Result<Dnp3Segment> {
  if (userData.length < 2) return failure('frame.malformed', `a transport segment of ${userData.length} bytes`);
  const header = userData[0];
  return success({
    first: (header & 0x40) !== 0,
    final: (header & 0x80) !== 0,
    sequence: header & 0x3f,
    payload: userData.subarray(1),
  });
}
