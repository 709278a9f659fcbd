/** How fresh what is served is: from the time of a sample in the field to when it can be read here. */

import { z } from 'zod';
import { TagIndex } from './tag.ts';
import { Instant } from './time.ts';

const lane = z.enum(['operational', 'analytical', 'audit']);
const lag = (description: string) => z.number().nullable().meta({ description });
const LATELY = 'of the present minute and the one before';

export const LaneLatency = z
  .object({
    lane: lane.meta({ description: 'The lane.' }),
    objectiveMs: z.number().meta({ description: '99 of 100 samples should be served within so many milliseconds.' }),
    samples: z
      .int()
      .min(0)
      .meta({ description: `Samples ${LATELY} that were newer than all before them of their tag.` }),
    p50Ms: lag('Half of them were served within so many milliseconds; null where none came.'),
    p99Ms: lag('99 of 100 of them were; at most an eighth above the exact value.'),
    maxMs: lag('All of them were.'),
    met: z.boolean().nullable().meta({ description: 'Whether the objective holds; null where no sample came.' }),
  })
  .meta({ id: 'LaneLatency', description: 'The latency of one lane, all gateways together.' });
export type LaneLatency = z.infer<typeof LaneLatency>;

export const TagLatency = z
  .object({
    tag: TagIndex,
    path: z.string().meta({ description: 'Path of the tag.', examples: ['acme/north/reactor/temperature'] }),
    lane: lane.meta({ description: 'Its lane, whose objective holds for it.' }),
    lastMs: z.number().meta({ description: 'Latency of its newest sample.' }),
    maxMs: z.number().meta({ description: `The longest ${LATELY}.` }),
    late: z
      .int()
      .min(0)
      .meta({ description: `Samples ${LATELY} that were later than the objective.` }),
  })
  .meta({ id: 'TagLatency', description: 'The latency of one tag.' });
export type TagLatency = z.infer<typeof TagLatency>;

export const Latency = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    lanes: z.array(LaneLatency).meta({ description: 'Operational, analytical, audit.' }),
    tags: z.array(TagLatency).meta({
      description: `Tags with samples ${LATELY} that were late, those with most first; or the tags that were asked for.`,
    }),
  })
  .meta({
    id: 'Latency',
    description:
      'Latencies span the clocks of gateway and server. What drains from a backlog, or was stored at a device, is not counted.',
  });
export type Latency = z.infer<typeof Latency>;
