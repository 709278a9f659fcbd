/**
 * The memory that hot stores are made of, which the keeper's thread reads as well; kept when a store has been written, so
 * that it is not asked for again.
 *
 * The rows of a tag lie apart from those of the next, and a block of samples goes to as many places as it has tags: a row is
 * therefore one piece of memory, and not a place in each of five columns. All numbers are as the processor has them:
 *
 *     0      8       16       20          24
 *     +------+-------+--------+-----------+
 *     | time | value | status | receipt,  |    two float64 and two u32; the kind of the value
 *     |      |       |        | kind      |    is in the two lowest bits of the last
 *     +------+-------+--------+-----------+
 */

export const SLAB_ROWS = 65_536;
export const SLAB_BYTES = SLAB_ROWS * 24;
/** Of `Slab.numbers`: a row has its time, and its value behind it. */
export const ROW_NUMBERS = 3;
/** Of `Slab.words`: a row has its status at this place, and receipt and kind at the next. */
export const ROW_WORDS = 6;
export const STATUS_WORD = 4;
export const RECEIPT_WORD = 5;
/** The receipt is above the kind: the row of the sample's log record in the receipts of the store, below 2 ** 30. */
export const RECEIPT_SHIFT = 2;
export const KIND_MASK = 3;

/** The same memory, seen as float64 and as u32. */
export interface Slab {
  readonly numbers: Float64Array;
  readonly words: Uint32Array;
}

export class SlabPool {
  readonly #free: Slab[] = [];
  readonly #keep: number;

  /** Keeps at most `keep` slabs that nobody uses. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  take(): Slab {
    return this.#free.pop() ?? makeSlab();
  }

  give(slab: Slab): void {
    if (this.#free.length < this.#keep) this.#free.push(slab);
  }
}

function makeSlab(): Slab {
  const memory = new SharedArrayBuffer(SLAB_BYTES);
  return { numbers: new Float64Array(memory), words: new Uint32Array(memory) };
}
