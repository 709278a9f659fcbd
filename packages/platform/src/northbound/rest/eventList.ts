/** The events of gateways and server, as they are asked for. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import type { z } from 'zod';
import type { EventList, EventListQuery } from '../contract/accounts.ts';
import type { SeenEvent } from '../sql/plantTables.ts';
import { rangeOf } from './askedRange.ts';
import { answer, type Outcome } from './outcome.ts';

export function listEvents(
  events: readonly SeenEvent[],
  query: z.output<typeof EventListQuery>,
  now: Timestamp,
): Outcome<EventList> {
  // What has just happened has happened now: a clock of a gateway may be a little ahead.
  const { start, end } = rangeOf(query, now);
  const last = query.end === '*' ? Number.POSITIVE_INFINITY : end;
  const kinds = query.kind === undefined ? undefined : new TagPattern(query.kind);
  const found = events.filter(
    ({ at, kind, gateway }) =>
      at >= start && at < last && (kinds?.matches(kind) ?? true) && (query.gateway ?? gateway) === gateway,
  );
  const sorted = found.sort((a, b) => a.at - b.at).slice(-query.limit);
  return answer({
    events: sorted.map(({ at, kind, gateway = null, source, detail }) => ({ time: at, kind, gateway, source, detail })),
  });
}
