/**
 * What each telegram is to the one before it: on this bus one request at a time is under way, and its answer follows it
 * directly.
 *
 * A request is a repetition where its frame count bit is valid and has not changed since the last request that this master
 * sent to this station (IEC 61158-4-3, 4.7.5). What noise may have swallowed is never counted against a station.
 */

import { expectsAnswer, frameCountOf, isCounted, isRequest } from './frameControl.ts';
import { DELIMITER, NONE, type Telegram } from './telegram.ts';

/** `message` is a request that nobody answers; a `stray` answer belongs to no request that was heard. */
export type Role = 'token' | 'message' | 'request' | 'repetition' | 'answer' | 'stray';

/** The request under way, or the last one; a copy, since a telegram does not last. */
export interface Request {
  readonly master: number;
  readonly station: number;
  readonly control: number;
  readonly destinationSap: number;
  readonly sourceSap: number;
}

const ADDRESS_BITS = 7;
const PAIRS = 1 << (2 * ADDRESS_BITS);

export class Dialogue {
  #request = { master: NONE, station: NONE, control: 0, destinationSap: NONE, sourceSap: NONE };
  #awaiting = false;
  #unanswered = NONE;
  /** For each master and station twice the epoch in which a request was heard, and its frame count bit. */
  readonly #counts = new Float64Array(PAIRS);
  /** Grows with each noise: what was heard before it says nothing of repetitions any more. */
  #epoch = 1;

  get request(): Request {
    return this.#request;
  }

  /** The station that has left its request without an answer, as the telegram taken last shows; mostly `NONE`. */
  get unanswered(): number {
    return this.#unanswered;
  }

  take(telegram: Telegram): Role {
    this.#unanswered = NONE;
    if (telegram.afterNoise) this.#epoch++;
    if (this.#isAnswer(telegram)) {
      const fits = this.#awaiting && this.#fits(telegram);
      this.#awaiting = false;
      return fits ? 'answer' : 'stray';
    }
    if (this.#awaiting && !telegram.afterNoise) this.#unanswered = this.#request.station;
    this.#awaiting = false;
    if (telegram.delimiter === DELIMITER.token) return 'token';
    this.#awaiting = expectsAnswer(telegram.control);
    if (!this.#awaiting) return 'message';
    this.#remember(telegram);
    return this.#isRepetition(telegram) ? 'repetition' : 'request';
  }

  #isAnswer(telegram: Telegram): boolean {
    if (telegram.delimiter === DELIMITER.acknowledgement) return true;
    return telegram.delimiter !== DELIMITER.token && !isRequest(telegram.control);
  }

  #fits(telegram: Telegram): boolean {
    if (telegram.delimiter === DELIMITER.acknowledgement) return true;
    return telegram.source === this.#request.station && telegram.destination === this.#request.master;
  }

  #remember(telegram: Telegram): void {
    const request = this.#request;
    request.master = telegram.source;
    request.station = telegram.destination;
    request.control = telegram.control;
    request.destinationSap = telegram.destinationSap;
    request.sourceSap = telegram.sourceSap;
  }

  #isRepetition({ source, destination, control }: Telegram): boolean {
    const bit = frameCountOf(control);
    if (bit === undefined) return false;
    const pair = (source << ADDRESS_BITS) | destination;
    const count = this.#epoch * 2 + bit;
    const same = this.#counts[pair] === count;
    this.#counts[pair] = count;
    return same && isCounted(control);
  }
}
