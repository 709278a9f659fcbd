/**
 * Modbus RTU: unit, PDU, CRC. Where a frame ends, only silence says on the line; but the length of an answer follows from
 * its first bytes, so it is found without any timing, and just as well behind a serial server that keeps none.
 *
 *     unit (1) | PDU | CRC, low byte first (2)
 *
 * Source: Modbus over Serial Line V1.02, 2.5.1.
 */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { answerLength, MAX_PDU_BYTES } from '../question.ts';
import { crc16 } from './crc16.ts';
import type { Frame, LineDeframer, LineFraming } from './framing.ts';

const UNIT_BYTES = 1;
const CRC_BYTES = 2;
/** The longest frame. */
const MAX_FRAME_BYTES = UNIT_BYTES + MAX_PDU_BYTES + CRC_BYTES;
/** Nothing older than this many bytes can belong to the answer that is waited for: a babbling line costs no more. */
const MAX_BUFFER_BYTES = 4 * MAX_FRAME_BYTES;

export const rtuFraming: LineFraming = {
  encode(unit, pdu) {
    const frame = new Uint8Array(UNIT_BYTES + pdu.length + CRC_BYTES);
    frame[0] = unit;
    frame.set(pdu, UNIT_BYTES);
    const crc = crc16(frame, 0, UNIT_BYTES + pdu.length);
    frame[UNIT_BYTES + pdu.length] = crc;
    frame[UNIT_BYTES + pdu.length + 1] = crc >> 8;
    return frame;
  },
  deframer: (units) => new RtuDeframer(units),
  characters: (pduBytes) => UNIT_BYTES + pduBytes + CRC_BYTES,
  silenceCharacters: 3.5,
};

/** Invariant: a frame is handed out only with a good CRC, from a unit of the line, with an answer to a question of ours. */
class RtuDeframer implements LineDeframer {
  readonly #units: ReadonlySet<number>;
  readonly #buffer = new Uint8Array(MAX_BUFFER_BYTES);
  #length = 0;
  /** Our own request, while it may still come back as an echo. */
  #echo: Uint8Array | undefined;
  #discarded = 0;
  /** Whether the bytes at hand began with some that were thrown away, which count as one piece. */
  #inNoise = false;

  constructor(units: ReadonlySet<number>) {
    this.#units = units;
  }

  get discarded(): number {
    return this.#discarded;
  }

  begin(request: Uint8Array): void {
    if (this.#length > 0) this.#throwAway(this.#length);
    this.#echo = request;
    this.#inNoise = false;
  }

  push(bytes: Uint8Array): void {
    const piece = bytes.subarray(Math.max(0, bytes.length - MAX_BUFFER_BYTES));
    const tooMany = this.#length + piece.length - MAX_BUFFER_BYTES;
    if (tooMany > 0) this.#throwAway(tooMany);
    this.#buffer.set(piece, this.#length);
    this.#length += piece.length;
  }

  next(quiet: boolean): Result<Frame | undefined> {
    if (this.#echo && !this.#pastEcho(this.#echo, quiet)) return success(undefined);
    let at = 0;
    let found: number | undefined;
    for (; at < this.#length && found === undefined; at++) {
      const frameBytes = this.#frameBytes(at);
      if (frameBytes === 0) continue;
      const whole = frameBytes !== undefined && at + frameBytes <= this.#length;
      if (!whole && !quiet) break;
      if (whole && crc16(this.#buffer, at, at + frameBytes) === 0) found = at;
    }
    if (found !== undefined) return success(this.#take(found));
    // What is quiet and no frame may still be the beginning of one that was cut: it stays.
    if (!quiet && at > 0) this.#throwAway(at);
    return success(undefined);
  }

  /** False while the bytes at hand may become the echo of our request, which RS-485 adapters send back. */
  #pastEcho(echo: Uint8Array, quiet: boolean): boolean {
    const compared = Math.min(this.#length, echo.length);
    const same = Buffer.compare(this.#buffer.subarray(0, compared), echo.subarray(0, compared)) === 0;
    if (same && compared < echo.length && !quiet) return false;
    if (same && compared === echo.length) {
      this.#inNoise = false;
      this.#throwAway(compared);
      this.#inNoise = false;
    }
    this.#echo = undefined;
    return true;
  }

  /** As `answerLength`, of the whole frame that may begin at `at`. */
  #frameBytes(at: number): number | undefined {
    if (!this.#units.has(this.#buffer[at])) return 0;
    const pduBytes = answerLength(this.#buffer.subarray(at + UNIT_BYTES, this.#length));
    return pduBytes ? UNIT_BYTES + pduBytes + CRC_BYTES : pduBytes;
  }

  #take(at: number): Frame {
    const end = at + this.#frameBytes(at)!;
    const pdu = this.#buffer.slice(at + UNIT_BYTES, end - CRC_BYTES);
    const unit = this.#buffer[at];
    if (at > 0) this.#discarded += this.#inNoise ? 0 : 1;
    this.#inNoise = false;
    this.#buffer.copyWithin(0, end, this.#length);
    this.#length -= end;
    return { transaction: 0, unit, pdu };
  }

  #throwAway(bytes: number): void {
    if (!this.#inNoise) this.#discarded++;
    this.#inNoise = true;
    this.#buffer.copyWithin(0, bytes, this.#length);
    this.#length -= bytes;
  }
}
