/** Server-sent events as bytes (WHATWG HTML, 9.2.6: interpreting an event stream). */

import type { LiveEventData, LiveEventName } from '../contract/live.ts';
import { jsonValues } from '../encoding/sampleJson.ts';
import type { LiveRows } from './rowBuffer.ts';

/** A line that begins with a colon is a comment: it keeps proxies and dead-peer detection content. */
export const HEARTBEAT_COMMENT = Buffer.from(': still here\n\n');
/** How long a browser waits before it connects again. */
export const RETRY_LINE = 'retry: 1000\n\n';

/** JSON holds no line break, so that the data of an event is always one line. */
export function eventText<Name extends LiveEventName>(name: Name, data: LiveEventData[Name]): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

export function samplesEvent(rows: LiveRows): Buffer {
  const { count } = rows;
  return eventText('samples', {
    tags: Array.from(rows.tags.subarray(0, count)),
    times: Array.from(rows.times.subarray(0, count)),
    values: jsonValues(rows.values, count),
    statuses: Array.from(rows.statuses.subarray(0, count)),
    skipped: rows.skipped,
  });
}
