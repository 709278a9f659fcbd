/** What speaks for a case or against it, as columns for plots. */

import { z } from 'zod';
import { HealthLimit, LIFE } from './healthParts.ts';
import { Instant, TimeExpression } from './time.ts';

export const MAX_EVIDENCE_POINTS = 2_000;

const column = (description: string) => z.array(z.number().nullable()).meta({ description });

export const HealthEvidenceQuery = z.strictObject({
  number: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Of this case; or `watch`.', examples: [7] }),
  watch: z
    .string()
    .optional()
    .meta({ description: 'Of this watch: its id, or path of its asset, a slash and its name.' }),
  start: TimeExpression.optional().meta({
    description:
      'First moment (default: of a case half as long before it began, and two weeks at least; else 30 days ago).',
  }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
  points: z.coerce
    .number()
    .int()
    .min(2)
    .max(MAX_EVIDENCE_POINTS)
    .default(500)
    .meta({ description: 'At most so many points: more rows than that are put together.' }),
});

const SignSeries = z
  .object({
    feature: z.string().meta({ description: 'Name of the feature.' }),
    unit: z.string().meta({ description: 'UCUM code.' }),
    description: z.string().meta({ description: 'What it tells.' }),
    share: z
      .number()
      .nullable()
      .meta({ description: 'Its part of what is strange now, from 0 to 1; null without a score.' }),
    mean: column('Mean of the rows of each point; null where there are none.'),
    least: column('The least of them.'),
    greatest: column('The greatest of them.'),
    level: column('The last smoothed level in each, as the model that scored then saw it; null where there is none.'),
    normal: z.object({ at: z.number(), low: z.number(), high: z.number() }).nullable().meta({
      description: 'The level that was learned, with three normal deviations to each side; null without a model.',
    }),
    limit: HealthLimit.nullable().meta({ description: 'The limit, where there is one.' }),
    since: Instant.nullable().meta({ description: 'When it began to drift; null where it does not.' }),
    trend: z
      .object({
        times: z.array(Instant).min(2).max(3),
        values: z.array(z.number()).min(2).max(3),
      })
      .nullable()
      .meta({
        description:
          'Its drift in straight lines: where it began, where it stands, and the limit at the median of its life, where it has one.',
      }),
    ...LIFE,
  })
  .meta({ id: 'SignSeries', description: 'A feature over time, against what is normal and where it must not get to.' });

export const HealthEvidence = z
  .object({
    watch: z.string().meta({ description: 'Id of the watch.' }),
    number: z.int().nullable().meta({ description: 'The case; null where a watch was asked for.' }),
    start: Instant,
    end: Instant,
    pointSeconds: z
      .number()
      .meta({ description: 'What a point stands for: a whole number of intervals of the watch.' }),
    times: z.array(Instant).meta({ description: 'Beginnings of the points; all columns are as long as this one.' }),
    quality: column('The least share of good data in each; null where there is no row.'),
    score: column('The greatest score in each; null where there is none.'),
    threshold: z.number().nullable().meta({ description: 'Above it a row is strange; null without a model.' }),
    signs: z
      .array(SignSeries)
      .meta({ description: 'The features, first those of the case in its order, then by their part of the score.' }),
    damage: z
      .array(
        z.object({
          name: z.string().meta({ description: 'Name of what wears.' }),
          part: z.string().meta({ description: 'What wears.' }),
          cause: z.string().meta({ description: 'By what.' }),
          values: column("Miner's sum at the end of each; null where not known."),
          ...LIFE,
        }),
      )
      .meta({ description: 'What wears.' }),
    notes: z
      .array(z.string())
      .meta({ description: 'What must be known of these columns; a part that could not be read.' }),
  })
  .meta({ id: 'HealthEvidence', description: 'Score, features and damage over time, in columns of equal length.' });
export type HealthEvidence = z.infer<typeof HealthEvidence>;
