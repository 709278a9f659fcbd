/**
 * Puts the segments that come from one outstation together to fragments (IEEE Std 1815-2012, clause 8.2).
 *
 *     first                    begins a fragment, and discards one that is not complete
 *     next in sequence         continues it; the last one completes it
 *     the latest once more     a duplicate: ignored
 *     any other, or too long   discards the fragment; nothing is taken until the next first segment
 *
 * The segments of two outstations must not meet in one assembler: keep one for each source address.
 */

import { FIN, FIR, SEQUENCE_MASK } from './segment.ts';

/** What an outstation may send without being configured otherwise. */
const DEFAULT_MAX_FRAGMENT_BYTES = 2048;

export class FragmentAssembler {
  readonly #bytes: Uint8Array;
  /** How many segments, and how many bytes of them, are put together so far. */
  #segments = 0;
  #length = 0;
  /** The latest segment, to know a duplicate: its header, and where its data begins. */
  #latestHeader = 0;
  #latestFrom = 0;
  #discarded = 0;
  #tooLong = 0;

  constructor(maxFragmentBytes = DEFAULT_MAX_FRAGMENT_BYTES) {
    this.#bytes = new Uint8Array(maxFragmentBytes);
  }

  /** How many segments came that are no part of a complete fragment, duplicates included. */
  get discarded(): number {
    return this.#discarded;
  }

  /** How many fragments were too long to be put together. */
  get tooLong(): number {
    return this.#tooLong;
  }

  /** The fragment that `segment` completes; a view that holds until the next call. */
  push(segment: Uint8Array): Uint8Array | undefined {
    if (!this.#follows(segment)) {
      this.#discarded++;
      return undefined;
    }
    this.#bytes.set(segment.subarray(1), this.#length);
    this.#segments++;
    this.#latestHeader = segment[0];
    this.#latestFrom = this.#length;
    this.#length += segment.length - 1;
    if ((segment[0] & FIN) === 0) return undefined;
    this.#segments = 0;
    return this.#bytes.subarray(0, this.#length);
  }

  /** Discards what is not complete, as when the connection is lost. */
  reset(): void {
    this.#discarded += this.#segments;
    this.#segments = 0;
    this.#length = 0;
  }

  /** Whether `segment` begins or continues a fragment; the fragment that it contradicts is discarded. */
  #follows(segment: Uint8Array): boolean {
    if (segment.length === 0) return false;
    const first = (segment[0] & FIR) !== 0;
    if (!first && (this.#segments === 0 || this.#repeatsLatest(segment))) return false;
    const inSequence = first || ((segment[0] - this.#latestHeader) & SEQUENCE_MASK) === 1;
    if (first || !inSequence) this.reset();
    const fits = this.#length + segment.length - 1 <= this.#bytes.length;
    if (inSequence && !fits) this.#tooLong++;
    if (!fits) this.reset();
    return inSequence && fits;
  }

  #repeatsLatest(segment: Uint8Array): boolean {
    if (segment[0] !== this.#latestHeader || segment.length - 1 !== this.#length - this.#latestFrom) return false;
    for (let at = 1; at < segment.length; at++) {
      if (segment[at] !== this.#bytes[this.#latestFrom + at - 1]) return false;
    }
    return true;
  }
}
