/** A function code and what stands behind it, by the offsets of the standard: byte 0 is the function code. */

import type { ModbusBody } from './modbusFrame.ts';

/** A view of bytes that somebody else holds. What it gives beyond `length` means nothing: ask that first. */
export class ModbusPdu {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.length = end - start;
  }

  byte(at: number): number {
    return this.#bytes[this.#start + at];
  }

  word(at: number): number {
    return (this.#bytes[this.#start + at] << 8) | this.#bytes[this.#start + at + 1];
  }

  /** A copy of `count` words. */
  words(at: number, count: number): Uint16Array {
    return Uint16Array.from({ length: count }, (_, index) => this.word(at + 2 * index));
  }

  /** A copy of `count` bits, the lowest bit of the first byte first (V1.1b3, 6.1). */
  bits(at: number, count: number): Uint8Array {
    return Uint8Array.from({ length: count }, (_, index) => (this.byte(at + (index >> 3)) >> (index & 7)) & 1);
  }

  /** A copy of `count` bytes. */
  slice(at: number, count: number): Uint8Array {
    return this.#bytes.slice(this.#start + at, this.#start + at + count);
  }
}

/** Reads what stands behind a function code, to the last byte; a string is half a sentence that says what is wrong. */
export type PduShape = (pdu: ModbusPdu) => ModbusBody | string;

/** The body of a frame that says no more than its function code does. */
export const NO_BODY: ModbusBody = Object.freeze({});

/** `undefined` where `length` bytes stand behind the function code. */
export function lengthDefect(pdu: ModbusPdu, length: number): string | undefined {
  return pdu.length - 1 === length ? undefined : `has ${pdu.length - 1} bytes where ${length} belong`;
}

/** A fixed number of bytes that nobody here looks into. */
export function bytesOf(length: number): PduShape {
  return (pdu) => lengthDefect(pdu, length) ?? NO_BODY;
}

/** `undefined` where the byte at `at` counts all the bytes behind it, which are `least` to `most`. */
export function countDefect(pdu: ModbusPdu, at: number, least: number, most: number): string | undefined {
  if (pdu.length <= at) return 'lacks its byte count';
  const stated = pdu.byte(at);
  const held = pdu.length - at - 1;
  if (stated !== held) return `counts ${stated} bytes and holds ${held}`;
  if (held >= least && held <= most) return undefined;
  return `counts ${held} bytes where ${least === most ? least : `${least} to ${most}`} belong`;
}
