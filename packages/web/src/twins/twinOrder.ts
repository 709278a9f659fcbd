/** In which order twins are listed: what is unusual first, the rest standing still by its path. */

import type { TwinSummary } from '@tidegate/platform/northbound/contract/twin.ts';
import { UNUSUAL_SIGMAS } from './sigmaBar.ts';

/** Numbers within names sort by their size, so that `train-2` stands before `train-10`. */
const byPath = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Residuals that are within the noise do not move their rows about. */
export function twinsInOrder(twins: readonly TwinSummary[]): TwinSummary[] {
  return twins.toSorted((a, b) => unusual(b) - unusual(a) || byPath.compare(a.path, b.path));
}

/** How far off a twin is; 0 where that is usual. */
function unusual({ worst }: TwinSummary): number {
  const size = Math.abs(worst?.sigmas ?? 0);
  return size > UNUSUAL_SIGMAS ? size : 0;
}
