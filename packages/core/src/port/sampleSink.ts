/** Where acquisition hands over what it has read: the first seam of the gateway. */

import type { SampleBlock } from '../block/sampleBlock.ts';

export interface SampleSink {
  /** Takes the samples at once and keeps no reference to the columns, so that the caller may use them again. */
  write(samples: SampleBlock): void;
}
