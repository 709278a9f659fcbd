/** Which stretch of time shows how an alarm came about. */

import type { AlarmRecord } from '@tidegate/platform/northbound/contract/alarm.ts';

const BEFORE_MS = 15 * 60_000;
const AFTER_MS = 45 * 60_000;
/** Shorter, a plot shows nothing. */
const LEAST_AFTER_MS = 60_000;

/** Start and end around `aroundMs`, when it came: a quarter of an hour before, and up to three after it. */
export function alarmSpan(aroundMs: number, nowMs: number): readonly [startMs: number, endMs: number] {
  return [aroundMs - BEFORE_MS, Math.max(aroundMs + LEAST_AFTER_MS, Math.min(nowMs, aroundMs + AFTER_MS))];
}

/** When it came last, of records with the newest first; `undefined` where that is not among them. */
export function lastActivation(records: readonly Pick<AlarmRecord, 'happening' | 'time'>[]): number | undefined {
  return records.find(({ happening }) => happening === 'activated')?.time;
}
