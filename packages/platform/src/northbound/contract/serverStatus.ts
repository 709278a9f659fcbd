/** The state of the server process. */

import { z } from 'zod';
import { Instant } from './time.ts';

export const ServerStatus = z
  .object({
    at: Instant,
    name: z.literal('tidegate').meta({ description: 'The product.' }),
    version: z.string().meta({ description: 'Version of the server.', examples: ['0.1.0'] }),
    startedAt: Instant.meta({ description: 'When the process began to serve.' }),
    uptimeS: z.number().meta({ description: 'Seconds since then.', examples: [86_400.5] }),
    residentBytes: z.int().meta({ description: 'Resident memory of the process.', examples: [120_000_000] }),
    tags: z.int().meta({ description: 'Tags that are defined.' }),
    liveClients: z.int().meta({ description: 'Connections to the live stream.' }),
    samplesPerSecond: z.number().meta({
      description: 'Samples that have become durable per second, over the last seconds.',
      examples: [10_000],
    }),
    historian: z.record(z.string(), z.number()).meta({
      description: 'Counters of the historian by name; the unit is the end of the name.',
    }),
  })
  .meta({ id: 'ServerStatus', description: 'The server process and its historian.' });
export type ServerStatus = z.infer<typeof ServerStatus>;
