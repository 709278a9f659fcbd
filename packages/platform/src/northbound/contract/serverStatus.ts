/** The state of the server process. */

import { z } from 'zod';
import { Instant } from './time.ts';

const HistorianStatus = z.object({
  samples: z.int().meta({ description: 'Samples held, wherever they are.' }),
  hotSamples: z.int().meta({ description: 'Of these, in memory and in the log, and not in a segment yet.' }),
  hotBytes: z.int().meta({ description: 'Memory that they take.' }),
  segments: z.int().meta({ description: 'Segment files.' }),
  segmentBytes: z.int().meta({ description: 'Size of all segment files.' }),
  logBytes: z.int().meta({ description: 'Size of the write-ahead log.' }),
  diskBytes: z.int().meta({ description: 'Size of segments and log together.' }),
  freeDiskBytes: z.int().nullable().meta({
    description:
      'What the disk of the data directory can still take, at most 5 s old; null where the system does not say.',
  }),
  damage: z.int().meta({ description: 'Damaged places found in segments since the start; the log names each.' }),
});

export const CertificateEnd = z
  .object({
    holder: z.string().meta({ description: 'The name in it.', examples: ['station-1'] }),
    role: z.enum(['server', 'authority', 'relay', 'gateway']).meta({ description: 'What its holder is.' }),
    validUntil: Instant.meta({ description: 'When it ends.' }),
    daysLeft: z.int().meta({ description: 'Whole days until then; below 0 where it has ended.', examples: [90] }),
  })
  .meta({ id: 'CertificateEnd', description: 'How long a certificate of the boundary still holds.' });
export type CertificateEnd = z.infer<typeof CertificateEnd>;

export const ServerStatus = z
  .object({
    at: Instant,
    name: z.literal('tidegate').meta({ description: 'The product.' }),
    version: z.string().meta({ description: 'Version of the server.', examples: ['0.1.0'] }),
    startedAt: Instant.meta({ description: 'When the process began to serve.' }),
    uptimeS: z.number().meta({ description: 'Seconds since then.', examples: [86_400.5] }),
    residentBytes: z.int().meta({ description: 'Resident memory of the process.', examples: [120_000_000] }),
    tags: z.int().meta({ description: 'Tags of the plant that are defined.' }),
    systemTags: z.int().meta({ description: 'Tags in which Tidegate reports on itself.' }),
    liveClients: z.int().meta({ description: 'Connections to the live stream.' }),
    samplesPerSecond: z.number().meta({
      description: 'Samples that have become durable per second, over the last seconds.',
      examples: [10_000],
    }),
    certificates: z.array(CertificateEnd).meta({
      description:
        'Of the server, its authorities, relays that are connected, and gateways as they last said; those that end first come first.',
    }),
    healthRevision: z.int().nullable().meta({
      description: 'Another number after any change of a case of equipment health; null where there is none.',
    }),
    historian: HistorianStatus.meta({ description: 'What the historian holds, and what that takes.' }),
  })
  .meta({ id: 'ServerStatus', description: 'The server process and its historian.' });
export type ServerStatus = z.infer<typeof ServerStatus>;
