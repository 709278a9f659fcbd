/** Learned models of watches: their cards, and what people do with them. */

import { z } from 'zod';
import { MEASURES } from '../../monitor/health/definition/healthWatch.ts';
import { MODEL_STATES } from '../../monitor/health/models/modelVersion.ts';
import { STRANGER_SIDES } from '../../monitor/health/models/onnx/onnxModel.ts';
import { AUTHOR, COMMENT, count, HealthPeriod, WATCH_NAME } from './healthParts.ts';
import { LearnedReport } from './healthWatch.ts';
import { Instant, TimeExpression } from './time.ts';

export const MODEL_OPERATIONS = ['learn', 'promote', 'retire'] as const;

export const HealthModelsQuery = z.strictObject({ watch: WATCH_NAME });

export const HealthModelQuery = z.strictObject({
  watch: WATCH_NAME,
  number: z.coerce
    .number()
    .int()
    .min(1)
    .meta({ description: 'Number of the model.', examples: [1] }),
});

const MODEL = {
  watch: z.string().meta({ description: 'Id of the watch.' }),
  number: z.int().meta({ description: 'From 1, by watch.' }),
  state: z.enum(MODEL_STATES).meta({
    description: 'shadow: scores without a voice; active: has a voice; retired: does not score any more.',
  }),
  learnedAt: Instant.meta({ description: 'When it was learned.' }),
  by: z.string().meta({ description: 'Who had it learned.' }),
  fits: z.boolean().meta({ description: 'False where the watch has other features now than it was learned from.' }),
  start: Instant.meta({ description: 'First moment that it was to learn from.' }),
  end: Instant.meta({ description: 'End of it, itself not included.' }),
  rows: count('Rows that it was learned from.'),
  file: z.string().nullable().meta({ description: 'Of a model that was learned elsewhere, its file; null of others.' }),
  threshold: z.number().meta({ description: 'Above it a row is strange.' }),
  backtest: z
    .object({
      rows: count('Rows that were left out while it was learned, and judged then.'),
      days: z.number().meta({ description: 'What they come to.' }),
      alarms: count('Alarms in them.'),
    })
    .meta({ description: 'What it said of normal time that it had not seen.' }),
  notes: z.array(z.string()).meta({ description: 'What a person must know before trusting it.' }),
};

export const HealthModel = z.object(MODEL).meta({ id: 'HealthModel', description: 'A learned model.' });
export type HealthModel = z.infer<typeof HealthModel>;

export const HealthModelList = z
  .object({ models: z.array(HealthModel).meta({ description: 'The newest first.' }) })
  .meta({ id: 'HealthModelList', description: 'The models of a watch.' });
export type HealthModelList = z.infer<typeof HealthModelList>;

const OnnxOrigin = z
  .object({
    file: z.string().meta({ description: 'Name of the file that was brought.', examples: ['forest.onnx'] }),
    sha256: z.string().meta({ description: 'SHA-256 of its bytes, as hexadecimal digits.' }),
    input: z.string().meta({ description: 'The input that takes the features, in the order of the card.' }),
    output: z.string().meta({ description: 'The output that is the score.' }),
    stranger: z.enum(STRANGER_SIDES).meta({ description: 'Which scores mean a strange row.' }),
    comment: z.string().meta({ description: 'What was said of it when it was brought.' }),
  })
  .meta({ id: 'HealthOnnxOrigin', description: 'Where a model comes from that was learned elsewhere.' });

export const HealthModelCard = z
  .object({
    ...MODEL,
    featureVersion: z.string().meta({ description: 'Which definition of the features it was learned from.' }),
    features: z.array(z.string()).meta({ description: 'Their names.' }),
    knownAt: Instant.meta({ description: 'What was known then is what it learned from.' }),
    onnx: OnnxOrigin.nullable().meta({ description: 'Of a model that was learned elsewhere; null of others.' }),
    excluded: z.array(HealthPeriod).meta({ description: 'What was not learned from, and why.' }),
    report: LearnedReport,
    changes: z
      .array(
        z.object({
          at: Instant.meta({ description: 'When.' }),
          state: z.enum(MODEL_STATES).meta({ description: 'What it became.' }),
          by: z.string().meta({ description: 'Who did it.' }),
          why: z.string().meta({ description: 'Why.' }),
        }),
      )
      .meta({ description: 'How it came to stand as it does, in order of time.' }),
  })
  .meta({ id: 'HealthModelCard', description: 'The card of a model: what a person reads before trusting it.' });
export type HealthModelCard = z.infer<typeof HealthModelCard>;

export const HealthRowMaking = z
  .object({
    condition: z.string().nullable().meta({ description: 'Only the time in which it holds counts; null: all of it.' }),
    features: z
      .array(
        z.object({
          name: z.string(),
          measure: z.enum(MEASURES).meta({ description: 'What an interval comes to.' }),
          of: z.string().meta({ description: 'The attribute or expression that it is a measure of.' }),
          unit: z.string().meta({ description: 'UCUM code; empty where it has none.' }),
          tag: z.string().nullable().meta({
            description: 'The tag that it is a measure of, at the most in another unit; null where it is reckoned.',
          }),
        }),
      )
      .meta({ description: 'In the order of the columns.' }),
  })
  .meta({ id: 'HealthRowMaking', description: 'How the rows are made that a model judges.' });
export type HealthRowMaking = z.infer<typeof HealthRowMaking>;

export const HealthModelDocument = z
  .object({
    card: HealthModelCard,
    rows: HealthRowMaking.nullable().meta({
      description:
        'How its rows are made; null where the watch makes them otherwise now. A gateway judges by no model that it cannot make them for.',
    }),
    profile: z.unknown().meta({ description: 'All that was learned.' }),
    onnx: z.string().optional().meta({ description: 'The file of a model that was learned elsewhere, in base64.' }),
  })
  .meta({ id: 'HealthModelDocument', description: 'A model as a document, to keep or to look into.' });

export const ModelOperationBody = z
  .strictObject({
    operation: z.enum(MODEL_OPERATIONS).meta({
      description: 'learn: a new model from history; promote: it gets the voice; retire: it scores no more.',
    }),
    watch: WATCH_NAME,
    number: z.int().min(1).optional().meta({ description: 'Number of the model; learning has none.' }),
    by: AUTHOR.meta({ description: 'Who does it.' }),
    comment: COMMENT.optional().meta({ description: 'Why.' }),
    start: TimeExpression.optional().meta({ description: 'Learning: first moment (default: as the watch says).' }),
    end: TimeExpression.optional().meta({ description: 'Learning: end of it, itself not included (default: now).' }),
  })
  .meta({ id: 'HealthModelOperationBody', description: 'What a person does with models.' });
/** As it is sent. */
export type ModelOperationBody = z.input<typeof ModelOperationBody>;

export const MODEL_TYPES = ['application/octet-stream', 'application/onnx'] as const;

const END_NAME = z.string().min(1).max(200).optional();

export const ModelImportQuery = z.strictObject({
  watch: WATCH_NAME,
  by: AUTHOR.meta({ description: 'Who brings it.' }),
  comment: COMMENT.min(1).meta({ description: 'What it is, and what it was learned from.' }),
  file: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ description: 'Name of its file.', examples: ['forest.onnx'] }),
  input: END_NAME.meta({ description: 'The input that takes the features (default: the only one).' }),
  output: END_NAME.meta({ description: 'The output that is the score (default: the only one of floats).' }),
  stranger: z
    .enum(STRANGER_SIDES)
    .default('higher')
    .meta({ description: 'Which scores mean a strange row; detectors of scikit-learn give lower ones.' }),
  start: TimeExpression.optional().meta({ description: 'Its threshold: first moment (default: as the watch says).' }),
  end: TimeExpression.optional().meta({ description: 'Its threshold: end of it, itself not included (default: now).' }),
});

export const ModelOperationAnswer = z
  .object({
    watch: z.string().meta({ description: 'Id of the watch.' }),
    done: z.string().meta({
      description: 'What was done, or begun.',
      examples: ['Learning from 2026-01-01 to 2026-01-31 has begun.'],
    }),
    models: z.array(HealthModel).meta({ description: 'The models of the watch now; learning adds its own later.' }),
  })
  .meta({ id: 'HealthModelOperationAnswer', description: 'How the models stand.' });
export type ModelOperationAnswer = z.infer<typeof ModelOperationAnswer>;
