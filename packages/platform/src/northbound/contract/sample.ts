/** Samples: one on its own, and many as columns. */

import { z } from 'zod';
import { Instant } from './time.ts';

/** The strings that stand for the numbers that JSON cannot write. */
export const NON_FINITE = ['NaN', 'Infinity', '-Infinity'] as const;

export const SampleValue = z.union([z.number(), z.string(), z.null()]).meta({
  id: 'SampleValue',
  description:
    'The value, or null where the sample has only a status. Where the type of the tag is not `string`, the strings ' +
    '"NaN", "Infinity" and "-Infinity" stand for the numbers that JSON cannot write. Booleans are 0 and 1.',
  examples: [71.93, 'running', null, 'NaN'],
});
export type SampleValue = z.infer<typeof SampleValue>;

export const StatusBits = z
  .int()
  .min(0)
  .max(0xffffffff)
  .meta({
    id: 'StatusCode',
    description:
      'OPC UA StatusCode, all 32 bits, unsigned (OPC UA Part 4, 7.39). Bits 30-31 are the severity: 0 good, 1 uncertain, ' +
      '2 and 3 bad. Never compare it with 0 to learn whether a sample is good.',
    examples: [0, 2_148_139_008],
  });
export type StatusBits = z.infer<typeof StatusBits>;

export const Sample = z
  .object({
    time: Instant,
    value: SampleValue,
    status: StatusBits,
    statusName: z.string().meta({
      description: 'Name of the status, or its hexadecimal form where it has none here.',
      examples: ['Good', 'BadTimeout', '0x80FF0000'],
    }),
  })
  .meta({ id: 'Sample', description: 'One sample of a tag.' });
export type Sample = z.infer<typeof Sample>;

/** Columns of equal length; row `i` is one sample of tag `tags[i]`. */
export const SampleRows = z
  .object({
    tags: z.array(z.int().min(0)).meta({ description: 'Index of the tag of each row.', examples: [[0, 1, 0]] }),
    times: z.array(Instant).meta({ description: 'Time of each row, in microseconds.' }),
    values: z.array(SampleValue).meta({ description: 'Value of each row.' }),
    statuses: z.array(StatusBits).meta({ description: 'OPC UA StatusCode of each row.' }),
  })
  .meta({ id: 'SampleRows', description: 'Samples of several tags as columns of equal length, one row per sample.' });
export type SampleRows = z.infer<typeof SampleRows>;

export const LatestRows = SampleRows.extend({
  paths: z.array(z.string()).meta({ description: 'Path of the tag of each row.' }),
}).meta({ id: 'LatestRows', description: 'The latest samples of several tags as columns, one row per tag.' });
export type LatestRows = z.infer<typeof LatestRows>;
