/** The history of one tag: what may be asked, and the columns that answer it. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { z } from 'zod';
import { SampleValue, StatusBits } from './sample.ts';
import { TagIndex } from './tag.ts';
import { Instant, TimeExpression } from './time.ts';

export const DEFAULT_SAMPLE_LIMIT = 10_000;
export const MAX_SAMPLE_LIMIT = 100_000;
/** An interpolated read without an interval divides its range into this many, as many as a chart has pixels to show. */
export const DEFAULT_INTERVALS = 600;

export const SeriesMode = z.enum(['raw', 'interpolated']).meta({
  description:
    '`raw`: samples as stored. `interpolated`: one value at `start` and at every `interval` after it (OPC UA Part 13, ' +
    '5.4.3.3): on a line between good samples, or the value before where the tag is stepped.',
});
export type SeriesMode = z.infer<typeof SeriesMode>;

export const Series = z
  .object({
    tag: TagIndex,
    path: z.string().meta({ description: 'Path of the tag.', examples: ['acme/north/reactor/temperature'] }),
    valueType: z.enum(['number', 'boolean', 'string']).meta({
      description: 'Type of the tag: where it is not `string`, "NaN", "Infinity" and "-Infinity" are numbers.',
    }),
    unit: z.string().meta({ description: 'Unit as a UCUM code; empty where there is none.', examples: ['Cel'] }),
    stepped: z.boolean().meta({ description: 'True where a value holds until the next.' }),
    mode: SeriesMode,
    start: Instant.meta({ description: 'First moment of the range, as resolved by the server; itself included.' }),
    end: Instant.meta({ description: 'End of the range, itself not included.' }),
    intervalUs: z.int().min(1).nullable().meta({
      description: 'Distance between interpolated values in microseconds; null for raw samples.',
    }),
    times: z.array(Instant).meta({ description: 'Times in ascending order, in microseconds.' }),
    values: z.array(SampleValue).meta({ description: 'One value for each time.' }),
    statuses: z.array(StatusBits).meta({ description: 'One OPC UA StatusCode for each time.' }),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Cursor of the next page; null where this one completes the range.' }),
  })
  .meta({ id: 'Series', description: 'Samples of one tag as columns of equal length.' });
export type Series = z.infer<typeof Series>;

export const SeriesQuery = z.strictObject({
  start: TimeExpression.default('*-1h').meta({ description: 'First moment of the range (see TimeExpression).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (see TimeExpression).' }),
  timeZone: z
    .string()
    .default('UTC')
    .refine(isTimeZone, { error: 'must be a time zone of the IANA list, such as Europe/Berlin' })
    .meta({ description: 'Whose clock and calendar the times mean, as an IANA name.', examples: ['Europe/Berlin'] }),
  mode: SeriesMode.default('raw'),
  interval: z
    .string()
    .refine(isInterval, { error: 'must be a duration of at least 1us, such as 500ms, 10s, 5min, 1h' })
    .optional()
    .meta({
      description: `Distance between interpolated values; where it is absent, a ${DEFAULT_INTERVALS}th of the range.`,
      examples: ['10s', '5min'],
    }),
  first: z
    .enum(['oldest', 'newest'])
    .default('oldest')
    .meta({
      description:
        'Which end of the range the first page holds; the pages behind it go on towards the other. Times ascend within a ' +
        'page either way.',
    }),
  limit: z.coerce.number().int().min(1).max(MAX_SAMPLE_LIMIT).default(DEFAULT_SAMPLE_LIMIT).meta({
    description: 'Most samples in one answer.',
  }),
  cursor: z.string().optional().meta({
    description:
      '`next` of the page before. It holds the range, mode and order of the first page, which are then not needed.',
  }),
});
export type SeriesQuery = z.infer<typeof SeriesQuery>;

function isInterval(text: string): boolean {
  const ms = parseDurationMs(text);
  return ms !== undefined && ms >= 0.001;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
