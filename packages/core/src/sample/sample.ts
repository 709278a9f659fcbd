/** One sample on its own, for the places where samples are looked at singly; hot paths work on `SampleBlock` columns. */

import type { Timestamp } from '../clock/timestamp.ts';
import type { StatusCode } from './statusCode.ts';

/** `null` means that there is no value, only a status: a sick device is data, not silence. */
export type SampleValue = number | string | null;

export interface Sample {
  readonly time: Timestamp;
  readonly value: SampleValue;
  readonly status: StatusCode;
}
