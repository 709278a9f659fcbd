/** Everything that edits did to one tag within a range of time, in columns. */

import { clipRun, EMPTY_RUN, lowerBound, type SampleRun } from '../sampleRun.ts';
import type { Edit } from './edit.ts';

export interface TagEdits {
  /** In the order of recording. */
  readonly edits: readonly Edit[];
  /** What they wrote, by time; of equal times in the order of recording. */
  readonly samples: SampleRun;
  /** For each of these samples the position of its edit in `edits`. */
  readonly sampleEdits: Uint32Array;
  /** 1 where there was no value at that time; 0 where the sample hides all that was recorded before it at its time. */
  readonly inserted: Uint8Array;
  /** What they deleted, by start. A deletion hides all that was recorded before it. */
  readonly deletions: readonly Deletion[];
}

/** `start <= time < end`, in µs. */
export interface Deletion {
  readonly start: number;
  readonly end: number;
  /** Position in `edits`. */
  readonly edit: number;
}

export const NO_EDITS: TagEdits = {
  edits: [],
  samples: EMPTY_RUN,
  sampleEdits: new Uint32Array(0),
  inserted: new Uint8Array(0),
  deletions: [],
};

/** What concerns `start <= time < end` alone; shares memory with `edits`. */
export function clipEdits(edits: TagEdits, start: number, end: number): TagEdits {
  const from = lowerBound(edits.samples.times, start);
  const to = lowerBound(edits.samples.times, end);
  return {
    edits: edits.edits,
    samples: clipRun(edits.samples, start, end),
    sampleEdits: edits.sampleEdits.subarray(from, to),
    inserted: edits.inserted.subarray(from, to),
    deletions: edits.deletions.filter((deletion) => deletion.start < end && deletion.end > start),
  };
}

/** How many of the edits had been recorded at `time` (µs). */
export function countRecorded({ edits }: TagEdits, time: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edits[middle].at <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
