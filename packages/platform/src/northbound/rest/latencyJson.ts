/** How fresh what is served is, as the interface tells it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { HistorianReader } from '../../historian/query/historianReader.ts';
import type { DeliveryLatency } from '../../monitor/latency/deliveryLatency.ts';
import type { Latency } from '../contract/latency.ts';

/** So many late tags are named. */
const MAX_LATE_TAGS = 100;

/** `tags` are those that were asked for; where none were, those that are late. */
export function latencyJson(
  latency: DeliveryLatency,
  historian: HistorianReader,
  tags: readonly number[] | undefined,
  now: Timestamp,
): Latency {
  const found = tags ? tags.flatMap((tag) => latency.tag(tag) ?? []) : latency.lateTags(MAX_LATE_TAGS);
  return {
    at: now,
    lanes: latency.lanes().map(({ lane, objectiveMs, samples, p50Ms, p99Ms, maxMs }) => ({
      ...{ lane, objectiveMs, samples },
      ...{ p50Ms: p50Ms ?? null, p99Ms: p99Ms ?? null, maxMs: maxMs ?? null },
      met: p99Ms === undefined ? null : p99Ms <= objectiveMs,
    })),
    tags: found.map((each) => ({ ...each, path: historian.tag(each.tag)?.path ?? '' })),
  };
}
