/** Where the lake takes its samples from: implemented above the archive's files, and by arrays in tests. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { StoredTag, TagIndex } from '../ingest/storedTag.ts';

export interface LakeSource {
  /** In order of their index. */
  tags(): readonly StoredTag[];
  /**
   * The samples with `start <= time < end` (microseconds since 1970 UTC) in order of time, with all edits applied, in
   * runs of any length. The lake is done with a run when it asks for the next one.
   */
  read(tag: TagIndex, start: number, end: number): AsyncIterable<SampleRun>;
  close(): Promise<void>;
}

/**
 * What a module must export by the name `openLakeSource` to be a source: the publisher's process imports it by its URL
 * and hands it the `spec` of the order, which it must check: a wrong one is a fault.
 */
export type OpenLakeSource = (spec: unknown) => Promise<Result<LakeSource>>;

/** How the publisher's process gets at its source. */
export interface LakeSourcePlace {
  /** `file:` URL of a module that exports `openLakeSource`. */
  readonly module: string;
  /** Anything that the structured clone algorithm copies: segment files to read, edits to apply. */
  readonly spec: unknown;
}
