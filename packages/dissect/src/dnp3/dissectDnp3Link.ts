/**
 * Reads a DNP3 link frame that may be hostile: who says it to whom, and the user data without the checks between it.
 *
 *     0      2        3         4             6        8     10                    26
 *     +------+--------+---------+-------------+--------+-----+---------------------+-----+---...
 *     | 0564 | length | control | destination | source | CRC | user data, up to 16 | CRC | up to 16 more, CRC ...
 *     +------+--------+---------+-------------+--------+-----+---------------------+-----+---...
 *              counts control, addresses and user data; every number is sent low octet first
 *
 *     control   7     6     5     4           3..0
 *             +-----+-----+-----+-----------+----------+
 *             | DIR | PRM | FCB | FCV / DFC | function |
 *             +-----+-----+-----+-----------+----------+
 *
 * Source: IEEE 1815-2012, 9.2.4. It shares no code with the driver, whose frames it checks.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { dnp3Crc } from './dnp3Crc.ts';
import { DNP3_PRIMARY_FUNCTIONS, DNP3_SECONDARY_FUNCTIONS, type Dnp3LinkFunction } from './dnp3LinkFunction.ts';

export interface Dnp3Link {
  /** DIR: the frame comes from the master. */
  readonly fromMaster: boolean;
  /** PRM: the station asks, and does not answer. */
  readonly primary: boolean;
  readonly frameCountBit: boolean;
  /** FCV of a primary frame, DFC (the receiver is busy) of a secondary one. */
  readonly frameCountValidOrBusy: boolean;
  readonly functionCode: number;
  /** `undefined` for a function code that the standard reserves. */
  readonly function: Dnp3LinkFunction | undefined;
  readonly destination: number;
  readonly source: number;
  /** The transport segment, its checks taken out; empty where the function carries none. */
  readonly userData: Uint8Array;
}

const HEADER_BYTES = 10;
/** Control and the two addresses, which the length counts. */
const COUNTED_HEADER_BYTES = 5;
const BLOCK_BYTES = 16;
const CRC_BYTES = 2;

const malformed = (detail: string) => failure('frame.malformed', detail);

/**
 * The length in bytes of the frame that begins at the start of `bytes`, of which there may be fewer or more. Faults:
 * `frame.truncated` where the length is not there yet, `frame.malformed` where it is not one of DNP3.
 */
export function dnp3FrameLength(bytes: Uint8Array): Result<number> {
  if (bytes.length > 0 && bytes[0] !== 0x05) return malformed(`first octet ${bytes[0]} where 5 belongs`);
  if (bytes.length > 1 && bytes[1] !== 0x64) return malformed(`second octet ${bytes[1]} where 100 belongs`);
  if (bytes.length < 3) return failure('frame.truncated', `${bytes.length} bytes cannot hold a length`);
  const userBytes = bytes[2] - COUNTED_HEADER_BYTES;
  if (userBytes < 0) return malformed(`length ${bytes[2]} where at least ${COUNTED_HEADER_BYTES} belong`);
  return success(HEADER_BYTES + userBytes + Math.ceil(userBytes / BLOCK_BYTES) * CRC_BYTES);
}

/** Dissects exactly one frame. Faults: `frame.truncated`, `frame.malformed` (a wrong CRC among them). */
export function dissectDnp3Link(bytes: Uint8Array): Result<Dnp3Link> {
  const length = dnp3FrameLength(bytes);
  if (!length.ok) return length;
  if (length.value > bytes.length) return failure('frame.truncated', `${bytes.length} of ${length.value} bytes`);
  if (length.value < bytes.length) return malformed(`${bytes.length - length.value} bytes behind the end of the frame`);
  if (!crcHolds(bytes, 0, HEADER_BYTES)) return malformed('the CRC of the header is wrong');
  const userData = userDataOf(bytes);
  if (!userData.ok) return userData;
  const control = bytes[3];
  const primary = (control & 0x40) !== 0;
  const functionCode = control & 0x0f;
  return success({
    fromMaster: (control & 0x80) !== 0,
    primary,
    frameCountBit: (control & 0x20) !== 0,
    frameCountValidOrBusy: (control & 0x10) !== 0,
    functionCode,
    function: (primary ? DNP3_PRIMARY_FUNCTIONS : DNP3_SECONDARY_FUNCTIONS).get(functionCode),
    destination: bytes[4] | (bytes[5] << 8),
    source: bytes[6] | (bytes[7] << 8),
    userData: userData.value,
  });
}

function userDataOf(bytes: Uint8Array): Result<Uint8Array> {
  const userData = new Uint8Array(bytes[2] - COUNTED_HEADER_BYTES);
  let at = HEADER_BYTES;
  for (let filled = 0; filled < userData.length; filled += BLOCK_BYTES) {
    const blockBytes = Math.min(BLOCK_BYTES, userData.length - filled);
    if (!crcHolds(bytes, at, at + blockBytes + CRC_BYTES)) {
      return malformed(`the CRC of the user data from octet ${filled} is wrong`);
    }
    userData.set(bytes.subarray(at, at + blockBytes), filled);
    at += blockBytes + CRC_BYTES;
  }
  return success(userData);
}

/** Whether the bytes in [from, to) end with their own check. */
function crcHolds(bytes: Uint8Array, from: number, to: number): boolean {
  return dnp3Crc(bytes, from, to - CRC_BYTES) === (bytes[to - 2] | (bytes[to - 1] << 8));
}
