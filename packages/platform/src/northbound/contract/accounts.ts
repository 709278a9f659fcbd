/** What is told of the past of the boundary: minutes of the signed ledger, and events of gateways and server. */

import { z } from 'zod';
import { Instant, TimeExpression } from './time.ts';

const lane = z.enum(['operational', 'analytical', 'audit']);
const count = (description: string) => z.int().meta({ description });
const GATEWAY = z.string().meta({ description: 'Name of the gateway.', examples: ['station-1'] });

const RANGE = {
  gateway: GATEWAY.optional().meta({ description: 'Of this gateway only.' }),
  start: TimeExpression.default('*-1h').meta({ description: 'First moment (default: an hour ago).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
};

export const MAX_LEDGER_MINUTES = 10_000;
export const MAX_EVENTS = 10_000;

export const LedgerMinutesQuery = z.strictObject({
  ...RANGE,
  lane: lane.optional().meta({ description: 'Of this lane only.' }),
});

export const LedgerHole = z
  .object({
    epoch: z.int().meta({ description: 'Where the missing blocks stand in their stream.' }),
    sequence: z.int().meta({ description: 'The first of them.' }),
    blocks: count('How many.'),
    reason: z.string().meta({
      description: 'expired, damaged, diode, before this server, or unknown.',
      examples: ['expired'],
    }),
  })
  .meta({ id: 'LedgerHole', description: 'Blocks that a gateway signed for and that this server does not hold.' });

export const LedgerMinute = z
  .object({
    minute: Instant.meta({ description: 'When it began, by the clock of the gateway.' }),
    gateway: GATEWAY,
    lane: lane.meta({ description: 'Lane of the gateway.' }),
    checkpoints: z.array(z.int()).meta({ description: 'Numbers of the checkpoints that the gateway signed in it.' }),
    samplesRead: count('Decoded from answers of devices, or made in place of one that did not come.'),
    notGood: count('Of these, with a status that is not good.'),
    suppressed: count('Left out by exception reporting.'),
    compressed: count('Left out by compression.'),
    refused: count('Not taken by the gateway.'),
    forbidden: count('Of the refused, those that the conduit policy does not let cross.'),
    expired: count('Dropped undelivered because the spool had reached its limit, whenever they were read.'),
    damaged: count('Found unreadable in the spool, whenever they were read.'),
    spooled: count('In blocks that were sealed, and that the gateway signed for.'),
    sent: count('Acknowledged by the other side.'),
    received: count('Of the spooled, in blocks that this server holds.'),
    stored: count('Of the received, those that went into the archive.'),
    verdict: z.enum(['proved', 'holes', 'waiting', 'broken']).meta({
      description:
        'proved: every block is held, and is what was signed; holes: but for blocks whose absence is explained; waiting: ' +
        'something may still come; broken: something does not fit.',
    }),
    detail: z.string().meta({ description: 'What is wrong, or what is waited for; empty where all is well.' }),
    holes: z.array(LedgerHole).meta({ description: 'What is missing.' }),
  })
  .meta({ id: 'LedgerMinute', description: 'A minute of a lane: what its gateway signed, and what of it is here.' });
export type LedgerMinute = z.infer<typeof LedgerMinute>;

export const LedgerMinutes = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    minutes: z.array(LedgerMinute).meta({ description: 'In order of time, gateway and lane.' }),
    truncated: z
      .boolean()
      .meta({ description: `Whether there are more than ${MAX_LEDGER_MINUTES}: the latest are here.` }),
  })
  .meta({ id: 'LedgerMinutes', description: 'The signed ledger, minute by minute.' });
export type LedgerMinutes = z.infer<typeof LedgerMinutes>;

export const EventListQuery = z.strictObject({
  ...RANGE,
  kind: z
    .string()
    .optional()
    .meta({
      description: 'A kind of event, or a pattern such as guard.*',
      examples: ['ledger.broken', 'boundary.*'],
    }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_EVENTS)
    .default(1_000)
    .meta({ description: 'Most events, the latest.' }),
});

export const PlantEventJson = z
  .object({
    time: Instant.meta({ description: 'When it happened, by the clock of where it did.' }),
    kind: z.string().meta({ description: 'What happened.', examples: ['guard.refused'] }),
    gateway: z.string().nullable().meta({ description: 'Where: the gateway; null for this server.' }),
    source: z.string().meta({ description: 'What it happened to.' }),
    detail: z.string().meta({ description: 'One sentence with the numbers and names at hand.' }),
  })
  .meta({ id: 'PlantEvent', description: 'Something that a person should know and that is not a sample.' });

export const EventList = z
  .object({ events: z.array(PlantEventJson).meta({ description: 'In order of time.' }) })
  .meta({ id: 'EventList', description: 'Events of the gateways and of this server.' });
export type EventList = z.infer<typeof EventList>;
