/** Twins: what an asset is doing, what it should be doing, and how far that can be trusted. */

import { z } from 'zod';
import { SampleValue, StatusBits } from './sample.ts';
import { Instant } from './time.ts';

export const DEFAULT_TWIN_LIMIT = 100;
export const MAX_TWIN_LIMIT = 1_000;
/** One live stream watches at most so many attributes. */
export const MAX_LIVE_ATTRIBUTES = 20_000;

const Share = z.number().min(0).max(1);
const Sigmas = z.number().nullable();
const AssetPath = z.string().meta({ description: 'Path of the asset.', examples: ['acme/north/compression/train-1'] });
const AttributeName = z.string().meta({ description: 'Name of the attribute.', examples: ['discharge-temperature'] });

export const TwinListQuery = z.strictObject({
  type: z.string().optional().meta({ description: 'Twins of this type, and of types that extend it.' }),
  below: z.string().optional().meta({ description: 'Twins of this asset and below it: its path or id.' }),
  mode: z
    .string()
    .optional()
    .meta({ description: 'Twins in this operating mode.', examples: ['running'] }),
  sort: z.enum(['path', 'trust', 'residual']).default('path').meta({
    description: 'By path; the least trusted first; or the largest residual, in sigmas, first.',
  }),
  limit: z.coerce.number().int().min(1).max(MAX_TWIN_LIMIT).default(DEFAULT_TWIN_LIMIT).meta({
    description: 'At most so many twins.',
  }),
  offset: z.coerce.number().int().min(0).default(0).meta({ description: 'So many are left out before them.' }),
});
export type TwinListQuery = z.output<typeof TwinListQuery>;

export const TwinSummary = z
  .object({
    id: z.string().meta({ description: 'Id of the asset.' }),
    path: AssetPath,
    type: z.string().meta({ description: 'Type of the asset.' }),
    mode: z.string().nullable().meta({ description: 'Operating mode; null where it cannot be told.' }),
    trust: Share.meta({ description: 'From 0 to 1: data quality times model fit times age of the calibration.' }),
    reason: z.string().nullable().meta({ description: 'What takes most from the trust; null where nothing does.' }),
    worst: z
      .object({ attribute: AttributeName, sigmas: z.number().meta({ description: 'Residual over its sigma, now.' }) })
      .nullable()
      .meta({ description: 'The attribute that is farthest from what is expected; null where nothing is compared.' }),
  })
  .meta({ id: 'TwinSummary', description: 'A twin in a list.' });
export type TwinSummary = z.infer<typeof TwinSummary>;

export const TwinList = z
  .object({
    twins: z.array(TwinSummary).meta({ description: 'In the order that was asked for.' }),
    total: z.int().min(0).meta({ description: 'How many match.' }),
  })
  .meta({ id: 'TwinList', description: 'Twins, in the order that was asked for.' });
export type TwinList = z.infer<typeof TwinList>;

const LIVE_VALUE = {
  time: Instant.nullable().meta({ description: 'Of the latest sample that it comes from; null where there is none.' }),
  value: SampleValue,
  status: StatusBits,
  statusName: z.string().meta({ description: 'Name of the status.', examples: ['Good'] }),
};

export const TwinAttribute = z
  .object({
    name: AttributeName,
    path: z.string().meta({ description: 'Path in the unified namespace.' }),
    role: z.enum(['attribute', 'mode', 'trust', 'state', 'expected', 'residual', 'sigmas']).meta({
      description: 'An attribute of the model, or what is derived of one.',
    }),
    unit: z.string().meta({ description: 'UCUM code, empty where there is none.' }),
    ...LIVE_VALUE,
    ageUs: z.number().nullable().meta({ description: 'Microseconds since its time.' }),
    isStale: z.boolean().meta({ description: 'Older than the twin allows.' }),
    uncertainty: z.number().nullable().meta({
      description: 'Standard uncertainty in `unit`, propagated after the GUM (JCGM 100); null where it cannot be said.',
    }),
    violations: z.int().min(0).meta({ description: 'How often it was given what its contract does not allow.' }),
  })
  .meta({ id: 'TwinAttribute', description: 'A live value of a twin.' });
export type TwinAttribute = z.infer<typeof TwinAttribute>;

export const TwinComparison = z
  .object({
    attribute: AttributeName,
    formula: z.string().meta({ description: 'What it should be, as the twin is written.' }),
    modes: z.array(z.string()).nullable().meta({ description: 'The modes in which it holds; null for all.' }),
    actual: z.number().nullable().meta({ description: 'What it is.' }),
    expected: z.number().nullable().meta({ description: 'What it should be.' }),
    residual: z.number().nullable().meta({ description: 'What it is less what it should be.' }),
    sigma: z.number().nullable().meta({ description: 'Standard deviation of the residual of a sound asset.' }),
    sigmas: Sigmas.meta({ description: 'The residual over its sigma.' }),
    recentSigmas: Sigmas.meta({ description: 'Root of its mean square over the window of the twin.' }),
  })
  .meta({ id: 'TwinComparison', description: 'What an attribute is beside what it should be.' });
export type TwinComparison = z.infer<typeof TwinComparison>;

export const TwinTrust = z
  .object({
    score: Share.meta({ description: 'The product of the three parts.' }),
    data: Share.meta({ description: 'Quality and freshness of what the model reads.' }),
    model: Share.meta({ description: 'Residuals of late against the sigma of the fit.' }),
    calibration: Share.meta({ description: 'Age of the fit.' }),
    reasons: z.array(z.string()).meta({ description: 'What takes from it, a sentence each, the worst part first.' }),
  })
  .meta({ id: 'TwinTrust', description: 'How far a twin can be trusted, and why not further.' });

export const Twin = z
  .object({
    ...TwinSummary.omit({ trust: true, reason: true, worst: true }).shape,
    description: z.string().meta({ description: 'What the twin is a model of.' }),
    trust: TwinTrust,
    attributes: z.array(TwinAttribute).meta({ description: 'Live values, those that are derived included.' }),
    comparisons: z.array(TwinComparison).meta({ description: 'What is expected, attribute by attribute.' }),
    parameters: z
      .array(
        z.object({
          name: z.string(),
          value: z.number().nullable().meta({ description: 'Null where it waits for a fit.' }),
          uncertainty: z.number().nullable().meta({ description: 'Standard uncertainty of the fit.' }),
          unit: z.string(),
          isFitted: z.boolean().meta({ description: 'Whether history has given it, not the file.' }),
          description: z.string(),
        }),
      )
      .meta({ description: 'The numbers of the model.' }),
    relations: z
      .array(z.object({ kind: z.string(), direction: z.enum(['to', 'from']), path: AssetPath }))
      .meta({ description: 'Assets that it is related with: `feeds` `to` another, or is fed `from` it.' }),
  })
  .meta({ id: 'Twin', description: 'Everything that is known of a twin at this moment.' });
export type Twin = z.infer<typeof Twin>;

export const LiveTwinsQuery = z.strictObject({
  pattern: z
    .string()
    .default('**')
    .meta({
      description: 'Attributes by their path in the unified namespace: `*` is one segment, `**` any number.',
      examples: ['acme/north/compression/**'],
    }),
  name: z.string().max(100).default('a live stream').meta({
    description: 'Who listens: a change of the model that would break this stream is refused with this name.',
  }),
});
export type LiveTwinsQuery = z.output<typeof LiveTwinsQuery>;

/** The data of the event `attributes`, at the beginning and with every new model: what the numbers in `samples` mean. */
export const LiveAttributes = z
  .object({
    generation: z.int().meta({ description: 'Another number with every new model: numbers mean something else then.' }),
    numbers: z.array(z.int()).meta({ description: 'What `tags` holds in the events `samples`.' }),
    paths: z.array(z.string()).meta({ description: 'Path of each attribute in the unified namespace.' }),
    units: z.array(z.string()).meta({ description: 'Unit of each.' }),
  })
  .meta({ id: 'LiveAttributes', description: 'The attributes that a live stream watches.' });
export type LiveAttributes = z.infer<typeof LiveAttributes>;
