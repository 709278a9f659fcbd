/** DNP3: the CRCs of a frame where it stands; or whatever it holds in new frames, as a response to what was asked. */

import { outstationFrame } from '@tidegate/edge/acquisition/drivers/dnp3/testbed/outstationFrame.ts';
import type { Random } from '../random.ts';
import type { Repair } from './repair.ts';

const HEADER_BYTES = 10;
const BLOCK_BYTES = 16;
const CRC_BYTES = 2;
/** Behind the headers of the link and of the transport function. */
const APPLICATION_AT = 11;
/** Behind the header of a response. */
const OBJECTS_AT = 15;
const SEGMENT_BYTES = 249;
const RESPONSE = 129;
const UNSOLICITED = 130;

export const repairDnp3: Repair = (frame, random, request) => {
  if (!request || random.oneIn(3)) return withCrcs(frame, request);
  const outstation = request[4] | (request[5] << 8);
  const fragment = Uint8Array.from([...responseHeader(random, request), ...objectsOf(frame)]);
  const frames: Uint8Array[] = [];
  // The transport function goes on counting from any number.
  const first = random.below(64);
  for (let at = 0, nth = first; at < fragment.length; at += SEGMENT_BYTES, nth++) {
    const header = (at === 0 ? 0x40 : 0) | (at + SEGMENT_BYTES >= fragment.length ? 0x80 : 0) | (nth % 64);
    frames.push(outstationFrame(outstation, Uint8Array.of(header, ...fragment.subarray(at, at + SEGMENT_BYTES))));
  }
  return Buffer.concat(frames);
};

/** A header that is taken for what it says; the indications are any. */
function responseHeader(random: Random, request: Uint8Array): number[] {
  const indications = [random.oneIn(2) ? 0 : random.below(256), random.oneIn(4) ? random.below(64) : 0];
  if (random.oneIn(4)) return [0xd0 | (random.oneIn(2) ? 0x20 : 0) | random.below(16), UNSOLICITED, ...indications];
  const ends = random.oneIn(8) ? random.below(4) << 6 : 0xc0;
  const sequence = request.length > APPLICATION_AT ? request[APPLICATION_AT] & 0x0f : 0;
  return [ends | (random.oneIn(2) ? 0x20 : 0) | sequence, RESPONSE, ...indications];
}

/** What stands behind the header of a response, the CRCs between its blocks taken away. */
function objectsOf(frame: Buffer): number[] {
  const userData: number[] = [];
  for (let at = HEADER_BYTES; at < frame.length; at += BLOCK_BYTES + CRC_BYTES) {
    userData.push(...frame.subarray(at, Math.min(at + BLOCK_BYTES, frame.length - CRC_BYTES)));
  }
  return userData.slice(OBJECTS_AT - HEADER_BYTES);
}

/** In place: start, length, addresses of the conversation, and each CRC. */
function withCrcs(frame: Buffer, request: Uint8Array | undefined): Uint8Array {
  if (frame.length < HEADER_BYTES) return frame;
  frame[0] = 0x05;
  frame[1] = 0x64;
  const blocks = Math.ceil((frame.length - HEADER_BYTES) / (BLOCK_BYTES + CRC_BYTES));
  frame[2] = Math.min(255, Math.max(5, 5 + frame.length - HEADER_BYTES - blocks * CRC_BYTES));
  if (request) frame.set([request[6], request[7], request[4], request[5]], 4);
  writeCrc(frame, 0, HEADER_BYTES - CRC_BYTES);
  for (let at = HEADER_BYTES; at + CRC_BYTES < frame.length; at += BLOCK_BYTES + CRC_BYTES) {
    writeCrc(frame, at, Math.min(at + BLOCK_BYTES, frame.length - CRC_BYTES));
  }
  return frame;
}

/** IEEE Std 1815-2012, 9.2.4.3. */
function writeCrc(bytes: Buffer, start: number, end: number): void {
  let crc = 0;
  for (let at = start; at < end; at++) {
    crc ^= bytes[at];
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1;
  }
  bytes.writeUInt16LE(~crc & 0xffff, end);
}
