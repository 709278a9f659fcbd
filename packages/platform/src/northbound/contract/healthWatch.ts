/** Watches over equipment: what is looked at, how it stands, and what was learned of it. */

import { z } from 'zod';
import { MEASURES } from '../../monitor/health/definition/healthWatch.ts';
import { SCORING_STATES } from '../../monitor/health/scoring/scoringState.ts';
import { FLEET_ESTIMATES } from './healthLives.ts';
import {
  count,
  HealthAsset,
  HealthFatigue,
  HealthLimit,
  HealthPeriod,
  HealthSite,
  LIFE,
  SEVERITY,
  share,
  WATCH_NAME,
} from './healthParts.ts';
import { Instant } from './time.ts';

const STATE = z.enum(SCORING_STATES).meta({
  description:
    'learning: there is no model yet; scoring: new data are judged; blind: they are not, and `why` says for what reason.',
});

const value = (description: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${description}, in the unit of the feature; null where not known.` });

export const HealthFeature = z
  .object({
    name: z.string().meta({ description: 'Name of the feature.', examples: ['contact-resistance'] }),
    unit: z.string().meta({ description: 'UCUM code.', examples: ['Ohm'] }),
    value: value('In the newest row'),
    level: value('Smoothed, so that the noise of single rows is out of it'),
    normal: value('The level that was learned'),
    spread: value('Deviation of the smoothed level about it that is normal'),
    evidence: z
      .number()
      .nullable()
      .meta({ description: 'How far a drift is proven: at 1 it is an alarm by the budget; null where not known.' }),
    since: Instant.nullable().meta({ description: 'When the drift began; null where there is none.' }),
    perDay: value('What the level gains in a day of late'),
    step: z
      .object({
        at: Instant.meta({ description: 'Begin of the first interval on the new level.' }),
        from: z.number().meta({ description: 'The level before.' }),
        to: z.number().meta({ description: 'The level since.' }),
        conversion: z
          .string()
          .nullable()
          .meta({ description: 'A change of units that would explain it; null for none.' }),
      })
      .nullable()
      .meta({
        description: 'A jump to another level: something was changed or broke, and nothing wears; null for none.',
      }),
    limit: HealthLimit.nullable().meta({ description: 'The limit, where there is one.' }),
    contribution: z.number().nullable().meta({ description: 'Its part of the score; null where there is none.' }),
    ...LIFE,
  })
  .meta({ id: 'HealthFeature', description: 'How a feature stands against what is normal.' });
export type HealthFeature = z.infer<typeof HealthFeature>;

const SUMMARY = {
  id: z.string().meta({ description: 'Id of the watch: that of the asset, a slash and its name.' }),
  name: z.string().meta({ description: 'Its name.', examples: ['output-joint'] }),
  asset: HealthAsset,
  description: z.string().meta({ description: 'What it is for.' }),
  state: STATE,
  why: z
    .string()
    .nullable()
    .meta({ description: 'What is learned or waited for, or why it is blind; null where it just scores.' }),
  progress: z
    .number()
    .nullable()
    .meta({ description: 'Of learning or catching up, from 0 to 1; null where neither goes on.' }),
  model: z.int().nullable().meta({ description: 'Number of the model that has a voice; null where there is none.' }),
  shadows: z.array(z.int()).meta({ description: 'Numbers of models without a voice.' }),
  brokenShadows: z
    .array(z.object({ model: z.int().meta({ description: 'Its number.' }), why: z.string() }))
    .meta({ description: 'Those of them that cannot judge, and are asked no more for the time being.' }),
  at: Instant.nullable().meta({ description: 'End of the newest interval that was looked at; null before the first.' }),
  score: z.number().nullable().meta({
    description: '-log10 of the probability of such a row in normal data; null where there is no score.',
  }),
  threshold: z.number().nullable().meta({ description: 'Above it a row is strange; null without a model.' }),
  unscored: z
    .enum(['missing', 'doubtful', 'warming-up'])
    .nullable()
    .meta({ description: 'Why the newest row has no score; null where it has one.' }),
  quality: z
    .number()
    .nullable()
    .meta({ description: 'Share of good data behind the newest row; null before the first.' }),
  mode: z.int().nullable().meta({ description: 'Learned operating mode, from 0; null where none is like it.' }),
  strange: z.boolean().meta({ description: 'Rows have been strange for long enough to be an alarm by the budget.' }),
  drifting: z.boolean().meta({ description: 'A feature drifts: an alarm by the budget.' }),
  ...LIFE,
  features: z.array(HealthFeature).meta({ description: 'In the order of the watch.' }),
  fatigue: z.array(HealthFatigue).meta({ description: 'What wears.' }),
  openCase: z
    .int()
    .nullable()
    .meta({ description: 'Number of its case that is not closed; null where there is none.' }),
};

export const HealthWatch = z.object(SUMMARY).meta({ id: 'HealthWatch', description: 'A watch, and how it stands.' });
export type HealthWatch = z.infer<typeof HealthWatch>;

export const HealthWatchListQuery = z.strictObject({
  state: STATE.optional(),
  asset: z
    .string()
    .optional()
    .meta({
      description: 'Path, id or pattern of assets (`acme/north/**`).',
      examples: ['acme/north/**'],
    }),
});

export const HealthWatchList = z
  .object({
    at: Instant.meta({ description: 'When this was so.' }),
    watches: z.array(HealthWatch).meta({ description: 'By asset and name.' }),
    counts: z
      .object({
        learning: count('Watches without a model.'),
        scoring: count('That judge new data.'),
        blind: count('That do not.'),
        alarming: count('With strange rows or a drift.'),
        all: count('Watches that there are.'),
      })
      .meta({ description: 'Of all watches, shown or not.' }),
  })
  .meta({ id: 'HealthWatchList', description: 'Every watch of every asset.' });
export type HealthWatchList = z.infer<typeof HealthWatchList>;

export const HealthWatchQuery = z.strictObject({ watch: WATCH_NAME });

export const LearnedReport = z
  .object({
    rows: count('Rows with all values that it was learned from.'),
    start: Instant.meta({ description: 'Time of the first.' }),
    end: Instant.meta({ description: 'Time of the last.' }),
    leftOut: z.array(z.string()).meta({ description: 'Features that never changed or had no values: not watched.' }),
    modes: count('Operating modes that were found.'),
    threshold: z.number().meta({
      description:
        'Of the score; above its interval where the learning time is too short for the budget, as `notes` say.',
    }),
    thresholdInterval: z
      .tuple([z.number(), z.number()])
      .meta({ description: 'Nine bootstrap thresholds of ten lie within.' }),
    leastDrifts: z.array(z.number().nullable()).meta({
      description:
        'By feature that was learned, in its unit, the least lasting shift that is told; null where none can be.',
    }),
    notes: z.array(z.string()).meta({ description: 'What a person must know of it.' }),
  })
  .meta({ id: 'LearnedReport', description: 'What was learned from, and how sure it is.' });
export type LearnedReport = z.infer<typeof LearnedReport>;

const ShadowComparison = z
  .object({
    model: z.int().meta({ description: 'Number of the model without a voice.' }),
    against: z.int().meta({ description: 'Number of the one that it is compared with.' }),
    since: Instant.nullable().meta({ description: 'The first row that both have judged; null before it.' }),
    until: Instant.nullable().meta({ description: 'The last.' }),
    rows: count('Rows that both have judged.'),
    active: count('Rows of them that were an alarm to the active model.'),
    shadow: count('To the shadow.'),
    both: count('To both.'),
    activeAlarms: count('How often an alarm of the active model began.'),
    shadowAlarms: count('Of the shadow.'),
    agreement: z.number().nullable().meta({ description: 'Share of the rows in which they say the same, 0 to 1.' }),
  })
  .meta({ id: 'ShadowComparison', description: 'What a model that scores silently would have said.' });

const ModelDrift = z
  .object({
    rows: count('Rows of late.'),
    days: z.number().meta({ description: 'Days that they are taken from.' }),
    outside: share('Rows in which a feature lies beyond all that was learned from'),
    unknownMode: share('Rows in operating modes that were not learned'),
    unscored: share('Rows without a score'),
    says: z.array(z.string()).meta({
      description: 'What is no longer as it was, a sentence each: then it is to be learned anew. Empty where it is.',
    }),
    features: z
      .array(
        z.object({
          name: z.string().meta({ description: 'Name of the feature.' }),
          outside: share('Values beyond all that were learned from'),
          missing: share('Rows in which it has no value'),
          shift: z.number().nullable().meta({ description: 'Population stability index; null where not known.' }),
          shiftLimit: z.number().nullable().meta({ description: 'What it would have to come to.' }),
        }),
      )
      .meta({ description: 'The same by feature.' }),
  })
  .meta({ id: 'HealthModelDrift', description: 'Whether what comes is still like what was learned from.' });

const Learning = z
  .object({
    begun: Instant.meta({ description: 'When it was begun, or looked at last.' }),
    by: z.string().meta({ description: 'By whom.' }),
    start: Instant.nullable().meta({ description: 'First moment that is learned from; null while it is looked for.' }),
    end: Instant.nullable().meta({ description: 'End of it, itself not included.' }),
    foundDays: z.number().meta({ description: 'Normal operation that was found.' }),
    neededDays: z.number().meta({ description: 'How much it takes.' }),
    underWay: z.boolean().meta({ description: 'False where it waits for more data, or came to nothing.' }),
    refused: z.string().nullable().meta({ description: 'Why there is no model of it; null while it is under way.' }),
  })
  .meta({ id: 'HealthLearning', description: 'Learning that is under way, waits for more data, or came to nothing.' });

export const HealthWatchDetail = z
  .object({
    ...SUMMARY,
    intervalSeconds: z.number().meta({ description: 'Length of what a row stands for.' }),
    condition: z.string().nullable().meta({ description: 'Only the time counts in which it holds; null for all.' }),
    learnDays: z.number().meta({ description: 'A model is learned from so much of normal operation.' }),
    budget: z
      .object({
        alarms: z.number().meta({ description: 'So many false alarms' }),
        perDays: z.number().meta({ description: 'in so many days are borne.' }),
      })
      .meta({ description: 'How many false alarms are borne.' }),
    definitions: z
      .array(
        z.object({
          name: z.string().meta({ description: 'Name of the feature.' }),
          of: z.string().meta({ description: 'As it is written in the model: an attribute, or an expression.' }),
          measure: z.enum(MEASURES).meta({ description: 'What an interval of it comes to.' }),
          unit: z.string().meta({ description: 'UCUM code.' }),
          negligible: z.number().meta({ description: 'A shift smaller than this is none, in the unit.' }),
          limit: HealthLimit.nullable().meta({ description: 'The limit, where there is one.' }),
          description: z.string().meta({ description: 'What it tells.' }),
          leftOut: z.boolean().meta({ description: 'The model found nothing in it, and watches it no further.' }),
        }),
      )
      .meta({ description: 'What is looked at.' }),
    failures: z
      .array(
        z.object({
          name: z.string().meta({ description: 'Name of the failure.', examples: ['solder-crack'] }),
          says: z.string().meta({ description: 'What happens.' }),
          signs: z.array(z.object({ feature: z.string(), goes: z.enum(['up', 'down']) })).meta({
            description: 'Features that all go this way when it grows.',
          }),
          fatigue: z.string().nullable().meta({ description: 'What drives it, where fatigue does.' }),
          severity: SEVERITY,
          consequence: z.string().meta({ description: 'What comes of it.' }),
          action: z.string().meta({ description: 'What to do.' }),
        }),
      )
      .meta({ description: 'Failures that are known to befall it.' }),
    site: HealthSite.nullable().meta({ description: 'How to get there; null where the model does not say.' }),
    report: LearnedReport.nullable().meta({ description: 'Of the active model; null where there is none.' }),
    comparisons: z.array(ShadowComparison).meta({ description: 'Of the shadows, the newest last.' }),
    modelDrift: ModelDrift.nullable().meta({ description: 'Of the active model; null where not known yet.' }),
    lateSamples: count('Samples that came after their row was judged; it stays as it was.'),
    learning: Learning.nullable().meta({ description: 'What goes on; null where nothing does.' }),
    fleet: FLEET_ESTIMATES,
    excluded: z.array(HealthPeriod).meta({ description: 'Times of the last year that nothing is learned from.' }),
  })
  .meta({ id: 'HealthWatchDetail', description: 'All that is known of a watch.' });
export type HealthWatchDetail = z.infer<typeof HealthWatchDetail>;
