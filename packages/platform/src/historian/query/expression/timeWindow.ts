/** A stretch of time that ends at the moment of evaluation, and what is made of a tag over it. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';

/**
 * Each value holds until the next sample. Over the window from `t - width`, excluded, to `t`, included:
 *
 * - `avg` and `stddev` weigh each value with how long it held; `min` and `max` are over all that held at some time in it.
 * - `count` and `sum` are over its usable samples.
 * - `delta` is the value at `t` less that at `t - width`, and `rate` is the same for each second.
 */
export const WINDOW_AGGREGATES = ['avg', 'min', 'max', 'sum', 'count', 'delta', 'rate', 'stddev'] as const;
export type WindowAggregate = (typeof WINDOW_AGGREGATES)[number];

export interface TimeWindow {
  readonly aggregate: WindowAggregate;
  /** The place of the tag in `Expression.tags`. */
  readonly tag: number;
  readonly widthUs: number;
}

/** Longer windows are for the aggregates of history. */
export const MAX_WINDOW_MS = 31 * 86_400_000;
const MIN_WINDOW_MS = 1;
/** Minutes as many people write them. */
const SHORT_MINUTES = /^(\d+(?:\.\d+)?)\s*m$/;

export function isWindowAggregate(name: string): name is WindowAggregate {
  return (WINDOW_AGGREGATES as readonly string[]).includes(name);
}

/** The width in microseconds; `undefined` where the text is no length of time from 1 ms to 31 d. */
export function windowWidthUs(text: string): number | undefined {
  const ms = parseDurationMs(text.replace(SHORT_MINUTES, '$1min'));
  return ms !== undefined && ms >= MIN_WINDOW_MS && ms <= MAX_WINDOW_MS ? ms * US_PER_MS : undefined;
}

/** The longest that an expression looks back; 0 where it does not. */
export function lookBackUs(windows: readonly TimeWindow[]): number {
  return windows.reduce((longest, { widthUs }) => Math.max(longest, widthUs), 0);
}
