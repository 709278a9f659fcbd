/**
 * The columns of blocks on their way through the log, used again: memory outside the heap that is asked for with every
 * block makes the collector look through the whole heap several times a second.
 */

import { type BlockColumns, blankColumns } from '@tidegate/core/block/blockColumns.ts';

export interface PooledColumns extends BlockColumns {
  /** The tags as this server numbers them. */
  readonly indexes: Uint32Array;
}

/** A flood fills most of the window of a gateway, of 8 MiB, with blocks of 50 kB; each takes some 240 kB here. */
const SPARE = 128;
const LEAST_ROWS = 256;

export class ColumnPool {
  readonly #free: PooledColumns[] = [];

  /** Columns of at least `rows` rows, with whatever stood in them last; those that were given back last come first. */
  take(rows: number): PooledColumns {
    const free = this.#free.pop();
    return free && free.indexes.length >= rows ? free : makeColumns(rows);
  }

  /** Nobody looks at the columns any more. */
  give(columns: PooledColumns): void {
    if (this.#free.length < SPARE) this.#free.push(columns);
  }
}

/** The length is a power of two, so that columns fit the next block, too, where it is somewhat longer. */
function makeColumns(rows: number): PooledColumns {
  const length = 2 ** Math.ceil(Math.log2(Math.max(rows, LEAST_ROWS)));
  return { ...blankColumns(length), indexes: new Uint32Array(length) };
}
