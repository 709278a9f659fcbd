/** Cuts the stream from a gateway into frames, however it is chunked, and copies each byte at most once. */

import { Buffer } from 'node:buffer';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FRAME_HEADER_BYTES, FrameKind, PAYLOAD_LIMITS } from './frameLayout.ts';

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Uint8Array;
}

const NEED_MORE = success(undefined);

/**
 * Invariant: a header is judged before a byte of its payload is kept, so that a reader never holds more than the chunks
 * handed to it and one payload of a length that its kind allows. The first frame must be HELLO, which is short, and no
 * other may be. After a fault the reader gives that fault for ever.
 */
export class FrameReader {
  readonly #chunks: Uint8Array[] = [];
  /** Where the unread bytes of the first chunk begin, and how many are unread in all chunks. */
  #at = 0;
  #unread = 0;
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #greeted = false;
  #kind: FrameKind | undefined;
  #length = 0;
  /** The payload of a frame that does not lie in one chunk, as far as it has come. */
  #payload: Uint8Array | undefined;
  #filled = 0;
  #fault: ReturnType<typeof failure> | undefined;

  /** Takes the next bytes of the stream; the reader refers to them until the frames they hold are read. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#fault) return;
    this.#chunks.push(chunk);
    this.#unread += chunk.length;
  }

  /** The next frame, `undefined` where it has not wholly come yet. Fault: `boundary.malformed`. */
  next(): Result<Frame | undefined> {
    if (this.#fault) return this.#fault;
    if (this.#kind === undefined) {
      if (this.#unread < FRAME_HEADER_BYTES) return NEED_MORE;
      this.#take(this.#header, 0, FRAME_HEADER_BYTES);
      const fault = this.#readHeader();
      if (fault) return this.#fail(fault);
    }
    const payload = this.#readPayload();
    if (!payload) return NEED_MORE;
    const frame: Frame = { kind: this.#kind as FrameKind, payload };
    this.#kind = undefined;
    return success(frame);
  }

  /** Sets kind and length; otherwise says what is wrong with the header. */
  #readHeader(): string | undefined {
    const header = this.#header;
    const kind = header[0] as FrameKind;
    const limits: readonly [number, number] | undefined = PAYLOAD_LIMITS[kind];
    if (!limits || (header[1] | header[2] | header[3]) !== 0) return 'the bytes from the gateway are no frame';
    const length = (header[4] | (header[5] << 8) | (header[6] << 16) | (header[7] << 24)) >>> 0;
    if (length < limits[0] || length > limits[1]) {
      return `frame of kind ${kind} with ${length} bytes; allowed are ${limits[0]} to ${limits[1]}`;
    }
    if ((kind === FrameKind.hello) === this.#greeted) {
      return this.#greeted ? 'a second HELLO' : `frame of kind ${kind} before HELLO`;
    }
    this.#greeted = true;
    this.#kind = kind;
    this.#length = length;
    return undefined;
  }

  /** The whole payload: a part of the chunk where it lies in one, gathered in an array of its own otherwise. */
  #readPayload(): Uint8Array | undefined {
    if (!this.#payload) {
      const first = this.#chunks[0];
      if (first && first.length - this.#at >= this.#length) {
        const payload = first.subarray(this.#at, this.#at + this.#length);
        this.#skip(this.#length);
        return payload;
      }
      // Memory that is not touched costs nothing: a peer that announces 16 MiB and sends 10 bytes takes one page.
      this.#payload = Buffer.allocUnsafeSlow(this.#length);
      this.#filled = 0;
    }
    const count = Math.min(this.#unread, this.#length - this.#filled);
    this.#take(this.#payload, this.#filled, count);
    this.#filled += count;
    if (this.#filled < this.#length) return undefined;
    const payload = this.#payload;
    this.#payload = undefined;
    return payload;
  }

  /** Moves `count` unread bytes to `to`; they are there. */
  #take(to: Uint8Array, at: number, count: number): void {
    while (count > 0) {
      const part = this.#chunks[0].subarray(this.#at, this.#at + count);
      to.set(part, at);
      at += part.length;
      count -= part.length;
      this.#skip(part.length);
    }
  }

  #skip(count: number): void {
    this.#at += count;
    this.#unread -= count;
    if (this.#at < this.#chunks[0].length) return;
    this.#chunks.shift();
    this.#at = 0;
  }

  #fail(detail: string): Result<undefined> {
    this.#chunks.length = 0;
    this.#unread = 0;
    this.#fault = failure('boundary.malformed', detail);
    return this.#fault;
  }
}
