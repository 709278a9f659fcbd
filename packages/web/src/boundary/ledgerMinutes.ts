/** The signed ledger laid out as strips of minutes: what the server has proved of each, and until when. */

import { LANES } from '@tidegate/core/sample/lane.ts';
import type { LedgerMinute } from '@tidegate/platform/northbound/contract/accounts.ts';
import { streamKey } from './streamFlow.ts';

export interface MinuteCell {
  readonly startMs: number;
  /** `undefined` where the gateway has signed nothing for it. */
  readonly minute: LedgerMinute | undefined;
}

export interface MinuteRow {
  readonly gateway: string;
  readonly lane: LedgerMinute['lane'];
  /** The last hour of whole minutes, the oldest first. */
  readonly cells: readonly MinuteCell[];
  /** Up to here all that the gateway has signed is held, or its absence is explained; by the clock of the gateway. */
  readonly provedUntilMs: number | undefined;
  /** The newest that does not hold. */
  readonly broken: LedgerMinute | undefined;
}

export const STRIP_MINUTES = 60;
const MINUTE_MS = 60_000;
const US_PER_MS = 1_000;

/** One row for each stream that has signed; `minutes` in order of time. */
export function minuteRows(minutes: readonly LedgerMinute[], nowMs: number): MinuteRow[] {
  const rows = [...Map.groupBy(minutes, streamKey).values()].map((signed) => ({
    gateway: signed[0].gateway,
    lane: signed[0].lane,
    cells: cellsOf(signed, nowMs),
    provedUntilMs: provedUntilMs(signed),
    broken: signed.findLast(({ verdict }) => verdict === 'broken'),
  }));
  return rows.sort((a, b) => {
    return a.gateway.localeCompare(b.gateway) || LANES.indexOf(a.lane) - LANES.indexOf(b.lane);
  });
}

function cellsOf(signed: readonly LedgerMinute[], nowMs: number): MinuteCell[] {
  const byStart = new Map(signed.map((one) => [one.minute / US_PER_MS, one]));
  // A gateway whose clock is ahead signs for minutes that are not over here.
  const newestMs = signed[signed.length - 1].minute / US_PER_MS;
  const lastMs = Math.max((Math.floor(nowMs / MINUTE_MS) - 1) * MINUTE_MS, newestMs);
  return Array.from({ length: STRIP_MINUTES }, (_, place) => {
    const startMs = lastMs - (STRIP_MINUTES - 1 - place) * MINUTE_MS;
    return { startMs, minute: byStart.get(startMs) };
  });
}

function provedUntilMs(signed: readonly LedgerMinute[]): number | undefined {
  const open = signed.findIndex(({ verdict }) => verdict === 'waiting' || verdict === 'broken');
  const last = open < 0 ? signed.at(-1) : signed[open - 1];
  return last && last.minute / US_PER_MS + MINUTE_MS;
}
