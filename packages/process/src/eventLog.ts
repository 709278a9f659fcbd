/** Writes events into the log, each at its level; a source that says the same kind of thing again and again is counted. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink, PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { ProcessLog } from './processLog.ts';

type Level = 'info' | 'warn' | 'error';

const LEVELS: Readonly<Record<EventKind, Level>> = {
  'guard.refused': 'error',
  'device.connected': 'info',
  'device.lost': 'warn',
  'device.address-refused': 'warn',
  'device.identity-changed': 'warn',
  'device.diagnosis': 'warn',
  'device.restarted': 'warn',
  'device.events-lost': 'warn',
  'device.configuration-changed': 'info',
  'device.master-changed': 'error',
  'bus.station-lost': 'warn',
  'bus.station-returned': 'info',
  'bus.station-moved': 'error',
  'bus.masters-changed': 'warn',
  'bus.token-lost': 'warn',
  'line.connected': 'info',
  'line.lost': 'warn',
  'line.call-refused': 'error',
  'boundary.connected': 'info',
  'boundary.lost': 'warn',
  'boundary.refused': 'error',
  'boundary.gap': 'error',
  'boundary.advice': 'warn',
  'policy.refused': 'error',
  'policy.differs': 'warn',
  'policy.agrees': 'info',
  'certificate.changed': 'info',
  'certificate.unusable': 'error',
  'certificate.expiring': 'warn',
  'certificate.expired': 'error',
  'certificate.revoked': 'error',
  'certificate.list-outdated': 'warn',
  'journal.damaged': 'error',
  'alarms.unwritable': 'error',
  'alarms.writable': 'info',
  'archive.damaged': 'error',
  'archive.merge-failed': 'warn',
  'frames.failed': 'warn',
  'health.case-opened': 'warn',
  'health.order-failed': 'warn',
  'health.unwritable': 'error',
  'health.writable': 'info',
  'health.failed': 'error',
  'health.model-learned': 'info',
  'health.model-outdated': 'warn',
  'lake.published': 'info',
  'lake.failed': 'error',
  'ledger.broken': 'error',
  'live.unavailable': 'warn',
  'model.changed': 'info',
  'model.defective': 'warn',
  'spool.expired': 'error',
  'spool.refused': 'error',
  'spool.unreadable': 'error',
  'worker.crashed': 'error',
};

/** So many lines of one kind and source are written in a window; those beyond are counted. */
const LINES_PER_WINDOW = 5;
const WINDOW_MS = 60_000;
/** Sources can be addresses of strangers: beyond so many, those that are quiet are forgotten. */
const MAX_WINDOWS = 1_000;

interface Window {
  startMs: number;
  lines: number;
  /** Events of this window that were not written. */
  unwritten: number;
}

/** An event sink. The first line of a window says how many events of its kind and source were left out before it. */
export function logEvents(log: ProcessLog, clock: Clock): EventSink {
  const windows = new Map<string, Window>();
  return (event) => {
    const key = `${event.kind} ${event.source}`;
    const nowMs = clock.elapsedMs();
    let window = windows.get(key);
    if (window === undefined) {
      if (windows.size >= MAX_WINDOWS) forgetQuiet(windows, nowMs);
      window = { startMs: nowMs, lines: 0, unwritten: 0 };
      windows.set(key, window);
    }
    if (nowMs - window.startMs >= WINDOW_MS) {
      window.startMs = nowMs;
      window.lines = 0;
    }
    if (window.lines >= LINES_PER_WINDOW) {
      window.unwritten++;
      return;
    }
    window.lines++;
    write(log, event, window.unwritten);
    window.unwritten = 0;
  };
}

function forgetQuiet(windows: Map<string, Window>, nowMs: number): void {
  for (const [key, { startMs, unwritten }] of windows) {
    if (unwritten === 0 && nowMs - startMs >= WINDOW_MS) windows.delete(key);
  }
}

function write(log: ProcessLog, { kind, source, detail }: PlantEvent, unwritten: number): void {
  const fields = unwritten === 0 ? { event: kind, source } : { event: kind, source, unwritten };
  log[LEVELS[kind]](fields, detail);
}
