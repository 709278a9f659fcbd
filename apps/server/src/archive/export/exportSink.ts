/** Where exported samples go: a file of one of the formats, whole or not at all. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { ExportedTag } from '../control/controlMessage.ts';

export interface ExportSink {
  /** Called once, before the first block. */
  begin(tags: readonly ExportedTag[]): void | Promise<void>;
  /** Samples in order of tag and time; the tags are indexes of tags that were announced. Valid for the call. */
  write(block: SampleBlock): void | Promise<void>;
  /** Makes the file durable under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** The columns of every format, which are those of the lake. */
export const EXPORT_COLUMNS = ['tag', 'path', 'time', 'value', 'text', 'status'] as const;
