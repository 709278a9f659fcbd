/** Tells at which times a tag had a value at one moment, base samples and edits taken together. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import { EMPTY_RUN, lowerBound, type SampleRun } from '../sampleRun.ts';
import { applyEdits } from './applyEdits.ts';
import type { EditReader } from './editReader.ts';
import { clipEdits } from './tagEdits.ts';

/**
 * The base samples with `start <= time < end`, in batches that ascend in time, each sample with when it was received, by the
 * recording clock that stamps edits as well.
 */
export type ReadBase = (tag: TagIndex, start: number, end: number) => AsyncIterable<SampleRun>;

export class TimeLookup {
  readonly #reader: EditReader;
  readonly #readBase: ReadBase;
  readonly #tag: TagIndex;
  readonly #at: number;

  /** As known at `at` (µs). */
  constructor(reader: EditReader, readBase: ReadBase, tag: TagIndex, at: number) {
    this.#reader = reader;
    this.#readBase = readBase;
    this.#tag = tag;
    this.#at = at;
  }

  /** For each of ascending `times` 1 where there is a value, otherwise 0. Fault: `archive.unwritable`. */
  async exist(times: Float64Array): Promise<Result<Uint8Array>> {
    const found = new Uint8Array(times.length);
    if (times.length === 0) return success(found);
    const done = await this.#visit(times[0], times[times.length - 1] + 1, (visible) => {
      let row = 0;
      for (let at = lowerBound(times, visible[0]); at < times.length; at++) {
        while (row < visible.length && visible[row] < times[at]) row++;
        if (row === visible.length) break;
        if (visible[row] === times[at]) found[at] = 1;
      }
      return true;
    });
    return done.ok ? success(found) : done;
  }

  /** Whether there is any value in `start <= time < end`. Fault: `archive.unwritable`. */
  async existWithin(start: number, end: number): Promise<Result<boolean>> {
    let found = false;
    const done = await this.#visit(start, end, () => {
      found = true;
      return false;
    });
    return done.ok ? success(found) : done;
  }

  /** Shows the times of all values in the range, a value perhaps more than once, until `visitor` returns false. */
  async #visit(start: number, end: number, visitor: (times: Float64Array) => boolean): Promise<Result<void>> {
    const edits = this.#reader.read(this.#tag, start, end);
    if (!edits.ok) return edits;
    const written = applyEdits(EMPTY_RUN, edits.value, this.#at).times;
    if (written.length > 0 && !visitor(written)) return success(undefined);
    for await (const batch of this.#readBase(this.#tag, start, end)) {
      const { times } = batch;
      if (times.length === 0) continue;
      const clipped = clipEdits(edits.value, times[0], times[times.length - 1] + 1);
      const visible = applyEdits(batch, clipped, this.#at).times;
      if (visible.length > 0 && !visitor(visible)) break;
    }
    return success(undefined);
  }
}
