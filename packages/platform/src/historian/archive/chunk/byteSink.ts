/** The bytes of one part of a chunk while it is written; used again for every chunk. */

import { writeVarint, zigzag } from '@tidegate/core/bytes/varint.ts';

const FLOAT = new Float64Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);
/** A varint has at most eight bytes, and so has a float64. */
const MAX_FIELD_BYTES = 8;

export class ByteSink {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.reserve(MAX_FIELD_BYTES);
    this.length = writeVarint(this.bytes, this.length, value);
  }

  /** A whole number between -2^52 and 2^52. */
  signed(value: number): void {
    this.varint(zigzag(value));
  }

  float64(value: number): void {
    FLOAT[0] = value;
    this.append(FLOAT_BYTES);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
