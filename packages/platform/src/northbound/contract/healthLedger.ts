/** What equipment health has been worth: its account of right and wrong, labels from findings, sets of features. */

import { z } from 'zod';
import { FINDING_OUTCOMES } from '../../monitor/health/cases/healthCase.ts';
import { AUTHOR, count, HealthAsset, WATCH_NAME } from './healthParts.ts';
import { Instant, TimeExpression } from './time.ts';

const RANGE = {
  start: TimeExpression.default('*-365d').meta({ description: 'First moment (default: a year ago).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
};

export const HealthLedgerQuery = z.strictObject(RANGE);

const ACCOUNT = {
  opened: count('Cases that were opened in the range.'),
  withFinding: count('Of them, those of which somebody said what was found.'),
  confirmed: count('The fault was there.'),
  otherCause: count('There was something else.'),
  nothingFound: count('There was nothing: false cases.'),
  precision: z
    .object({
      share: z.number().nullable().meta({ description: 'Confirmed of those with a finding; null without any.' }),
      low: z.number().meta({ description: 'Lower end of the interval of 95 % (Wilson).' }),
      high: z.number().meta({ description: 'Upper end.' }),
      words: z.string().meta({ description: 'The same in words, and where there are too few to say.' }),
    })
    .meta({ description: 'How often a case was right.' }),
  lead: z
    .object({
      medianDays: z.number().meta({ description: 'Half of them were longer ahead.' }),
      leastDays: z.number().meta({ description: 'The shortest.' }),
      mostDays: z.number().meta({ description: 'The longest.' }),
    })
    .nullable()
    .meta({
      description: 'From the opening of a confirmed case until it failed, or was found before that; null for none.',
    }),
  equipmentYears: z.number().meta({ description: 'Time that was judged, of all equipment together.' }),
  falsePerYear: z
    .number()
    .nullable()
    .meta({ description: 'False cases in a year of one equipment; null without time.' }),
  overdue: z.array(z.int()).meta({
    description: 'Numbers of cases without a finding after a month: they make all of the above less sure.',
  }),
};

export const HealthLedger = z
  .object({
    start: Instant,
    end: Instant,
    ...ACCOUNT,
    watches: z
      .array(z.object({ watch: z.string().meta({ description: 'Id of the watch.' }), ...ACCOUNT }))
      .meta({ description: 'The same by watch.' }),
  })
  .meta({ id: 'HealthLedger', description: 'How often it was right, how early, and how often it called for nothing.' });
export type HealthLedger = z.infer<typeof HealthLedger>;

export const HealthLabelsQuery = z.strictObject({
  ...RANGE,
  watch: z.string().optional().meta({ description: 'Of one watch only.' }),
});

export const HealthLabels = z
  .object({
    labels: z
      .array(
        z.object({
          watch: z.string().meta({ description: 'Id of the watch.' }),
          asset: HealthAsset,
          start: Instant.meta({ description: 'Of the time that the label is for.' }),
          end: Instant.meta({ description: 'Its end, itself not included.' }),
          outcome: z.enum(FINDING_OUTCOMES).meta({ description: 'What was found.' }),
          failure: z.string().nullable().meta({ description: 'What it was; null where there was nothing.' }),
          number: z.int().meta({ description: 'The case that it comes from.' }),
          by: z.string().meta({ description: 'Who found it.' }),
        }),
      )
      .meta({ description: 'In order of time.' }),
  })
  .meta({ id: 'HealthLabels', description: 'What findings say of times: for the next learning, here or elsewhere.' });
export type HealthLabels = z.infer<typeof HealthLabels>;

export const FeatureExportBody = z
  .strictObject({
    watch: WATCH_NAME,
    start: TimeExpression.meta({ description: 'First moment.' }),
    end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
    knownAt: TimeExpression.optional().meta({ description: 'Only what was known then (default: what is known now).' }),
    labels: z.boolean().default(true).meta({ description: 'With a column of what findings say of each row.' }),
    by: AUTHOR.meta({ description: 'Who asks for it.' }),
  })
  .meta({ id: 'FeatureExportBody', description: 'Rows of features to be exported.' });
/** As it is sent. */
export type FeatureExportBody = z.input<typeof FeatureExportBody>;

export const FeatureExport = z
  .object({
    watch: z.string().meta({ description: 'Id of the watch.' }),
    start: Instant.meta({ description: 'First moment.' }),
    end: Instant.meta({ description: 'End of the range.' }),
    rows: count('Rows in it.'),
    file: z.string().meta({ description: 'The Parquet file, on the machine of the server.' }),
    card: z.string().meta({ description: 'Its dataset card: source, period, quality, labels, how to make it again.' }),
    cardText: z.string().meta({ description: 'The same for people.' }),
  })
  .meta({ id: 'FeatureExport', description: 'Where a set of features was put.' });
export type FeatureExport = z.infer<typeof FeatureExport>;
