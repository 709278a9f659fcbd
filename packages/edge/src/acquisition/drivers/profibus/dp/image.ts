/** The data of one direction of a slave, as it was on the line last; one buffer, used again for every exchange. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';

/** A telegram carries at most 244 bytes of DP data; without SAPs there is room for 246. */
const MAX_IMAGE_BYTES = 246;

export class Image {
  readonly bytes = new Uint8Array(MAX_IMAGE_BYTES);
  readonly view = new DataView(this.bytes.buffer);
  /** How many of the bytes are in use; -1 where none has been seen. */
  length = -1;
  at = 0 as Timestamp;
  /** By the clock's `elapsedMs`. */
  elapsedMs = Number.NEGATIVE_INFINITY;

  set(source: Uint8Array, start: number, end: number): void {
    this.length = Math.min(end - start, MAX_IMAGE_BYTES);
    for (let index = 0; index < this.length; index++) this.bytes[index] = source[start + index];
  }

  stamp(at: Timestamp, elapsedMs: number): void {
    this.at = at;
    this.elapsedMs = elapsedMs;
  }

  /** Whether it holds exactly those bytes. */
  equals(source: Uint8Array, start: number, end: number): boolean {
    if (this.length !== end - start) return false;
    for (let index = 0; index < this.length; index++) if (this.bytes[index] !== source[start + index]) return false;
    return true;
  }
}
