/** What ingest hands durable samples to: the archive, as far as ingest knows it. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { LogPosition } from './logPosition.ts';

/** What a record of the log says of its arrival. */
export interface Receipt {
  /** When the server took it, in microseconds: of two records the later one's is greater. */
  readonly receivedAt: number;
  /** The stream that it came by, `lane/gateway`. */
  readonly stream: string;
  /** The latest time of its samples, or the time at which its block was sealed where that is earlier. */
  readonly reaches: number;
}

export interface SampleStore {
  /**
   * Whether there is room for more samples: `undefined` where there is, and otherwise, perhaps only when some memory has
   * been written to disk, a success, or the fault that prevents it.
   */
  admit(): undefined | Result<void> | Promise<Result<void>>;
  /** Takes the samples of the log record at `at`, which is durable; row `i` of `block` belongs to tag `tags[i]`. */
  insert(at: LogPosition, receipt: Receipt, tags: Uint32Array, block: SampleBlock): void;
  /** Makes everything that was inserted independent of the log. */
  seal(): Promise<Result<void>>;
}
