/** Which raw samples a request means, with or without bounding values (OPC 10000-11 v1.05, 4.6 and 6.5.3.2, Table 1). */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** At least two of `start`, `end` and `limit` are given. Times are whole microseconds since 1970 UTC. */
export interface RawRequest {
  /** Left out with an `end`: back from there, `limit` samples. */
  readonly start?: number | undefined;
  /** Left out with a `start`: from there on, `limit` samples. Earlier than `start`: the samples come backwards. */
  readonly end?: number | undefined;
  /** At most so many samples at once, bounding values included; 0 for all. */
  readonly limit: number;
  /** Also the samples at both ends of the range or, where there is none, the nearest ones outside. */
  readonly returnBounds: boolean;
  /** For a later page: the time of the last sample of the page before; samples of this time are not given again. */
  readonly continuesBehind?: number | undefined;
}

/** What to read from the archive for a request. */
export interface RawRange {
  readonly request: RawRequest;
  readonly isReversed: boolean;
  /**
   * Wanted are the samples with `low <= time <= high`, both whole microseconds; of these the earliest `atMost`, backwards
   * the latest.
   */
  readonly low: number;
  readonly high: number;
  readonly atMost: number;
  /** Wanted is also the last sample before `low`, the first one after `high`. */
  readonly wantsBefore: boolean;
  readonly wantsAfter: boolean;
}

/** Fault `request.invalid` where fewer than two of start, end and limit are given, or a number is not whole. */
export function rawRange(request: RawRequest): Result<RawRange> {
  const { start, end, limit, returnBounds, continuesBehind } = request;
  const times = [start, end].filter((time) => time !== undefined);
  if (times.length === 0 || (times.length === 1 && limit === 0)) {
    return failure('request.invalid', 'At least two of start, end and limit must be given.');
  }
  if (!times.every(Number.isSafeInteger) || !Number.isSafeInteger(limit) || limit < 0) {
    return failure('request.invalid', 'start and end must be whole microseconds, and limit a whole number from 0.');
  }
  const isReversed = start === undefined || (end !== undefined && end < start);
  let low = start === undefined ? Number.MIN_SAFE_INTEGER : Math.min(...times);
  let high = end === undefined ? Number.MAX_SAFE_INTEGER : Math.max(...times);
  // The far end does not belong to the range, unless it is the only moment there is.
  if (!returnBounds && times.length === 2 && start !== end) {
    if (isReversed) low++;
    else high--;
  }
  if (continuesBehind !== undefined) {
    if (isReversed) high = Math.min(high, continuesBehind - 1);
    else low = Math.max(low, continuesBehind + 1);
  }
  const isFirst = continuesBehind === undefined;
  const atMost = limit === 0 ? Number.POSITIVE_INFINITY : limit + 1;
  return success({
    ...{ request, isReversed, low, high, atMost },
    wantsBefore: returnBounds && (isReversed || isFirst),
    wantsAfter: returnBounds && (!isReversed || isFirst),
  });
}
