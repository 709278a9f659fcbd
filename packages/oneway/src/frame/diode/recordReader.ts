/** Cuts the data of groups, one behind the other, into records: tag lists and blocks under the header of a frame. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FRAME_HEADER_BYTES, FrameKind, PAYLOAD_LIMITS } from '../frameLayout.ts';

/** `payload` may be a part of a group's data, so that it stays in memory as a whole. */
export interface DiodeRecord {
  readonly kind: typeof FrameKind.tags | typeof FrameKind.block;
  readonly payload: Uint8Array;
}

/** Invariant: it holds at most one record of a length that its kind allows, whatever it is given. */
export class RecordReader {
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerFilled = 0;
  #kind: DiodeRecord['kind'] = FrameKind.block;
  #payload: Uint8Array | undefined;
  #filled = 0;

  /** Forgets a record that was begun: the group with its rest will not come. */
  reset(): void {
    this.#headerFilled = 0;
    this.#payload = undefined;
  }

  /** True where a record was begun and its rest has not come. */
  get partial(): boolean {
    return this.#headerFilled > 0;
  }

  /** Hands each record that `data` completes to `take`. Fault: `boundary.malformed`, after which it has been reset. */
  read(data: Uint8Array, take: (record: DiodeRecord) => void): Result<void> {
    let at = 0;
    while (at < data.length) {
      if (this.#headerFilled < FRAME_HEADER_BYTES) {
        const part = data.subarray(at, at + FRAME_HEADER_BYTES - this.#headerFilled);
        this.#header.set(part, this.#headerFilled);
        this.#headerFilled += part.length;
        at += part.length;
        if (this.#headerFilled < FRAME_HEADER_BYTES) break;
        const length = this.#readHeader();
        if (length === undefined) {
          this.reset();
          return failure('boundary.malformed', 'the bytes of a group are no record');
        }
        if (data.length - at >= length) {
          this.#headerFilled = 0;
          take({ kind: this.#kind, payload: data.subarray(at, at + length) });
          at += length;
          continue;
        }
        // Memory that is not touched costs nothing: a length that is announced and not sent takes one page.
        this.#payload = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
      }
      at += this.#fill(data.subarray(at), take);
    }
    return success(undefined);
  }

  #fill(data: Uint8Array, take: (record: DiodeRecord) => void): number {
    const payload = this.#payload as Uint8Array;
    const part = data.subarray(0, payload.length - this.#filled);
    payload.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === payload.length) {
      this.reset();
      take({ kind: this.#kind, payload });
    }
    return part.length;
  }

  #readHeader(): number | undefined {
    const [kind, ...rest] = this.#header;
    if ((kind !== FrameKind.block && kind !== FrameKind.tags) || (rest[0] | rest[1] | rest[2]) !== 0) return undefined;
    const length = (rest[3] | (rest[4] << 8) | (rest[5] << 16) | (rest[6] << 24)) >>> 0;
    const [min, max] = PAYLOAD_LIMITS[kind];
    this.#kind = kind;
    return length >= min && length <= max ? length : undefined;
  }
}
