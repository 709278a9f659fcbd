/** What may be brought into history through the interface: samples of elsewhere, corrections and notes. */

import { z } from 'zod';
import { StatusBits } from './sample.ts';
import { Instant } from './time.ts';

export const MAX_IMPORT_BYTES = 64 * 1024 * 1024;
export const MAX_CHANGE_BYTES = 8 * 1024 * 1024;

const Moment = z.union([z.int(), z.string()]).meta({
  description: 'Microseconds since 1970 UTC, or RFC 3339 with an offset.',
  examples: ['2012-01-02T12:00:10Z', 1_325_505_610_000_000],
});
const Status = z.union([z.int().min(0).max(0xffffffff), z.string()]).meta({
  description: 'OPC UA StatusCode as a number or by name; Good where it is absent.',
  examples: ['Good', 'BadNoData', 0],
});
const Value = z.union([z.number(), z.boolean(), z.string(), z.null()]).meta({
  description: 'As in answers: "NaN", "Infinity" and "-Infinity" are numbers where the tag is not one of strings.',
});
const SAMPLES = {
  samples: z
    .array(z.strictObject({ time: Moment, value: Value, status: Status.optional() }))
    .optional()
    .meta({ description: 'The samples one by one, in any order; or `times`, `values` and `statuses` as columns.' }),
  times: z.array(Moment).optional().meta({ description: 'Times, as a column.' }),
  values: z.array(Value).optional().meta({ description: 'Values, as a column as long as the times.' }),
  statuses: z.array(Status).optional().meta({ description: 'Statuses, as a column; Good where it is absent.' }),
};
const AUTHOR = z.string().min(1).max(200);

export const ImportBody = z
  .strictObject({
    by: AUTHOR.default('import').meta({ description: 'Who brings the samples in.' }),
    series: z
      .array(
        z.strictObject({
          path: z.string().meta({ description: 'Path of the tag, which is made where there is none.' }),
          type: z.enum(['number', 'boolean', 'string']).default('number').meta({ description: 'Type of its values.' }),
          stepped: z.boolean().default(false).meta({ description: 'True where a value holds until the next.' }),
          unit: z.string().default('').meta({
            description:
              'Unit as a UCUM code: values are converted to that of the tag; where it is absent they are in it.',
          }),
          description: z.string().default('').meta({ description: 'What the signal is.' }),
          ...SAMPLES,
        }),
      )
      .min(1)
      .meta({ description: 'Samples by tag.' }),
  })
  .meta({ id: 'ImportBody', description: 'Samples of elsewhere, by tag.' });
export type ImportBody = z.output<typeof ImportBody>;

export const ImportAnswer = z
  .object({
    series: z.array(
      z.object({
        tag: z.int().meta({ description: 'Index of the tag.' }),
        path: z.string().meta({ description: 'Its path.' }),
        unit: z.string().meta({ description: 'The unit that they are kept in.' }),
        samples: z.int().meta({ description: 'How many samples were added; they are durable.' }),
      }),
    ),
  })
  .meta({ id: 'ImportAnswer', description: 'What was added.' });

export const EditBody = z
  .strictObject({
    tag: z.union([z.int(), z.string()]).meta({ description: 'Index, path, id or alias of the tag.' }),
    kind: z.enum(['insert', 'replace', 'update', 'delete']).meta({
      description: 'Writes where no value is, where one is, either; or deletes (OPC UA Part 11, 6.7 and 6.9).',
    }),
    by: AUTHOR.meta({ description: 'Who changes history.' }),
    reason: AUTHOR.meta({ description: 'Why.' }),
    ...SAMPLES,
    start: Moment.optional().meta({
      description: 'To delete a range: its first moment. To delete single values: `times`.',
    }),
    end: Moment.optional().meta({ description: 'Its end, itself not included.' }),
  })
  .meta({ id: 'EditBody', description: 'A correction; what was there before is kept.' });
export type EditBody = z.output<typeof EditBody>;

export const EditAnswer = z
  .object({
    edit: z.int().nullable().meta({ description: 'Number of the edit; null where it would have changed nothing.' }),
    at: Instant.nullable().meta({ description: 'When it was recorded.' }),
    results: z.array(StatusBits).meta({ description: 'What became of each sample or time; one for a range.' }),
    resultNames: z.array(z.string()).meta({ description: 'The same by name.', examples: [['GoodEntryReplaced']] }),
  })
  .meta({ id: 'EditAnswer', description: 'What became of a correction.' });

export const AnnotationBody = z
  .strictObject({
    id: z
      .int()
      .optional()
      .meta({ description: 'Number of the note that is changed or removed; without it a new one.' }),
    tag: z.union([z.int(), z.string()]).optional().meta({ description: 'Of a new note: index, path, id or alias.' }),
    time: Moment.optional().meta({ description: 'Of a new note: the moment that it is about.' }),
    text: z.string().max(10_000).nullable().meta({ description: 'The note; null removes it.' }),
    by: AUTHOR.meta({ description: 'Who writes it.' }),
  })
  .meta({ id: 'AnnotationBody', description: 'A note on a tag.' });
export type AnnotationBody = z.output<typeof AnnotationBody>;

export const AnnotationAnswer = z
  .object({
    id: z.int().meta({ description: 'Number of the note.' }),
    tag: z.int().meta({ description: 'Index of its tag.' }),
    time: Instant,
    text: z.string().nullable().meta({ description: 'The note; null where it was removed.' }),
    by: z.string().meta({ description: 'Who wrote it.' }),
    at: Instant,
  })
  .meta({ id: 'AnnotationAnswer', description: 'A note as it was recorded.' });
