/**
 * Frames of SLMP, 3E in binary, numbers with their lower byte first. A write cannot be expressed.
 *
 *     request   50 00 | network, station, module (2), multidrop | length (2) | timer (2) | 0401 | 0000 | first (3), code, words (2)
 *     answer    d0 00 | network, station, module (2), multidrop | length (2) | end code (2) | data
 *
 * The length counts what comes behind it. Bits are asked for in words, sixteen at a time, the first of them the lowest bit.
 *
 * Source: MELSEC Communication Protocol Reference Manual SH(NA)-080008, 5.2 and 5.3 (messages), 6 (routes), 8.1 (batch read in
 * units of words).
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { BITS_PER_WORD } from './address.ts';
import type { Block } from './plan.ts';

/** Where a request goes, and an answer comes from: always the CPU of a controller. */
export interface Route {
  readonly network: number;
  readonly station: number;
}

export interface Answer extends Route {
  /** 0 where the request was obeyed. */
  readonly endCode: number;
  /** A view that holds until the next bytes are pushed. */
  readonly data: Uint8Array;
}

/** The most words in one request (8.1). */
export const MAX_WORDS = 960;
const REQUEST_BYTES = 21;
/** What the length of a request counts: timer, command, subcommand, first, code, words. */
const REQUEST_LENGTH = 12;
/** Everything in front of the end code. */
const ANSWER_HEAD_BYTES = 9;
const END_CODE_BYTES = 2;
/** The CPU that the station itself is (chapter 6). */
const OWN_CPU = 0x03ff;
const READ_COMMAND = 0x0401;
/** The controller may take so long, in steps of this (5.3, "Monitoring timer"). */
const TIMER_STEP_MS = 250;

export function encodeRead({ network, station }: Route, block: Block, timeoutMs: number): Uint8Array {
  const { memory, first, words } = block;
  const number = memory.holds === 'bits' ? first * BITS_PER_WORD : first;
  const frame = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(frame.buffer);
  frame[0] = 0x50;
  frame[2] = network;
  frame[3] = station;
  view.setUint16(4, OWN_CPU, true);
  view.setUint16(7, REQUEST_LENGTH, true);
  view.setUint16(9, Math.ceil(timeoutMs / TIMER_STEP_MS), true);
  view.setUint16(11, READ_COMMAND, true);
  view.setUint16(15, number, true);
  frame[17] = number >> 16;
  frame[18] = memory.code;
  view.setUint16(19, words, true);
  return frame;
}

/** Cuts what comes into answers, however it was cut on its way. */
export class AnswerReader {
  #bytes: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** `undefined` while none is whole. Fault: `device.answer` where nothing behind these bytes can be trusted. */
  next(): Result<Answer | undefined> {
    const bytes = this.#bytes;
    if ((bytes[0] ?? 0xd0) !== 0xd0 || (bytes[1] ?? 0) !== 0) return garbage(bytes);
    if (bytes.length < ANSWER_HEAD_BYTES) return success(undefined);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const length = view.getUint16(7, true);
    if (length < END_CODE_BYTES || length > END_CODE_BYTES + 2 * MAX_WORDS) return garbage(bytes);
    const end = ANSWER_HEAD_BYTES + length;
    if (bytes.length < end) return success(undefined);
    if (view.getUint16(4, true) !== OWN_CPU || bytes[6] !== 0) return garbage(bytes);
    this.#bytes = bytes.subarray(end);
    return success({
      network: bytes[2],
      station: bytes[3],
      endCode: view.getUint16(ANSWER_HEAD_BYTES, true),
      data: bytes.subarray(ANSWER_HEAD_BYTES + END_CODE_BYTES, end),
    });
  }

  /** Whether bytes have come that are no whole answer. */
  get begun(): boolean {
    return this.#bytes.length > 0;
  }
}

function garbage(bytes: Uint8Array) {
  const start = Buffer.from(bytes.subarray(0, 11)).toString('hex');
  return failure('device.answer', `bytes that are no answer of a CPU in 3E frames: ${start}...`);
}
