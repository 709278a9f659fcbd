/**
 * Modbus ASCII: a colon, unit and PDU and LRC as hexadecimal digits, carriage return, line feed.
 *
 *     ':' | unit (2) | PDU (2 for each byte) | LRC (2) | CR LF
 *
 * Source: Modbus over Serial Line V1.02, 2.5.2. Of each character 7 bits count; the eighth is none, or a parity that a
 * serial server has let through.
 */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { answerLength, MAX_PDU_BYTES } from '../question.ts';
import type { Frame, LineDeframer, LineFraming } from './framing.ts';

const COLON = 0x3a;
const CR = 0x0d;
const LF = 0x0a;
const SEVEN_BITS = 0x7f;
/** Unit, PDU and LRC. */
const MAX_BYTES = MAX_PDU_BYTES + 2;
const UNIT_AND_LRC = 2;
/** Nobody waits for more than one answer: what a flood brings beyond this is not kept. */
const MAX_FRAMES = 16;
/** A colon, CR and LF. */
const MARKS = 3;

export const asciiFraming: LineFraming = {
  encode(unit, pdu) {
    const bytes = Buffer.from([unit, ...pdu, lrcOf(Uint8Array.of(unit, ...pdu))]);
    return new Uint8Array(Buffer.from(`:${bytes.toString('hex').toUpperCase()}\r\n`, 'latin1'));
  },
  deframer: (units) => new AsciiDeframer(units),
  characters: (pduBytes) => MARKS + 2 * (pduBytes + UNIT_AND_LRC),
  // The marks say where a frame ends; the line is free as soon as the line feed has come.
  silenceCharacters: 0,
};

/** The bytes and their LRC add up to 0 (Serial Line V1.02, 6.2.1). */
function lrcOf(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}

/** Invariant: a frame is handed out only with a good LRC, from a unit of the line, with an answer to a question of ours. */
class AsciiDeframer implements LineDeframer {
  readonly #units: ReadonlySet<number>;
  readonly #frames: Frame[] = [];
  /** The bytes of the frame under way, and how many digits of it have come; before its colon -1. */
  readonly #bytes = new Uint8Array(MAX_BYTES);
  #digits = -1;
  #last = 0;
  #echo: Uint8Array | undefined;
  #discarded = 0;
  #inNoise = false;

  constructor(units: ReadonlySet<number>) {
    this.#units = units;
  }

  get discarded(): number {
    return this.#discarded;
  }

  begin(request: Uint8Array): void {
    this.#discarded += this.#frames.length;
    this.#frames.length = 0;
    if (this.#digits > 0) this.#noise();
    this.#digits = -1;
    this.#echo = Uint8Array.from(Buffer.from(Buffer.from(request.subarray(1, -2)).toString('latin1'), 'hex'));
    this.#inNoise = false;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.#character(byte & SEVEN_BITS);
  }

  next(): Result<Frame | undefined> {
    return success(this.#frames.shift());
  }

  #character(character: number): void {
    const last = this.#last;
    this.#last = character;
    if (character === COLON) {
      if (this.#digits >= 0) this.#noise();
      this.#digits = 0;
      return;
    }
    if (this.#digits < 0) {
      if (character !== LF && character !== CR) this.#noise();
      return;
    }
    const digit = digitOf(character);
    if (digit >= 0 && last !== CR && this.#digits < 2 * MAX_BYTES) {
      const at = this.#digits++ >> 1;
      this.#bytes[at] = (this.#bytes[at] << 4) | digit;
    } else if (character === LF && last === CR) {
      this.#end();
    } else if (character !== CR) {
      this.#noise();
      this.#digits = -1;
    }
  }

  /** A line feed has come: what stands before it is a frame, our own echo, or neither. */
  #end(): void {
    const bytes = this.#bytes.slice(0, this.#digits >> 1);
    const odd = this.#digits % 2 !== 0;
    this.#digits = -1;
    const echo = this.#echo;
    this.#echo = undefined;
    const pdu = bytes.subarray(1, -1);
    const good = !odd && bytes.length > UNIT_AND_LRC && lrcOf(bytes) === 0 && this.#units.has(bytes[0]);
    if (!good || (echo && Buffer.compare(echo, bytes) === 0) || answerLength(pdu) !== pdu.length) {
      this.#inNoise = false;
      this.#noise();
      this.#inNoise = false;
    } else {
      this.#inNoise = false;
      if (this.#frames.length >= MAX_FRAMES) {
        this.#frames.shift();
        this.#discarded++;
      }
      this.#frames.push({ transaction: 0, unit: bytes[0], pdu });
    }
  }

  #noise(): void {
    if (!this.#inNoise) this.#discarded++;
    this.#inNoise = true;
  }
}

function digitOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
