/** The events of the live stream (server-sent events, WHATWG HTML 9.2). */

import { z } from 'zod';
import { Boundary } from './boundary.ts';
import { SampleRows } from './sample.ts';

/** Payload of the events `latest` and `samples`. */
export const LiveSamples = z
  .object({
    ...SampleRows.shape,
    skipped: z
      .int()
      .min(0)
      .meta({
        description:
          'Samples since the event before that this connection was not sent, because they came faster than it could take ' +
          'them; for every tag the latest of them is in this event. They are in the archive: read them with /samples.',
      }),
  })
  .meta({ id: 'LiveSamples', description: 'Samples that have become durable, as columns of equal length.' });
export type LiveSamples = z.infer<typeof LiveSamples>;

/** The payload of each event by its name; the keys are the names that `EventSource.addEventListener` takes. */
export const LIVE_EVENTS = {
  /** Once, at the beginning: the latest sample of every tag asked for. */
  latest: LiveSamples,
  /** Samples as they become durable, at most every 50 ms. */
  samples: LiveSamples,
  /** The state of the boundary, every second. */
  boundary: Boundary,
} as const;

export type LiveEventName = keyof typeof LIVE_EVENTS;
/** The parsed `data` of each event. */
export type LiveEventData = { [Name in LiveEventName]: z.infer<(typeof LIVE_EVENTS)[Name]> };
