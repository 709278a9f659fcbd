/** The modified values of a tag (OPC UA Part 11, 6.5.3.3): what was replaced, deleted and inserted, and by which edit. */

import { blankRun, type SampleRun } from '../sampleRun.ts';
import { copyRow, endOfTime } from './applyEdits.ts';
import { DeletionSweep, firstFrom } from './deletionSweep.ts';
import type { Edit, EditKind } from './edit.ts';
import { countRecorded, type TagEdits } from './tagEdits.ts';

/** Columns of equal length, by time and then in the order of modification. */
export interface ModifiedValues {
  /** For `insert` the value that was inserted, for anything else the value that was there before. */
  readonly samples: SampleRun;
  readonly modifications: readonly Modification[];
}

export interface Modification {
  /** What it did to this value: an edit of kind `update` inserts some values and updates others. */
  readonly type: EditKind;
  readonly edit: Edit;
}

/** One line of the answer: row `row` of the base samples, or of what edits wrote, changed by the edit at `by`. */
interface Line {
  readonly row: number;
  readonly isBase: boolean;
  readonly by: number;
  readonly type: EditKind;
  /** When the value was recorded, which tells the order of values that one edit changed. */
  readonly recordedAt: number;
}

/** As known at `knownAt` (µs). `base` and `edits` must be of the same range. */
export function modifiedValues(base: SampleRun, edits: TagEdits, knownAt = Number.POSITIVE_INFINITY): ModifiedValues {
  const known = countRecorded(edits, knownAt);
  const baseTimes = base.times;
  const editTimes = edits.samples.times;
  const sweep = new DeletionSweep(edits, known);
  const lines: Line[] = [];
  for (let inBase = 0, inEdits = 0; inBase < baseTimes.length || inEdits < editTimes.length; ) {
    const baseTime = inBase < baseTimes.length ? baseTimes[inBase] : Number.POSITIVE_INFINITY;
    const editTime = inEdits < editTimes.length ? editTimes[inEdits] : Number.POSITIVE_INFINITY;
    const time = Math.min(baseTime, editTime);
    const baseEnd = endOfTime(baseTimes, inBase, time);
    const editEnd = endOfTime(editTimes, inEdits, time);
    const deletedBy = sweep.covering(time);
    if (deletedBy.length > 0 || editEnd > inEdits) {
      const group = { ...{ edits, known, inEdits, editEnd, deletedBy }, inBase, baseEnd, received: base.received };
      lines.push(...linesOf(group).sort((a, b) => a.by - b.by || a.recordedAt - b.recordedAt));
    }
    inBase = baseEnd;
    inEdits = editEnd;
  }
  return answerOf(lines, base, edits);
}

/** All that has one time. */
interface Group {
  readonly edits: TagEdits;
  readonly known: number;
  readonly inBase: number;
  readonly baseEnd: number;
  readonly received: Float64Array | undefined;
  readonly inEdits: number;
  readonly editEnd: number;
  readonly deletedBy: readonly number[];
}

function linesOf(group: Group): Line[] {
  const { edits, known, inBase, baseEnd, received, inEdits, editEnd } = group;
  const { sampleEdits, inserted } = edits;
  const lines: Line[] = [];
  for (let row = inBase; row < baseEnd; row++) {
    // An edit hides what was received at its own moment, too; all times are whole microseconds.
    const recordedAt = received ? received[row] : 0;
    const first = received ? countRecorded(edits, recordedAt - 1) : 0;
    const by = hiderOf(group, first, inEdits);
    if (by >= 0) lines.push({ row, isBase: true, by, type: edits.edits[by].kind, recordedAt });
  }
  for (let row = inEdits; row < editEnd && sampleEdits[row] < known; row++) {
    const recordedAt = edits.edits[sampleEdits[row]].at;
    if (inserted[row] === 1) lines.push({ row, isBase: false, by: sampleEdits[row], type: 'insert', recordedAt });
    const by = hiderOf(group, sampleEdits[row], row + 1);
    if (by >= 0) lines.push({ row, isBase: false, by, type: edits.edits[by].kind, recordedAt });
  }
  return lines;
}

/** The first edit, from position `first` on, that hid a value; of what edits wrote only rows from `fromRow` on count. */
function hiderOf({ edits, known, editEnd, deletedBy }: Group, first: number, fromRow: number): number {
  const { sampleEdits, inserted } = edits;
  const deleted = firstFrom(deletedBy, first);
  for (let row = fromRow; row < editEnd && sampleEdits[row] < known; row++) {
    if (sampleEdits[row] < first || inserted[row] === 1) continue;
    return deleted < 0 ? sampleEdits[row] : Math.min(deleted, sampleEdits[row]);
  }
  return deleted;
}

function answerOf(lines: readonly Line[], base: SampleRun, { edits, samples }: TagEdits): ModifiedValues {
  const run = blankRun(lines.length, base.strings.concat(samples.strings));
  for (const [at, { row, isBase }] of lines.entries()) {
    copyRow(run, at, isBase ? base : samples, row, isBase ? 0 : base.strings.length);
  }
  return { samples: run, modifications: lines.map(({ type, by }) => ({ type, edit: edits[by] })) };
}
