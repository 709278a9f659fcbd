/** Samples gathered for one Parquet file, in columns that DuckDB copies from: its memory is bounded by its caller. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import type { ColumnShape, ColumnTable } from '../columns/columnTable.ts';

/** The columns of every file of the lake; `text` is null unless the value is a string, and `value` unless it is none. */
export const PART_COLUMNS: readonly ColumnShape[] = [
  { name: 'tag', type: 'INTEGER' },
  { name: 'time', type: 'TIMESTAMP' },
  { name: 'value', type: 'DOUBLE' },
  { name: 'text', type: 'VARCHAR' },
  { name: 'status', type: 'UINTEGER' },
];

const SLAB_ROWS = 65_536;

interface Slab {
  rows: number;
  hasNulls: boolean;
  readonly tags: Int32Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly valueNulls: Uint8Array;
  readonly texts: Uint32Array;
  readonly textNulls: Uint8Array;
  readonly statuses: Uint32Array;
  readonly strings: string[];
}

export class PartBuffer {
  /** Slabs in use, then those kept for later: they are never given back. */
  readonly #slabs: Slab[] = [];
  #used = 0;
  rows = 0;
  hasText = false;
  firstTag = 0;
  lastTag = 0;
  firstTime = 0;
  lastTime = 0;

  /** Adds the rows of `run` from `from` to before `to`. */
  append(tag: TagIndex, run: SampleRun, from: number, to: number): void {
    if (from >= to) return;
    if (this.rows === 0) {
      this.firstTag = tag;
      [this.firstTime, this.lastTime] = [run.times[from], run.times[to - 1]];
    }
    this.lastTag = tag;
    this.firstTime = Math.min(this.firstTime, run.times[from]);
    this.lastTime = Math.max(this.lastTime, run.times[to - 1]);
    while (from < to) {
      const slab = this.#openSlab();
      const count = Math.min(to - from, SLAB_ROWS - slab.rows);
      this.#copy(slab, tag, run, from, count);
      from += count;
    }
  }

  /** Valid until the buffer is changed. */
  tables(): readonly ColumnTable[] {
    return this.#slabs.slice(0, this.#used).map((slab) => ({
      rows: slab.rows,
      columns: [
        { values: slab.tags },
        { values: slab.times },
        slab.hasNulls ? { values: slab.values, nulls: slab.valueNulls } : { values: slab.values },
        { values: slab.texts, strings: slab.strings, nulls: slab.textNulls },
        { values: slab.statuses },
      ],
    }));
  }

  clear(): void {
    [this.#used, this.rows, this.hasText] = [0, 0, false];
  }

  #openSlab(): Slab {
    const last = this.#slabs[this.#used - 1];
    if (last && last.rows < SLAB_ROWS) return last;
    this.#slabs[this.#used] ??= blankSlab();
    const slab = this.#slabs[this.#used++];
    [slab.rows, slab.hasNulls, slab.strings.length] = [0, false, 0];
    return slab;
  }

  #copy(slab: Slab, tag: TagIndex, run: SampleRun, from: number, count: number): void {
    const at = slab.rows;
    const to = from + count;
    slab.tags.fill(tag, at, at + count);
    slab.times.set(run.times.subarray(from, to), at);
    slab.values.set(run.values.subarray(from, to), at);
    slab.statuses.set(run.statuses.subarray(from, to), at);
    slab.valueNulls.fill(0, at, at + count);
    slab.textNulls.fill(1, at, at + count);
    for (let row = 0; row < count; row++) {
      const kind = run.kinds[from + row];
      if (kind === ValueKind.number) continue;
      slab.hasNulls = true;
      slab.valueNulls[at + row] = 1;
      if (kind === ValueKind.string) this.#keepText(slab, at + row, run.strings[run.values[from + row]]);
    }
    slab.rows += count;
    this.rows += count;
  }

  #keepText(slab: Slab, row: number, text: string): void {
    this.hasText = true;
    if (slab.strings[slab.strings.length - 1] !== text) slab.strings.push(text);
    slab.texts[row] = slab.strings.length - 1;
    slab.textNulls[row] = 0;
  }
}

function blankSlab(): Slab {
  return {
    ...{ rows: 0, hasNulls: false, strings: [] },
    ...{ tags: new Int32Array(SLAB_ROWS), times: new Float64Array(SLAB_ROWS), values: new Float64Array(SLAB_ROWS) },
    ...{ valueNulls: new Uint8Array(SLAB_ROWS), texts: new Uint32Array(SLAB_ROWS) },
    ...{ textNulls: new Uint8Array(SLAB_ROWS), statuses: new Uint32Array(SLAB_ROWS) },
  };
}
