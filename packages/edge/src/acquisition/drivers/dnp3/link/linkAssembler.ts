/**
 * Cuts a stream of bytes into frames of the link layer, however the medium has cut it and whatever else is in it.
 *
 * A frame counts only when every CRC in it holds. Where one does not, the search for the next start begins one byte
 * behind the start that misled it, so that a good frame inside or behind a damaged one is never lost.
 */

import { crcHolds } from './crc.ts';
import {
  BLOCK_BYTES,
  bodyBytes,
  COUNTED_HEADER_BYTES,
  CRC_BYTES,
  decodeFrame,
  HEADER_BYTES,
  type LinkFrame,
  MAX_USER_DATA_BYTES,
  START_1,
  START_2,
} from './linkFrame.ts';

/** What the stream held besides frames. */
export interface LinkNoise {
  /** Bytes that belong to no good frame. */
  readonly bytes: number;
  /** Starts whose header was damaged, or never was one. */
  readonly badHeaders: number;
  /** Headers whose data was damaged or cut. */
  readonly badBodies: number;
}

export class LinkAssembler {
  /** Bytes that came and are not yet used; `#at` is the first of them. */
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** How many bytes from `#at` on have proved to be the beginning of a good frame. */
  #proved = 0;
  /** The data of the frame taken last. */
  readonly #data = new Uint8Array(MAX_USER_DATA_BYTES);
  #noise = { bytes: 0, badHeaders: 0, badBodies: 0 };

  get noise(): LinkNoise {
    return { ...this.#noise };
  }

  /** Takes what came. Call `next` until it has no more: then less than one frame stays behind. */
  push(bytes: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#at = 0;
    this.#bytes = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
  }

  /** The next good frame, or `undefined` until more bytes come. Its data holds until the next call. */
  next(): LinkFrame | undefined {
    while (this.#findStart()) {
      const available = this.#bytes.length - this.#at;
      if (available < HEADER_BYTES) return undefined;
      if (this.#proved === 0 && !this.#proveHeader()) {
        this.#reject('badHeaders');
        continue;
      }
      const frameBytes = HEADER_BYTES + bodyBytes(this.#dataBytes());
      if (!this.#proveBlocks(Math.min(available, frameBytes), frameBytes)) {
        this.#reject('badBodies');
        continue;
      }
      if (available < frameBytes) return undefined;
      return this.#take(frameBytes);
    }
    return undefined;
  }

  /**
   * Gives up the frame that has begun, because the line has been silent for too long to complete it. Call `next`
   * afterwards: what seemed a part of it may hold a whole frame.
   */
  giveUp(): void {
    if (this.#at < this.#bytes.length) this.#reject(this.#proved > 0 ? 'badBodies' : 'badHeaders');
  }

  /** Moves to the next start; false where none, or only half of one, is there. */
  #findStart(): boolean {
    const from = this.#at;
    while (this.#at < this.#bytes.length) {
      const start = this.#bytes.indexOf(START_1, this.#at);
      this.#at = start < 0 ? this.#bytes.length : start;
      if (this.#at + 1 >= this.#bytes.length || this.#bytes[this.#at + 1] === START_2) break;
      this.#at++;
    }
    this.#noise.bytes += this.#at - from;
    return this.#at + 1 < this.#bytes.length;
  }

  #dataBytes(): number {
    return this.#bytes[this.#at + 2] - COUNTED_HEADER_BYTES;
  }

  #proveHeader(): boolean {
    if (this.#dataBytes() < 0 || !crcHolds(this.#bytes, this.#at, this.#at + HEADER_BYTES - CRC_BYTES)) return false;
    this.#proved = HEADER_BYTES;
    return true;
  }

  /** Proves each block that has come whole, so that a damaged frame is not waited for to its end. */
  #proveBlocks(available: number, frameBytes: number): boolean {
    while (this.#proved < available) {
      const blockBytes = Math.min(BLOCK_BYTES + CRC_BYTES, frameBytes - this.#proved);
      if (this.#proved + blockBytes > available) return true;
      const from = this.#at + this.#proved;
      if (!crcHolds(this.#bytes, from, from + blockBytes - CRC_BYTES)) return false;
      this.#proved += blockBytes;
    }
    return true;
  }

  #take(frameBytes: number): LinkFrame {
    const data = this.#data.subarray(0, this.#dataBytes());
    let from = this.#at + HEADER_BYTES;
    for (let to = 0; to < data.length; from += CRC_BYTES) {
      for (const end = Math.min(to + BLOCK_BYTES, data.length); to < end; ) data[to++] = this.#bytes[from++];
    }
    const frame = decodeFrame(this.#bytes, this.#at, data);
    this.#at += frameBytes;
    this.#proved = 0;
    return frame;
  }

  #reject(reason: 'badHeaders' | 'badBodies'): void {
    this.#noise[reason]++;
    this.#noise.bytes++;
    this.#at++;
    this.#proved = 0;
  }
}
