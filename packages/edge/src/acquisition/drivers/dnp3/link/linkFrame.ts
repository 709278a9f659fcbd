/**
 * The frames of the data link layer: what they look like, and the few that a master may send.
 *
 *     05 64 | length | control | destination | source | CRC | data (up to 16) | CRC | data | CRC ...
 *        2       1         1          2          2      2          1..16         2
 *
 * Numbers stand low byte first; the length counts control, addresses and data, and no CRC. The control byte:
 *
 *     from a primary     DIR  PRM=1  FCB  FCV  function
 *     from a secondary   DIR  PRM=0   0   DFC  function
 *
 * Source: IEEE Std 1815-2012, 9.2.4. Nothing else can be sent than the functions below; the outbound guard has a parser
 * of its own.
 */

import { writeCrc } from './crc.ts';

export const START_1 = 0x05;
export const START_2 = 0x64;
export const HEADER_BYTES = 10;
export const BLOCK_BYTES = 16;
export const CRC_BYTES = 2;
/** What the length counts beside the data: control and two addresses. */
export const COUNTED_HEADER_BYTES = 5;
export const MAX_USER_DATA_BYTES = 250;

const FROM_MASTER = 0x80;
const PRIMARY = 0x40;
const FRAME_COUNT_BIT = 0x20;
const FRAME_COUNT_VALID = 0x10;

/** Functions of a primary station, such as an outstation that sends data (9.2.4.1.3). */
export const PRIMARY_FUNCTION = {
  resetLinkStates: 0,
  testLinkStates: 2,
  confirmedUserData: 3,
  unconfirmedUserData: 4,
  requestLinkStatus: 9,
} as const;

/** Functions of a secondary station, which answers (9.2.4.1.3). */
export const SECONDARY_FUNCTION = { acknowledge: 0, refuse: 1, linkStatus: 11, notSupported: 15 } as const;

/** A frame as it came, with both kinds of CRC checked and taken away. */
export interface LinkFrame {
  /** DIR: whether a master sent it. */
  readonly fromMaster: boolean;
  /** PRM: whether it begins an exchange; otherwise it answers one. */
  readonly primary: boolean;
  /** FCB of a primary frame: alternates, so that a repeated frame is known. */
  readonly frameCount: boolean;
  /** FCV of a primary frame: whether `frameCount` counts. */
  readonly frameCountValid: boolean;
  /** DFC of a secondary frame: its sender has no room for more data. */
  readonly busy: boolean;
  /** One of `PRIMARY_FUNCTION` or `SECONDARY_FUNCTION`, or a number that the standard does not know. */
  readonly function: number;
  readonly destination: number;
  readonly source: number;
  /** Without CRCs; empty in a frame of the link layer's own. A view that holds until the next frame is taken. */
  readonly data: Uint8Array;
}

/** What a master may say on the link layer besides sending data, with its control byte. */
const LINK_SERVICE = {
  resetLinkStates: FROM_MASTER | PRIMARY | PRIMARY_FUNCTION.resetLinkStates,
  requestLinkStatus: FROM_MASTER | PRIMARY | PRIMARY_FUNCTION.requestLinkStatus,
  acknowledge: FROM_MASTER | SECONDARY_FUNCTION.acknowledge,
  refuse: FROM_MASTER | SECONDARY_FUNCTION.refuse,
  linkStatus: FROM_MASTER | SECONDARY_FUNCTION.linkStatus,
} as const;

export type LinkService = keyof typeof LINK_SERVICE;

export function encodeLinkService(service: LinkService, destination: number, source: number): Uint8Array {
  return encodeFrame(LINK_SERVICE[service], destination, source, NO_DATA);
}

/** `frameCount` alternates from test to test; the first after a reset has it set (9.2.4.1.3). */
export function encodeLinkTest(destination: number, source: number, frameCount: boolean): Uint8Array {
  const control = FROM_MASTER | PRIMARY | FRAME_COUNT_VALID | PRIMARY_FUNCTION.testLinkStates;
  return encodeFrame(frameCount ? control | FRAME_COUNT_BIT : control, destination, source, NO_DATA);
}

/** One segment of the transport function, unconfirmed. Throws where it exceeds `MAX_USER_DATA_BYTES`. */
export function encodeUserData(destination: number, source: number, data: Uint8Array): Uint8Array {
  if (data.length > MAX_USER_DATA_BYTES) throw new RangeError(`${data.length} bytes of user data in one frame`);
  return encodeFrame(FROM_MASTER | PRIMARY | PRIMARY_FUNCTION.unconfirmedUserData, destination, source, data);
}

/** The bytes of a frame behind its header: the data and a CRC for each block of it. */
export function bodyBytes(dataBytes: number): number {
  return dataBytes + Math.ceil(dataBytes / BLOCK_BYTES) * CRC_BYTES;
}

/** The frame whose header begins at `at`, around its data. */
export function decodeFrame(bytes: Uint8Array, at: number, data: Uint8Array): LinkFrame {
  const control = bytes[at + 3];
  const primary = (control & PRIMARY) !== 0;
  return {
    fromMaster: (control & FROM_MASTER) !== 0,
    primary,
    frameCount: primary && (control & FRAME_COUNT_BIT) !== 0,
    frameCountValid: primary && (control & FRAME_COUNT_VALID) !== 0,
    busy: !primary && (control & FRAME_COUNT_VALID) !== 0,
    function: control & 0x0f,
    destination: bytes[at + 4] | (bytes[at + 5] << 8),
    source: bytes[at + 6] | (bytes[at + 7] << 8),
    data,
  };
}

const NO_DATA = new Uint8Array(0);

function encodeFrame(control: number, destination: number, source: number, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + bodyBytes(data.length));
  frame[0] = START_1;
  frame[1] = START_2;
  frame[2] = COUNTED_HEADER_BYTES + data.length;
  frame[3] = control;
  frame[4] = destination & 0xff;
  frame[5] = destination >>> 8;
  frame[6] = source & 0xff;
  frame[7] = source >>> 8;
  let at = writeCrc(frame, 0, HEADER_BYTES - CRC_BYTES);
  for (let from = 0; from < data.length; from += BLOCK_BYTES) {
    const block = data.subarray(from, from + BLOCK_BYTES);
    frame.set(block, at);
    at = writeCrc(frame, at, at + block.length);
  }
  return frame;
}
