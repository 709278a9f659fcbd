/** What TCP, RTU and ASCII have in common: how a request or an answer is wrapped on its way. */

import type { Result } from '@tidegate/core/fault/fault.ts';

export interface Frame {
  /** The number of the question that it answers; 0 where the framing carries none. */
  readonly transaction: number;
  readonly unit: number;
  /** From the function code on; a view that holds until the next bytes are pushed. */
  readonly pdu: Uint8Array;
}

/** Cuts a stream of bytes into frames, however it was cut on its way, in bounded memory. */
export interface Deframer {
  push(bytes: Uint8Array): void;
  /**
   * The next whole frame; `undefined` while there is none. With `quiet`, nothing has come for a while: what looks like the
   * beginning of a frame may be noise, and a whole frame behind it is taken. Fault: `device.answer` where the bytes are so
   * wrong that nothing behind them can be trusted.
   */
  next(quiet: boolean): Result<Frame | undefined>;
}

/** How frames stand on a line on which an answer bears no number. */
export interface LineFraming {
  encode(unit: number, pdu: Uint8Array): Uint8Array;
  /** `units` are those of the line: nothing of others is taken for a frame. */
  deframer(units: ReadonlySet<number>): LineDeframer;
  /** How many characters a frame with a PDU of so many bytes takes on the line. */
  characters(pduBytes: number): number;
  /** How long the line must be silent between two frames, in characters. */
  readonly silenceCharacters: number;
}

export interface LineDeframer extends Deframer {
  /** From here on belongs to a new question: forgets everything that came before. */
  begin(request: Uint8Array): void;
  /** Pieces that were no frame, and echoes of our own requests, thrown away so far. */
  readonly discarded: number;
}
