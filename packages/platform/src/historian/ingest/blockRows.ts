/** Some rows of a block, in their order, in columns of their own. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';

export function blockRows({ strings, ...columns }: SampleBlock, rows: readonly number[]): SampleBlock {
  return {
    count: rows.length,
    tags: Uint32Array.from(rows, (row) => columns.tags[row]),
    times: Float64Array.from(rows, (row) => columns.times[row]),
    values: Float64Array.from(rows, (row) => columns.values[row]),
    kinds: Uint8Array.from(rows, (row) => columns.kinds[row]),
    statuses: Uint32Array.from(rows, (row) => columns.statuses[row]),
    strings,
  };
}
