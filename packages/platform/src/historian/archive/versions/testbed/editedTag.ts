/** One tag whose base samples lie in memory and whose edits are real. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { openMetadata } from '../../../ingest/testbed/openMetadata.ts';
import { clipRun, type SampleRun, sliceRun } from '../../sampleRun.ts';
import { EditLog } from '../editLog.ts';
import { runOf } from './runRows.ts';
import type { Row } from './slowHistory.ts';

export const TAG = 7;
export const AUTHOR = { tag: TAG, by: 'mara', reason: 'the probe was in air' } as const;

export class EditedTag {
  readonly log: EditLog;
  /** Stamped with the time of their arrival, in its order. */
  readonly #arrived: { readonly row: Row; readonly received: number }[] = [];
  readonly #batchRows: number;
  /** The stamp that the next arrival or edit gets. */
  now = 1;

  /** Base samples are read in batches of `batchRows`. */
  constructor(batchRows = 3, database = openMetadata()) {
    this.#batchRows = batchRows;
    this.log = new EditLog({
      database,
      stamp: () => this.now as Timestamp,
      readBase: (_tag, start, end) => this.batches(start, end, 'forward'),
    });
  }

  arrive(...rows: Row[]): void {
    for (const row of rows) this.#arrived.push({ row, received: this.now });
  }

  base(start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY): SampleRun {
    const sorted = this.#arrived.toSorted((a, b) => a.row[0] - b.row[0]);
    const received = Float64Array.from(sorted, (sample) => sample.received);
    return clipRun({ ...runOf(sorted.map(({ row }) => row)), received }, start, end);
  }

  async *batches(start: number, end: number, direction: 'forward' | 'backward'): AsyncGenerator<SampleRun> {
    const base = this.base(start, end);
    const count = base.times.length;
    const batches: SampleRun[] = [];
    for (let row = 0; row < count; row += this.#batchRows) {
      batches.push(sliceRun(base, row, Math.min(row + this.#batchRows, count)));
    }
    yield* direction === 'forward' ? batches : batches.reverse();
  }

  edits(start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY) {
    const edits = this.log.read(TAG, start, end);
    if (!edits.ok) throw new Error(edits.fault.detail);
    return edits.value;
  }
}
