/** The columns that hot stores are made of; kept when a store has been written, so that memory is not asked for again. */

export const SLAB_ROWS = 65_536;
/** 8 bytes of time, 8 of value, 4 of status, 1 of kind. */
export const SLAB_BYTES = SLAB_ROWS * 21;

export interface Slab {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly statuses: Uint32Array;
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
    return (
      this.#free.pop() ?? {
        times: new Float64Array(SLAB_ROWS),
        values: new Float64Array(SLAB_ROWS),
        statuses: new Uint32Array(SLAB_ROWS),
        kinds: new Uint8Array(SLAB_ROWS),
      }
    );
  }

  give(slab: Slab): void {
    if (this.#free.length < this.#keep) this.#free.push(slab);
  }
}
