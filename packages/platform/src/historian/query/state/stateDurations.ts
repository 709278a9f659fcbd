/** How long and how often a tag was in each of its states, interval by interval. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { StateEvents } from './stateEvents.ts';

/** Tables of intervals by states, row by row: state `s` of interval `i` stands at `i * table.length + s`. */
export interface StateDurations {
  /** µs; interval `i` is `starts[i] <= time < ends[i]`. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** The states; `null` is bad, or without a value. What is left of an interval has no sample at all. */
  readonly table: readonly SampleValue[];
  readonly totalUs: Float64Array;
  /** How often the state was entered in the interval. */
  readonly entries: Uint32Array;
  /** Stays in the state, of which those that began or ended in other intervals count here with their part of this one. */
  readonly stays: Uint32Array;
  readonly longestUs: Float64Array;
  /** Total by stays; 0 where there is none. */
  readonly meanUs: Float64Array;
}

/** `boundaries` in µs, strictly ascending: interval `i` is `boundaries[i] <= time < boundaries[i + 1]`. */
export function stateDurations(events: StateEvents, boundaries: Float64Array): StateDurations {
  const count = Math.max(0, boundaries.length - 1);
  const width = events.table.length;
  const durations: StateDurations = {
    starts: boundaries.slice(0, count),
    ends: boundaries.slice(1, count + 1),
    table: events.table,
    ...{ totalUs: new Float64Array(count * width), entries: new Uint32Array(count * width) },
    ...{ stays: new Uint32Array(count * width), longestUs: new Float64Array(count * width) },
    meanUs: new Float64Array(count * width),
  };
  addStays(events, boundaries, durations);
  for (const [cell, stays] of durations.stays.entries()) {
    durations.meanUs[cell] = stays === 0 ? 0 : durations.totalUs[cell] / stays;
  }
  return durations;
}

function addStays(
  { starts, ends, states, entered, table }: StateEvents,
  boundaries: Float64Array,
  into: StateDurations,
) {
  const intervals = into.starts.length;
  for (let event = 0, interval = 0; event < starts.length; ) {
    const state = states[event];
    const isEntered = entered[event] === 1;
    const start = starts[event];
    // Bad events of different statuses are one stay.
    while (event + 1 < starts.length && states[event + 1] === state && ends[event] === starts[event + 1]) event++;
    const end = ends[event++];
    while (interval < intervals && boundaries[interval + 1] <= start) interval++;
    for (let at = interval; at < intervals && boundaries[at] < end; at++) {
      const cell = at * table.length + state;
      const us = Math.min(end, boundaries[at + 1]) - Math.max(start, boundaries[at]);
      into.totalUs[cell] += us;
      into.stays[cell]++;
      into.longestUs[cell] = Math.max(into.longestUs[cell], us);
      if (isEntered && start >= boundaries[at] && start < boundaries[at + 1]) into.entries[cell]++;
    }
  }
}
