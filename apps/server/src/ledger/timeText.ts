/** Times of a file that may be anybody's, as people read them. */

import { formatTimestamp, type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';

/** The last millisecond that a `Date` can hold (ECMA-262, 21.4.1.1). */
const LAST_MS = 8.64e15;

/** RFC 3339 in UTC; a number of microseconds where no calendar has it. */
export function timeText(time: number): string {
  return Math.abs(time) / US_PER_MS < LAST_MS ? formatTimestamp(time as Timestamp) : `${time} µs`;
}
