/** What a tag's history is, or was known to be at an earlier time: base samples and edits together. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun, sliceRun } from '../sampleRun.ts';
import { DeletionSweep } from './deletionSweep.ts';
import { countRecorded, type TagEdits } from './tagEdits.ts';

/**
 * InfoType DataValue with the historian bit ExtraData (OPC UA Part 4, 7.39.1): modified values can be read at the time of
 * this one (Part 11, 3.1.7 and 6.5.3.2).
 */
const EXTRA_DATA = 0x0408;
const INFO_TYPE_MASK = 0x0c00;

/**
 * The samples as known at `knownAt` (µs): those that had been received and written by then, less what had been hidden. A
 * replacement hides what was recorded before it at its time, a deletion what was recorded before it in its range; what
 * arrives later is visible. Samples of equal time stand in the order of recording. At times that an edit has touched the
 * status says ExtraData.
 *
 * `base` and `edits` must be of the same range; without edits nothing is copied. Base samples that do not say when they
 * were received count as older than every edit.
 */
export function applyEdits(base: SampleRun, edits: TagEdits, knownAt = Number.POSITIVE_INFINITY): SampleRun {
  const known = countRecorded(edits, knownAt);
  const isTouched = known > 0 && (edits.samples.times.length > 0 || edits.deletions.length > 0);
  return isTouched ? new EditMerge(base, edits, known, knownAt).run() : receivedBy(base, knownAt);
}

/** The samples that had been received at `knownAt`. */
function receivedBy(run: SampleRun, knownAt: number): SampleRun {
  const { received } = run;
  if (!received || knownAt === Number.POSITIVE_INFINITY) return run;
  let kept = 0;
  for (let row = 0; row < received.length; row++) if (received[row] <= knownAt) kept++;
  if (kept === received.length) return run;
  const target = blankRun(kept, run.strings);
  for (let row = 0, at = 0; at < kept; row++) if (received[row] <= knownAt) copyRow(target, at++, run, row, 0);
  return target;
}

/** Walks through both by time, one group of equal times after the other. */
class EditMerge {
  readonly #base: SampleRun;
  readonly #received: Float64Array | undefined;
  readonly #edits: TagEdits;
  readonly #known: number;
  readonly #knownAt: number;
  readonly #target: SampleRun;
  #count = 0;

  constructor(base: SampleRun, edits: TagEdits, known: number, knownAt: number) {
    this.#base = base;
    this.#received = base.received;
    this.#edits = edits;
    this.#known = known;
    this.#knownAt = knownAt;
    const strings = base.strings.concat(edits.samples.strings);
    this.#target = blankRun(base.times.length + edits.samples.times.length, strings);
  }

  run(): SampleRun {
    const baseTimes = this.#base.times;
    const editTimes = this.#edits.samples.times;
    const sweep = new DeletionSweep(this.#edits, this.#known);
    for (let inBase = 0, inEdits = 0; inBase < baseTimes.length || inEdits < editTimes.length; ) {
      const baseTime = inBase < baseTimes.length ? baseTimes[inBase] : Number.POSITIVE_INFINITY;
      const editTime = inEdits < editTimes.length ? editTimes[inEdits] : Number.POSITIVE_INFINITY;
      const time = Math.min(baseTime, editTime);
      const deletedBy = sweep.last(time);
      if (deletedBy < 0 && baseTime < editTime) {
        if (this.#receivedAt(inBase) <= this.#knownAt) this.#takeBase(inBase, false);
        inBase++;
        continue;
      }
      const baseEnd = endOfTime(baseTimes, inBase, time);
      const editEnd = endOfTime(editTimes, inEdits, time);
      this.#takeGroup(inBase, baseEnd, inEdits, editEnd, deletedBy);
      inBase = baseEnd;
      inEdits = editEnd;
    }
    return sliceRun(this.#target, 0, this.#count);
  }

  /** The samples of one time, of which the edit at `deletedBy` was the last to delete any. */
  #takeGroup(inBase: number, baseEnd: number, inEdits: number, editEnd: number, deletedBy: number): void {
    const { edits, sampleEdits, inserted } = this.#edits;
    let hider = -1;
    let isTouched = false;
    for (let row = inEdits; row < editEnd; row++) {
      if (sampleEdits[row] >= this.#known) break;
      isTouched = true;
      if (inserted[row] === 0) hider = row;
    }
    const hiddenBy = Math.max(deletedBy, hider < 0 ? -1 : sampleEdits[hider]);
    const hiddenAt = hiddenBy < 0 ? Number.NEGATIVE_INFINITY : edits[hiddenBy].at;
    for (let row = inBase; row < baseEnd; row++) {
      isTouched ||= hiddenBy >= 0 && this.#receivedAt(row) <= hiddenAt;
    }
    for (let row = inBase, edited = inEdits; row < baseEnd || edited < editEnd; ) {
      const isBase = row < baseEnd && !(edited < editEnd && edits[sampleEdits[edited]].at < this.#receivedAt(row));
      if (isBase) {
        const received = this.#receivedAt(row);
        const isVisible = received <= this.#knownAt && (hiddenBy < 0 || received > hiddenAt);
        if (isVisible) this.#takeBase(row, isTouched);
        row++;
      } else {
        const edit = sampleEdits[edited];
        if (edit < this.#known && edited >= hider && edit > deletedBy) this.#takeEdited(edited);
        edited++;
      }
    }
  }

  #receivedAt(row: number): number {
    return this.#received ? this.#received[row] : Number.NEGATIVE_INFINITY;
  }

  #takeBase(row: number, isTouched: boolean): void {
    copyRow(this.#target, this.#count, this.#base, row, 0);
    if (isTouched) this.#flag();
    this.#count++;
  }

  #takeEdited(row: number): void {
    copyRow(this.#target, this.#count, this.#edits.samples, row, this.#base.strings.length);
    this.#flag();
    this.#count++;
  }

  #flag(): void {
    const { statuses } = this.#target;
    statuses[this.#count] = ((statuses[this.#count] & ~INFO_TYPE_MASK) | EXTRA_DATA) >>> 0;
  }
}

/** The first row from `row` on whose time is not `time`. */
export function endOfTime(times: Float64Array, row: number, time: number): number {
  let end = row;
  while (end < times.length && times[end] === time) end++;
  return end;
}

/** Copies one sample; `stringOffset` is where the strings of `from` begin in those of `to`. */
export function copyRow(to: SampleRun, at: number, from: SampleRun, row: number, stringOffset: number): void {
  to.times[at] = from.times[row];
  to.kinds[at] = from.kinds[row];
  to.values[at] = from.kinds[row] === ValueKind.string ? from.values[row] + stringOffset : from.values[row];
  to.statuses[at] = from.statuses[row];
}
