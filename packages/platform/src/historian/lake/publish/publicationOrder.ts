/** What the server and the publisher's process say to each other. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { UtcDay } from '../lakeFiles.ts';
import type { LakeManifest } from '../lakeManifest.ts';
import type { LakeSourcePlace } from '../lakeSource.ts';
import type { WriterLimits } from './parquetWriter.ts';

export interface DayOrder {
  readonly day: UtcDay;
  /** Stands for the state of the day's samples; goes into the manifest. */
  readonly mark: string;
}

export interface PublicationOrder {
  readonly directory: string;
  readonly days: readonly DayOrder[];
  readonly source: LakeSourcePlace;
  readonly limits: WriterLimits;
  /** Rows after which a day gets another file; they are held in memory, 29 bytes for each. */
  readonly maxPartRows: number;
  /** How long files that the manifest no longer names are kept. */
  readonly graceMs: number;
}

export interface PublishedDay {
  readonly day: UtcDay;
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  readonly elapsedMs: number;
}

/** From the publisher's process: a day that is published, or the end. */
export type PublicationNews = { readonly published: PublishedDay } | { readonly end: Result<LakeManifest> };
