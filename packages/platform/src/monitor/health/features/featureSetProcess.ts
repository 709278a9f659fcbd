/** The process that writes a set of features: it gets one order, carries it out and ends, and with it goes what DuckDB has taken. */

import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { FeatureSetOrder } from './featureSetOrder.ts';
import { writeFeatureSet } from './writeFeatureSet.ts';

process.once('message', async (order: FeatureSetOrder) => {
  const end: Result<void> = await writeFeatureSet(order).catch((error: NodeJS.ErrnoException) => {
    // The disk's own words; everything else is a bug of ours and ends the process.
    if (error.code === undefined) throw error;
    return failure('health.export-failed', error.message);
  });
  // The parent closes the channel when it has the end, and this process then has nothing left to do.
  process.send?.(end);
});
