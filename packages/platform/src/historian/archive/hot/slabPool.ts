/**
 * The columns that hot stores are made of, in memory that the keeper's thread reads as well; kept when a store has been
 * written, so that memory is not asked for again.
 */

export const SLAB_ROWS = 65_536;
/** 8 bytes of time, 8 of value, 4 of status, 4 of receipt, 1 of kind. */
export const SLAB_BYTES = SLAB_ROWS * 25;

export interface Slab {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly statuses: Uint32Array;
  /** The row of each sample's log record in the receipts of the store. */
  readonly receipts: Uint32Array;
  readonly kinds: Uint8Array;
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
  return {
    times: new Float64Array(memory, 0, SLAB_ROWS),
    values: new Float64Array(memory, SLAB_ROWS * 8, SLAB_ROWS),
    statuses: new Uint32Array(memory, SLAB_ROWS * 16, SLAB_ROWS),
    receipts: new Uint32Array(memory, SLAB_ROWS * 20, SLAB_ROWS),
    kinds: new Uint8Array(memory, SLAB_ROWS * 24, SLAB_ROWS),
  };
}
