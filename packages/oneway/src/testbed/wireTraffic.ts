/** What either end of a session says over TLS, frame by frame, and what makes changed frames look whole again. */

import { crc32 } from 'node:zlib';
import { AT, CHECKSUM_BYTES } from '@tidegate/core/block/blockLayout.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Role } from '@tidegate/core/port/blockSink.ts';
import type { SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import { decodeAnswer, encodeAnswer } from '../frame/answer.ts';
import { encodeFrame, FRAME_HEADER_BYTES, FrameKind, TAGS_AT, writeFrameHeader } from '../frame/frameLayout.ts';
import { encodeHeartbeat } from '../frame/heartbeat.ts';
import { encodeHello } from '../frame/hello.ts';
import { encodeTagList } from '../frame/tagList.ts';
import { TAG } from './boundary.ts';
import { MemorySource } from './memorySource.ts';

const SAMPLES = [1, 21, 41];
export const TAGS = [TAG, { ...TAG, number: 1, id: 'TI-2', path: 'works/flow' }];

const source = new MemorySource();
export const BLOCKS: readonly SpooledBlock[] = SAMPLES.map((samples) => source.seal(samples));

/** HELLO, TAGS, HEARTBEAT, `BLOCKS`, HEARTBEAT. */
export function gatewayFrames(role: Role): Uint8Array[] {
  const { gateway, lane, instance } = source;
  const first = { epoch: 1, sequence: 0 };
  const hello = encodeFrame(FrameKind.hello, encodeHello({ gateway, lane, instance, role, first, oldest: first }));
  const tags = [...encodeTagList(TAGS, 0)].map((part) => encodeFrame(FrameKind.tags, part));
  const waiting = { head: source.head(), oldest: source.oldest(), depth: source.depth() };
  const said = { at: 0 as Timestamp, ...waiting, tally: source.tally(), policy: 'ab'.repeat(16) };
  const heartbeat = encodeFrame(FrameKind.heartbeat, encodeHeartbeat(said));
  return [hello, ...tags, heartbeat, ...BLOCKS.map(({ bytes }) => encodeFrame(FrameKind.block, bytes)), heartbeat];
}

/** WELCOME, an ACK without and with a position for each of `BLOCKS`, REFUSE. */
export function serverAnswers(): Uint8Array[] {
  return [
    encodeAnswer({ kind: 'welcome', position: undefined }),
    encodeAnswer({ kind: 'ack', position: undefined }),
    ...BLOCKS.map((position) => encodeAnswer({ kind: 'ack', position })),
    encodeAnswer({ kind: 'refuse', refusal: 'boundary.stopping' }),
  ];
}

/** Whether it is one answer of a server, and whole. */
export function isAnswer(bytes: Uint8Array): boolean {
  return decodeAnswer(bytes).ok;
}

/** Puts the header of a frame right, and the lengths and the checksum in its payload. */
export function putRight(frame: Buffer, kind: number): void {
  const payload = frame.subarray(FRAME_HEADER_BYTES);
  writeFrameHeader(frame, 0, kind as FrameKind, payload.length);
  if (kind === FrameKind.block && payload.length > AT.gateway) {
    const end = payload.length - CHECKSUM_BYTES;
    payload.writeUInt32LE(payload.length, AT.length);
    payload.writeUInt32LE(crc32(payload.subarray(0, end)), end);
  }
  if (kind === FrameKind.tags && payload.length > TAGS_AT.part) {
    const list = payload.subarray(TAGS_AT.part);
    payload.writeUInt32LE(list.length, TAGS_AT.total);
    payload.writeUInt32LE(0, TAGS_AT.offset);
    payload.writeUInt32LE(crc32(list), TAGS_AT.checksum);
  }
}
