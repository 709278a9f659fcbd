/** Figures of a device as text. */

import { formatCount } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSpan } from '../reading/span.ts';

/** `4.2 ms`, `180 ms`, `3.2 s`. */
export function formatMilliseconds(ms: number | null): string {
  if (ms === null) return NO_VALUE;
  return ms < 10 ? `${ms.toFixed(1)} ms` : formatSpan(ms);
}

export function formatFigure(count: number | null): string {
  return count === null ? NO_VALUE : formatCount(count);
}

/** `25 %`. */
export function formatShare(share: number | null): string {
  return share === null ? NO_VALUE : `${Math.round(share * 100)} %`;
}
