/** What the archive asks of the keeper's thread, and what comes back; all of it can be cloned from thread to thread. */

import type { HotSnapshot } from '../hot/hotStore.ts';
import type { SegmentDamage } from '../segment/segment.ts';
import type { SegmentHead } from '../segment/segmentLayout.ts';
import type { Merged } from './mergeSegments.ts';

export interface SealJob {
  readonly kind: 'seal';
  readonly directory: string;
  readonly head: SegmentHead;
  readonly store: HotSnapshot;
}

export interface MergeJob {
  readonly kind: 'merge';
  /** Paths of the segments, in the order of the log. */
  readonly inputs: readonly string[];
  readonly keepFrom: Float64Array;
  /** The part of one processor that the work may take. */
  readonly share: number;
}

export interface ScrubJob {
  readonly kind: 'scrub';
  readonly path: string;
  readonly share: number;
}

export type KeeperJob = SealJob | MergeJob | ScrubJob;

/** What each kind of job results in. */
export interface KeeperResults {
  /** Name of the segment. */
  readonly seal: string;
  readonly merge: Merged;
  /** Number of chunks that were read. */
  readonly scrub: number;
}

export interface KeeperRequest {
  readonly id: number;
  readonly job: KeeperJob;
}

/** A job that failed did so for a reason of the file system: `code` is its. Our own bugs end the thread. */
export type KeeperReply =
  | { readonly id: number; readonly result: KeeperResults[KeeperJob['kind']] }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } }
  | { readonly damage: SegmentDamage };
