/** The conduit policy at this end: what is declared, what of it has come, and what came and is not declared. */

import { z } from 'zod';
import { Instant } from './time.ts';

const lane = z.enum(['operational', 'analytical', 'audit']);
const gateway = z.string().meta({ description: 'The gateway.', examples: ['station-1'] });
const count = (description: string) => z.int().min(0).meta({ description });
const rate = (description: string) =>
  z
    .number()
    .min(0)
    .meta({ description, examples: [12.5] });

export const ObservedFlow = z
  .object({
    gateway,
    conduit: z.string().meta({ description: 'The conduit that the flow is of.', examples: ['plant-to-office'] }),
    flow: z.string().meta({ description: 'Its name, unique within the policy.', examples: ['plant-to-office/values'] }),
    subject: z.enum(['tags', 'devices', 'events', 'alarms']).meta({ description: 'What its patterns are of.' }),
    patterns: z.array(z.string()).meta({ description: 'What may cross by it.', examples: [['acme/north/**']] }),
    lane: lane.nullable().meta({ description: 'Its lane; null where both lanes of the plant will do.' }),
    classification: z.string().nullable().meta({ description: 'How what crosses is classified.' }),
    purpose: z.string().meta({ description: 'What it is needed for.' }),
    maxRate: z.number().nullable().meta({ description: 'Samples per second that are declared; null without a limit.' }),
    samples: count('Samples that were stored since the server was started.'),
    lastSeen: Instant.nullable().meta({
      description: 'When the last one came; null where none has: a flow never seen.',
    }),
    rate10s: rate('Samples per second over the last 10 s, by when they came: a backlog that drains counts too.'),
    rate60s: rate('The same over the last minute.'),
    refused: count('Samples that came and were left out: they were more than the rate allows.'),
    overRate: z.boolean().meta({ description: 'Whether there were such in the last minute.' }),
  })
  .meta({ id: 'ObservedFlow', description: 'A declared flow of one gateway beside what has been seen of it.' });
export type ObservedFlow = z.infer<typeof ObservedFlow>;

export const RefusedTag = z
  .object({
    gateway,
    path: z.string().meta({ description: 'Path of the tag, or `<gateway>/undefined/<number>`.' }),
    lane: lane.meta({ description: 'Its lane.' }),
    reason: z.enum(['undeclared', 'owned', 'foreign']).meta({
      description:
        'Why: the policy does not declare it, another gateway has its path, or it reports on something else than the gateway itself.',
    }),
    samples: count('Samples that were left out; 0 where only its definition has come.'),
    firstAt: Instant.meta({ description: 'When it was first refused.' }),
    lastAt: Instant.meta({ description: 'When it was last refused.' }),
  })
  .meta({ id: 'RefusedTag', description: 'A tag that came and was not taken.' });
export type RefusedTag = z.infer<typeof RefusedTag>;

export const GatewayPolicy = z
  .object({
    gateway,
    digest: z.string().nullable().meta({
      description:
        'The first 16 bytes of the digest of its policy, as its last heartbeat had it; null where it has none.',
    }),
    same: z.boolean().meta({ description: 'Whether that is the policy of this server.' }),
  })
  .meta({ id: 'GatewayPolicy', description: 'By which policy a gateway goes.' });
export type GatewayPolicy = z.infer<typeof GatewayPolicy>;

export const Policy = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    digest: z.string().nullable().meta({
      description: 'SHA-256 of what the policy says; null where the server has none and takes everything.',
    }),
    gateways: z.array(GatewayPolicy).meta({ description: 'Those that have been heard, in the order of their names.' }),
    flows: z.array(ObservedFlow).meta({ description: 'By gateway, in the order of the file.' }),
    refused: z.array(RefusedTag).meta({ description: 'In the order in which they came first; at most 1000.' }),
    refusedOthers: count('Samples of refused tags that are not in the list.'),
  })
  .meta({ id: 'Policy', description: 'Declared against observed, since the server was started.' });
export type Policy = z.infer<typeof Policy>;
