/** An archive as it was at one moment, and the evidence of it: files that do not change and are not removed until they are let go. */

import type { LogPosition } from '../../ingest/logPosition.ts';
import type { StreamLedger } from '../../ingest/streamLedger.ts';
import type { BesideFile } from '../archiveFiles.ts';

export interface HeldArchive {
  /** Directory of the segment files. */
  readonly directory: string;
  /** Names of the segment files, in the order of the log. */
  readonly segments: readonly string[];
  /** Directory of the evidence, and the names of the files in it that there are, with their notes. */
  readonly evidenceDirectory: string;
  readonly evidence: readonly string[];
  /** A copy of the metadata database that belongs to nobody else. */
  readonly metadata: string;
  /** Copies of what other stages keep beside the samples, as far as there is any: the name of the file and the copy. */
  readonly beside: readonly { readonly name: BesideFile; readonly copy: string }[];
  /** Directory of the photos of cases, and their names: all that the copy of the cases knows of. */
  readonly photoDirectory: string;
  readonly photos: readonly string[];
  /** Every record of the log before this one is in the segments. */
  readonly covered: LogPosition;
  /** When the last of the samples arrived, in microseconds; `null` where there are none. */
  readonly receivedUntil: number | null;
  readonly samples: number;
  readonly tags: number;
  /** The accounts as of `covered`. */
  readonly ledgers: readonly StreamLedger[];
}
