/** Columns without samples in them, into which a block is decoded. */

/** Columns of equal length, as those of a `SampleBlock`. */
export interface BlockColumns {
  readonly tags: Uint32Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint32Array;
}

export function blankColumns(rows: number): BlockColumns {
  return {
    tags: new Uint32Array(rows),
    times: new Float64Array(rows),
    values: new Float64Array(rows),
    kinds: new Uint8Array(rows),
    statuses: new Uint32Array(rows),
  };
}
