/** Writes events into the log, each at its level. The receiver itself bounds how many refusals it reports. */

import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Logger } from 'pino';

/** Events that are not here, which a server does not make, would be errors. */
const LEVELS: Readonly<Partial<Record<EventKind, 'info' | 'warn'>>> = {
  'boundary.connected': 'info',
  'boundary.lost': 'warn',
};

export function logEvents(log: Logger): EventSink {
  return ({ kind, source, detail }) => log[LEVELS[kind] ?? 'error']({ event: kind, source }, detail);
}
