/** All that a fatigue meter holds, as it is written and read back. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface FatigueMeterState {
  /** The options it was reckoned under, as JSON: under others the sums mean something else. */
  readonly options: string;
  /** Turning points whose cycles have not closed: value and time. */
  readonly points: readonly (readonly [value: number, at: number])[];
  closedDamage: number;
  /** Closed cycles that are wide enough to matter. */
  closedCycles: number;
  /** By day modulo the number of recent days: damage, and how much of the day was seen (µs). */
  readonly dayDamage: number[];
  readonly daySeenUs: number[];
  /** Time of the last sample; null before any. */
  last: number | null;
  seenUs: number;
  unseenUs: number;
  gaps: number;
  passedOver: number;
}

/** A fresh state where none is given. `health.bad-data` for one of other options, or none at all. */
export function fatigueMeterState(given: unknown, options: string, recentDays: number): Result<FatigueMeterState> {
  if (given === undefined) {
    return success({
      options,
      points: [],
      closedDamage: 0,
      closedCycles: 0,
      dayDamage: new Array(recentDays).fill(0),
      daySeenUs: new Array(recentDays).fill(0),
      last: null,
      seenUs: 0,
      unseenUs: 0,
      gaps: 0,
      passedOver: 0,
    });
  }
  if (!isState(given, recentDays)) return failure('health.bad-data', 'This is no state of a fatigue meter.');
  if (given.options !== options) {
    return failure('health.bad-data', 'The fatigue was reckoned under another law or other options; reckon it anew.');
  }
  return success(structuredClone(given));
}

function isState(given: unknown, recentDays: number): given is FatigueMeterState {
  if (typeof given !== 'object' || given === null) return false;
  const state = given as Partial<Record<keyof FatigueMeterState, unknown>>;
  return (
    [state.closedDamage, state.closedCycles, state.seenUs, state.unseenUs, state.gaps, state.passedOver].every(
      isCount,
    ) &&
    (state.last === null || Number.isFinite(state.last)) &&
    [state.dayDamage, state.daySeenUs].every(
      (days) => Array.isArray(days) && days.length === recentDays && days.every(isCount),
    ) &&
    Array.isArray(state.points) &&
    state.points.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite))
  );
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}
