/** A change of history by a person or a program: what was written over or taken away, when, by whom and why. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import type { SampleRun } from '../sampleRun.ts';

/**
 * OPC UA Part 11, 6.7 and 6.9: `insert` writes where no value is, `replace` where one is, `update` does either, and `delete`
 * takes away what is in a range or at given times.
 */
export type EditKind = 'insert' | 'replace' | 'update' | 'delete';

/** A change as it was recorded; what it holds stands in `TagEdits`. */
export interface Edit {
  /** Ascends in the order of recording, over all tags. */
  readonly id: number;
  readonly tag: TagIndex;
  readonly kind: EditKind;
  /** When it was recorded: later than everything that it changes. */
  readonly at: Timestamp;
  readonly by: string;
  readonly reason: string;
}

interface EditAuthor {
  readonly tag: TagIndex;
  /** Who makes the change and why; neither may be empty. */
  readonly by: string;
  readonly reason: string;
}

export interface WriteRequest extends EditAuthor {
  readonly kind: 'insert' | 'replace' | 'update';
  /** In any order of time. */
  readonly samples: SampleRun;
}

/** `start <= time < end` (µs); where both are equal, the values at that time (Part 11, 6.9.5). */
export interface DeleteRangeRequest extends EditAuthor {
  readonly kind: 'delete';
  readonly start: number;
  readonly end: number;
}

export interface DeleteTimesRequest extends EditAuthor {
  readonly kind: 'delete';
  /** In any order. */
  readonly times: Float64Array;
}

export type EditRequest = WriteRequest | DeleteRangeRequest | DeleteTimesRequest;

/** No sample before this time (µs) is changed by it. */
export function editedFrom(request: EditRequest): number {
  if ('start' in request) return request.start;
  return ('times' in request ? request.times : request.samples.times).reduce((a, b) => Math.min(a, b));
}

export interface EditOutcome {
  /** The change as recorded; `undefined` where it would have changed nothing. */
  readonly edit: Edit | undefined;
  /**
   * A `StatusCode` for each sample or time of the request, in its order; a single one for a range. Writing:
   * `GoodEntryInserted`, `GoodEntryReplaced`, `BadEntryExists`, `BadNoEntryExists`. Deleting: `Good`, `BadNoEntryExists`
   * for a time, `BadNoData` for a range (Part 11, 6.9).
   */
  readonly results: Uint32Array;
}
