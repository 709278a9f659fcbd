/** Reads fields from bytes that may be damaged: what is missing reads as 0 and is remembered as a defect. */

import { readVarint, unzigzag, type VarintCursor } from '@tidegate/core/bytes/varint.ts';

const FLOAT = new Float64Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);

export class ByteSource implements VarintCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  /** Of the varint that was read last. */
  value = 0;
  /** False for ever after a field that did not stand there. */
  sound = true;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    if (this.at < this.end) return this.bytes[this.at++];
    this.sound = false;
    return 0;
  }

  varint(): number {
    if (this.at < this.end && this.bytes[this.at] < 128) return this.bytes[this.at++];
    if (this.sound && readVarint(this.bytes, this.end, this)) return this.value;
    this.sound = false;
    return 0;
  }

  signed(): number {
    return unzigzag(this.varint());
  }

  uint16(): number {
    return this.byte() | (this.byte() << 8);
  }

  uint32(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0;
  }

  pass(count: number): void {
    this.at += count;
    if (this.at <= this.end) return;
    this.at = this.end;
    this.sound = false;
  }

  float64(): number {
    for (let at = 0; at < 8; at++) FLOAT_BYTES[at] = this.byte();
    return FLOAT[0];
  }
}
