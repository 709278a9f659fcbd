/**
 * What crosses the boundary over TLS, byte by byte. All numbers are little-endian.
 *
 * Gateway to server, a stream of frames:
 *
 *     0      1      4        8
 *     +------+------+--------+---------+
 *     | kind | zero | length | payload |
 *     +------+------+--------+---------+
 *
 *     HELLO      0        4         6      7      8               24               40         56  57
 *                +--------+---------+------+------+---------------+----------------+----------+---+---------+
 *                | "TGOW" | version | lane | role | first: epoch, | oldest: epoch, | instance | n | gateway |
 *                |        |         |      |      | sequence      | sequence       |          |   |         |
 *                +--------+---------+------+------+---------------+----------------+----------+---+---------+
 *     TAGS       0          4       8        12      16
 *                +----------+-------+--------+-------+------+
 *                | revision | total | offset | crc32 | part |
 *                +----------+-------+--------+-------+------+
 *     BLOCK      the encoded block, as it lies in the spool (`docs/formats/sample-block.md`)
 *     HEARTBEAT  0    8              24               40               64          136      152
 *                +----+--------------+----------------+----------------+-----------+--------+
 *                | at | head: epoch, | oldest: epoch, | depth: blocks, | tally:    | policy |
 *                |    | sequence     | sequence       | samples, bytes | 9 x i64   |        |
 *                +----+--------------+----------------+----------------+-----------+--------+
 *
 * Server to gateway, answers of 24 bytes each and nothing else. Fields that an answer does not use have one fixed value,
 * so that the return direction has no room for anything but what it is for:
 *
 *     0      1      2        4        8       16         24
 *     +------+------+--------+--------+-------+----------+
 *     | kind | zero | number | "TGOA" | epoch | sequence |
 *     +------+------+--------+--------+-------+----------+
 *
 *     WELCOME    number: protocol version    position: all from `first` up to it is held durably, -1 -1 for none
 *     ACK        number: 0                   position: all from `first` up to it is held durably, -1 -1 for none
 *     REFUSE     number: see `refusal.ts`    position: -1 -1
 *
 * The payloads say nothing of TLS or of streams: datagrams over a diode can carry the same ones. See
 * `docs/formats/oneway-frame.md`.
 */

import { MAX_BLOCK_BYTES, MAX_GATEWAY_BYTES, MIN_BLOCK_BYTES } from '@tidegate/core/block/blockLayout.ts';

export const PROTOCOL_VERSION = 3;

/** What a frame from the gateway is. */
export const FrameKind = { hello: 1, tags: 2, block: 3, heartbeat: 4 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** What an answer from the server is: other numbers than those of frames, so that an echo is never taken for one. */
export const AnswerKind = { welcome: 0x81, ack: 0x82, refuse: 0x83 } as const;

export const FRAME_HEADER_BYTES = 8;

export const HELLO_MAGIC = 0x574f4754; // "TGOW" read as a little-endian number
export const HELLO_AT = {
  ...{ magic: 0, version: 4, lane: 6, role: 7, first: 8, oldest: 24, instance: 40, gatewayLength: 56, gateway: 57 },
} as const;
export const INSTANCE_BYTES = 16;

export const TAGS_AT = { revision: 0, total: 4, offset: 8, checksum: 12, part: 16 } as const;
/** A longer tag list goes in several frames, so that a heartbeat fits between them. */
export const MAX_TAG_PART_BYTES = 64 * 1024;
/** About 200,000 tags; it bounds what a hostile gateway can make the server hold. */
export const MAX_TAG_LIST_BYTES = 64 * 1024 * 1024;

export const HEARTBEAT_AT = { at: 0, head: 8, oldest: 24, depth: 40, tally: 64, policy: 136 } as const;
export const POLICY_DIGEST_BYTES = 16;
export const HEARTBEAT_BYTES = HEARTBEAT_AT.policy + POLICY_DIGEST_BYTES;

export const ANSWER_MAGIC = 0x414f4754; // "TGOA" read as a little-endian number
export const ANSWER_AT = { kind: 0, zero: 1, number: 2, magic: 4, epoch: 8, sequence: 16 } as const;
export const ANSWER_BYTES = 24;

/** Stands for epoch and sequence where there is no position. */
export const NO_POSITION = -1;

/** The shortest and the longest payload of each kind; any other length is not one of ours. */
export const PAYLOAD_LIMITS: Readonly<Record<FrameKind, readonly [min: number, max: number]>> = {
  [FrameKind.hello]: [HELLO_AT.gateway + 1, HELLO_AT.gateway + MAX_GATEWAY_BYTES],
  [FrameKind.tags]: [TAGS_AT.part + 1, TAGS_AT.part + MAX_TAG_PART_BYTES],
  [FrameKind.block]: [MIN_BLOCK_BYTES, MAX_BLOCK_BYTES],
  [FrameKind.heartbeat]: [HEARTBEAT_BYTES, HEARTBEAT_BYTES],
};

/** Writes the header of a frame whose payload of `length` bytes follows. */
export function writeFrameHeader(bytes: Uint8Array, at: number, kind: FrameKind, length: number): void {
  bytes[at] = kind;
  bytes.fill(0, at + 1, at + 4);
  for (let byte = 0; byte < 4; byte++) bytes[at + 4 + byte] = length >>> (byte * 8);
}

/** A whole small frame: header and payload in one array. */
export function encodeFrame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(frame, 0, kind, payload.length);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit number that a double holds exactly; `undefined` for any other. */
export function readSafeInteger(view: DataView, at: number): number | undefined {
  const value = Number(view.getBigInt64(at, true));
  return Number.isSafeInteger(value) ? value : undefined;
}

export function writeSafeInteger(view: DataView, at: number, value: number): void {
  view.setBigInt64(at, BigInt(value), true);
}
