/** What may be asked of the process that has an archive open, and what it answers. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { HeldArchive } from '@tidegate/platform/historian/archive/care/heldArchive.ts';
import type { EvidenceStatistics } from '@tidegate/platform/historian/ingest/ledger/evidenceStore.ts';
import type { StoredTag } from '@tidegate/platform/historian/ingest/storedTag.ts';
import type { HistorianStatistics } from '@tidegate/platform/historian/query/historian.ts';
import { z } from 'zod';

const ImportedTag = z.object({
  path: z.string(),
  type: z.enum(['number', 'boolean', 'string']),
  unit: z.string(),
  stepped: z.boolean(),
  description: z.string(),
});

const time = z.int();

/** One of them opens each connection; the answer is one `ControlAnswer`, with blocks before it where that is said. */
export const ControlRequest = z.discriminatedUnion('ask', [
  /** Answered by `ArchiveOverview`. */
  z.object({ ask: z.literal('overview') }),
  /** Answered by `HeldArchive`; it is held until the connection ends, and the copy of the metadata is there as long. */
  z.object({ ask: z.literal('hold') }),
  /**
   * Answered by the tags that have one of the names or fit one of the patterns; then come the samples with
   * `start <= time < end` in blocks whose tag is its index, tag by tag in order of time, and then `null`.
   */
  z.object({ ask: z.literal('export'), tags: z.array(z.string()), start: time, end: time }),
  /** Answered by the tag; then come the lines of the proof, each as JSON, and then `null`. */
  z.object({ ask: z.literal('prove'), tag: z.string(), start: time, end: time }),
  /** Blocks follow whose tag is a place in `series`, then `null`; answered by the number of samples that are durable. */
  z.object({ ask: z.literal('import'), by: z.string(), series: z.array(ImportedTag) }),
]);

export type ControlRequest = z.infer<typeof ControlRequest>;
export type ImportedTag = z.infer<typeof ImportedTag>;
export type ExportRequest = Extract<ControlRequest, { ask: 'export' }>;
export type ProveRequest = Extract<ControlRequest, { ask: 'prove' }>;
export type ImportRequest = Extract<ControlRequest, { ask: 'import' }>;

export type ControlAnswer<T> = { readonly value: T } | { readonly fault: Fault };

export interface ArchiveOverview {
  readonly statistics: HistorianStatistics;
  readonly freeDiskBytes: number | null;
  /** Files of the log that are kept; `null` where none are. */
  readonly evidence: EvidenceStatistics | null;
  readonly streams: readonly (StreamName & { readonly stored: number; readonly lost: number })[];
}

export type ExportedTag = Pick<StoredTag, 'index' | 'path' | 'type' | 'unit' | 'stepped'>;

/** What is answered to each kind of request. */
export interface ControlValues {
  readonly overview: ArchiveOverview;
  readonly hold: HeldArchive;
  readonly export: readonly ExportedTag[];
  readonly import: number;
  readonly prove: ExportedTag;
}
