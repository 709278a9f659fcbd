/** The statuses of calculated values (OPC 10000-13, 5.3) and how they follow from the share of good and bad data (5.4.3.2). */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { AggregateOptions } from './aggregateOptions.ts';

/** "The flags describe a data value": stands wherever one of the flags below does (OPC 10000-4, 7.39). */
const DATA_VALUE = 0x0400;

/** Flags of a calculated value, to be or-ed to its status. A value without the first two is raw: a sample as it was stored. */
export const INFO = {
  raw: 0,
  calculated: DATA_VALUE | 0x01,
  interpolated: DATA_VALUE | 0x02,
  partial: DATA_VALUE | 0x04,
  multipleValues: DATA_VALUE | 0x10,
} as const;

export const AGGREGATE_STATUS = {
  Good: STATUS.Good as number,
  SubNormal: STATUS.UncertainDataSubNormal as number,
  Bad: STATUS.Bad as number,
  NoData: STATUS.BadNoData as number,
  /** A text where numbers are needed. */
  InvalidInputs: STATUS.BadAggregateInvalidInputs as number,
} as const;

/**
 * The status of a result that `good` and `bad` out of `total` data went into, counted in samples or in time. Where both
 * limits are reached, which legal limits allow only where they meet, the one for good data prevails (4.2.1.2).
 */
export function statusByShare(good: number, bad: number, total: number, options: AggregateOptions): number {
  if ((good / total) * 100 >= options.percentDataGood) return AGGREGATE_STATUS.Good;
  return (bad / total) * 100 >= options.percentDataBad ? AGGREGATE_STATUS.Bad : AGGREGATE_STATUS.SubNormal;
}
