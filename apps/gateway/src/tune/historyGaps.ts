/** Whether a history lacks samples that were read: a gateway leaves out what its settings tell it to. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';

export interface HistoryGaps {
  /** The distance of samples where none is missing, in microseconds. */
  readonly intervalUs: number;
  /** How many samples there would be with one at every such distance. */
  readonly expected: number;
}

/** So many in a hundred distances are shorter than the one taken for that of the scan: bursts are not its rhythm. */
const SHORT_SHARE = 0.05;
/** A stretch so much longer than the rhythm is a time in which nothing was read, and says nothing of settings. */
const OUTAGE = 1_000;
/** A rhythm that is missed more seldom than this is kept. */
const TOLERANCE = 1.05;

/** What seems to be missing from samples in order of time; `undefined` where they come in an even rhythm. */
export function findHistoryGaps({ count, times }: SampleBlock): HistoryGaps | undefined {
  const distances = Float64Array.from({ length: count - 1 }, (_, at) => times[at + 1] - times[at]);
  const intervalUs = distances.toSorted()[Math.floor(distances.length * SHORT_SHARE)];
  if (!(intervalUs > 0)) return undefined;
  let expected = 1;
  for (const distance of distances) {
    expected += distance > intervalUs * OUTAGE ? 1 : Math.max(1, Math.round(distance / intervalUs));
  }
  return expected > count * TOLERANCE ? { intervalUs, expected } : undefined;
}
