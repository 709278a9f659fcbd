/** How long things take on a line: the one place that knows what a byte, a pause and a request cost. */

import type { LineFraming } from './framing/framing.ts';

/** Start bit, 8 data bits, parity or second stop bit, stop bit (Serial Line V1.02, 2.5.1.1); in ASCII one less, at most. */
const BITS_PER_CHARACTER = 11;
/** Above this the silence between two frames no longer shrinks, but stays at 1.75 ms (Serial Line V1.02, 2.5.1.1). */
const FIXED_SILENCE_ABOVE = 19_200;
const FIXED_SILENCE_MS = 1.75;
/** Behind a serial server the rate is not known; this is the default of the standard (2.5.1.1). */
const ASSUMED_BIT_RATE = 19_200;
/** What a slave takes to begin its answer; of the same order in most devices. */
const ANSWER_DELAY_MS = 5;
/** A request and its answer have a PDU of this many bytes beside the data. */
const REQUEST_PDU_BYTES = 5;
const ANSWER_PDU_BYTES = 2;

/** On Ethernet: a round trip in a plant, the headers of both ways and the acknowledgement, and the time for a byte. */
const ROUND_TRIP_MS = 2;
const HEADER_BYTES = 220;
const NETWORK_BYTE_MS = 0.0008;
/** What a device takes to look up a register counts for more there than its way. */
const LOOK_UP_BYTE_MS = 0.01;

export class LineTime {
  readonly #framing: LineFraming;
  readonly #characterMs: number;
  readonly #silenceMs: number;

  /** `bitRate` is that of a serial port; `undefined` where bytes go through a serial server. */
  constructor(framing: LineFraming, bitRate: number | undefined) {
    this.#framing = framing;
    this.#characterMs = (BITS_PER_CHARACTER * 1000) / (bitRate ?? ASSUMED_BIT_RATE);
    const fixed = (bitRate ?? 0) > FIXED_SILENCE_ABOVE && framing.silenceCharacters > 0;
    this.#silenceMs = fixed ? FIXED_SILENCE_MS : framing.silenceCharacters * this.#characterMs;
  }

  /** How long the line must have been silent before a request, in milliseconds. */
  get silenceMs(): number {
    return this.#silenceMs;
  }

  /** How long a frame with a PDU of so many bytes is on its way. */
  transmissionMs(pduBytes: number): number {
    return this.#framing.characters(pduBytes) * this.#characterMs;
  }

  /** What one request more costs, in bytes of data that the line could carry in the same time. */
  get requestCostBytes(): number {
    const byteMs = this.transmissionMs(1) - this.transmissionMs(0);
    const framesMs = this.transmissionMs(REQUEST_PDU_BYTES) + this.transmissionMs(ANSWER_PDU_BYTES);
    return (framesMs + 2 * this.#silenceMs + ANSWER_DELAY_MS) / byteMs;
  }
}

/** As `requestCostBytes`, on a network with so many requests under way at once. */
export function networkRequestCostBytes(pipeline: number): number {
  return (ROUND_TRIP_MS / pipeline + HEADER_BYTES * NETWORK_BYTE_MS) / (NETWORK_BYTE_MS + LOOK_UP_BYTE_MS);
}
