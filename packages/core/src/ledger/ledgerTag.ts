/**
 * The tags in which a gateway accounts for itself: `<gateway>/_ledger/<lane>` for signed checkpoints,
 * `<gateway>/_ledger/certificate` for what they are verified with, and `<gateway>/_events/<kind>` for what it has to report.
 */

import { EVENT_KINDS, type EventKind } from '../port/eventSink.ts';
import { LANES, type Lane } from '../sample/lane.ts';

/** A minute is the unit of the ledger: so often a lane is signed for. */
export const CHECKPOINT_INTERVAL_MS = 60_000;

const LEDGER_FOLDER = '_ledger';
const EVENT_FOLDER = '_events';

export type LedgerSignal = Lane | 'certificate';

export const LEDGER_SIGNALS = [...LANES, 'certificate'] as const satisfies readonly LedgerSignal[];

export function ledgerTagPath(gateway: string, signal: LedgerSignal): string {
  return `${gateway}/${LEDGER_FOLDER}/${signal}`;
}

export function parseLedgerTagPath(gateway: string, path: string): LedgerSignal | undefined {
  return LEDGER_SIGNALS.find((signal) => path === ledgerTagPath(gateway, signal));
}

export function eventTagPath(gateway: string, kind: EventKind): string {
  return `${gateway}/${EVENT_FOLDER}/${kind}`;
}

export function parseEventTagPath(gateway: string, path: string): EventKind | undefined {
  const start = `${gateway}/${EVENT_FOLDER}/`;
  return path.startsWith(start)
    ? EVENT_KINDS.find((kind) => path.length === start.length + kind.length && path.endsWith(kind))
    : undefined;
}
