/** Assets and their types: what the plant is made of, in the words of people. */

import { z } from 'zod';
import { Instant, TimeExpression } from './time.ts';

export const DEFAULT_ASSET_LIMIT = 1_000;
export const MAX_ASSET_LIMIT = 10_000;

const AssetPath = z.string().meta({
  description: 'Place in the ISA-95 hierarchy.',
  examples: ['acme/north/compression/train-1'],
});
const AssetId = z.string().meta({ description: 'Unchangeable; a renamed asset keeps it.', examples: ['train-1'] });
const TypeName = z.string().meta({ description: 'Name of an asset type.', examples: ['gas-turbine'] });
const At = TimeExpression.optional().meta({ description: 'The model as it held then; as it holds now, where absent.' });

export const AssetSource = z
  .object({
    kind: z.enum(['tag', 'constant', 'formula', 'reference', 'unbound']).meta({
      description: 'Where its values come from: a tag, itself, an expression, another attribute, nowhere.',
    }),
    tag: z.string().optional().meta({ description: 'Of kind tag: the path of the tag.' }),
    value: z
      .union([z.number(), z.string(), z.null()])
      .optional()
      .meta({ description: 'Of kind constant: the value; booleans are 0 and 1.' }),
    formula: z.string().optional().meta({ description: 'Of kind formula: an expression over attributes.' }),
    asset: z.string().optional().meta({ description: 'Of kind reference: the path of the other asset.' }),
    attribute: z.string().optional().meta({ description: 'Of kind reference: the attribute of it.' }),
  })
  .meta({ id: 'AssetSource', description: 'Where the values of an attribute come from.' });
export type AssetSource = z.infer<typeof AssetSource>;

const FIELD = {
  name: z.string().meta({ description: 'Unique within the asset.', examples: ['speed'] }),
  description: z.string().meta({ description: 'What it is.' }),
  type: z.enum(['number', 'boolean', 'string']).meta({ description: 'What the values are; booleans are 0 and 1.' }),
  unit: z.string().meta({ description: 'UCUM code, empty where there is none.', examples: ['/min'] }),
  low: z.number().nullable().meta({ description: 'Lower end of the plausible range in `unit`, or null.' }),
  high: z.number().nullable().meta({ description: 'Upper end of the plausible range in `unit`, or null.' }),
  required: z.boolean().meta({ description: 'Whether an asset without it breaks the contract of its type.' }),
};

export const AssetAttribute = z
  .object({
    ...FIELD,
    path: z.string().meta({
      description: 'Its path in the unified namespace: that of the asset, then its name.',
      examples: ['acme/north/compression/train-1/driver/speed'],
    }),
    uncertainty: z
      .number()
      .nullable()
      .meta({ description: 'Standard uncertainty of a value in `unit` (GUM), or null.' }),
    source: AssetSource,
  })
  .meta({ id: 'AssetAttribute', description: 'Something that is known of an asset at any time.' });
export type AssetAttribute = z.infer<typeof AssetAttribute>;

export const AssetSummary = z
  .object({
    id: AssetId,
    path: AssetPath,
    description: z.string().meta({ description: 'What it is.' }),
    level: z.string().meta({ description: 'Level of IEC 62264-1, such as site, area, unit or equipment.' }),
    type: TypeName.nullable().meta({ description: 'Its type; null of a mere place in the hierarchy.' }),
    parent: AssetId.nullable().meta({ description: 'Id of what it is in; null at the top.' }),
    children: z.int().min(0).meta({ description: 'How many assets are directly below it.' }),
    attributes: z.int().min(0).meta({ description: 'How many attributes it has.' }),
  })
  .meta({ id: 'AssetSummary', description: 'An asset in a list.' });
export type AssetSummary = z.infer<typeof AssetSummary>;

export const AssetPage = z
  .object({
    version: z.int().meta({ description: 'Number of the version of the model.' }),
    assets: z.array(AssetSummary).meta({ description: 'Parents before their children, else in the order of paths.' }),
    total: z.int().min(0).meta({ description: 'How many assets the request matches on all pages together.' }),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last.' }),
  })
  .meta({ id: 'AssetPage', description: 'A page of the list of assets.' });
export type AssetPage = z.infer<typeof AssetPage>;

export const AssetListQuery = z.strictObject({
  below: z
    .string()
    .optional()
    .meta({
      description: 'Only assets below the one with this path or id, and itself.',
      examples: ['acme/north'],
    }),
  depth: z.coerce.number().int().min(0).max(32).optional().meta({
    description: 'With `below`, or from the top: at most so many levels down.',
  }),
  type: z.string().optional().meta({ description: 'Only assets of this type, or of one that extends it.' }),
  pattern: z
    .string()
    .optional()
    .meta({
      description: 'Only assets whose path fits this pattern, with `*` in a segment and `**` for any number of them.',
      examples: ['acme/**/train-*'],
    }),
  search: z.string().optional().meta({
    description: 'Only assets that hold this text in path, id, description or nameplate, letter case aside.',
  }),
  at: At,
  limit: z.coerce.number().int().min(1).max(MAX_ASSET_LIMIT).default(DEFAULT_ASSET_LIMIT).meta({
    description: 'Most assets on one page.',
  }),
  cursor: z.string().optional().meta({ description: '`next` of the page before; the other parameters as they were.' }),
});
export type AssetListQuery = z.output<typeof AssetListQuery>;

export const AssetParams = z.object({
  asset: z
    .string()
    .min(1)
    .meta({
      description: 'Path or id of the asset, or a path that it had before, percent-encoded (`acme%2Fnorth%2Ftrain-1`).',
      examples: ['acme/north/compression/train-1', 'train-1'],
    }),
});
export const AssetQuery = z.strictObject({ at: At });

export const Asset = AssetSummary.omit({ children: true, attributes: true })
  .extend({
    formerPaths: z
      .array(z.string())
      .meta({ description: 'Paths that it has had in other versions of the model; they find it as well.' }),
    nameplate: z.record(z.string(), z.string()).meta({ description: 'What its nameplate says, and the like.' }),
    attributes: z.array(AssetAttribute).meta({ description: 'In the order of the type, then its own.' }),
    children: z.array(AssetSummary).meta({ description: 'What is directly below it.' }),
    relations: z
      .array(
        z.object({
          kind: z.string().meta({ description: 'Such as feeds, drives, measured-by, located-in, isolates.' }),
          direction: z.enum(['to', 'from']).meta({ description: '`to`: this one feeds the other; `from`: it is fed.' }),
          id: AssetId,
          path: AssetPath,
        }),
      )
      .meta({ description: 'Relations with other assets, both ways.' }),
    place: z
      .object({ file: z.string(), line: z.int().min(1) })
      .meta({ description: 'Where the model says it.', examples: [{ file: 'assets/trains.yaml', line: 12 }] }),
    version: z.int().meta({ description: 'Number of the version of the model.' }),
    effective: Instant.meta({ description: 'Since when that version holds.' }),
  })
  .meta({ id: 'Asset', description: 'One asset with everything that the model says of it.' });
export type Asset = z.infer<typeof Asset>;

export const AssetType = z
  .object({
    name: TypeName,
    version: z.int().meta({ description: 'Rises with every change that its subscribers would see.' }),
    description: z.string().meta({ description: 'What assets of it are.' }),
    abstract: z.boolean().meta({ description: 'Whether it is only there to be extended.' }),
    lineage: z.array(z.string()).meta({ description: 'The type that it extends, then that one’s, and so on.' }),
    components: z.record(z.string(), z.string()).meta({ description: 'Its parts by name, and the type of each.' }),
    fields: z.array(z.object(FIELD)).meta({ description: 'Its contract: what each asset of it publishes.' }),
    assets: z.int().min(0).meta({ description: 'How many assets are of exactly this type.' }),
  })
  .meta({ id: 'AssetType', description: 'A template of assets, and the contract of what they publish.' });
export type AssetType = z.infer<typeof AssetType>;

export const AssetTypes = z
  .object({
    version: z.int().meta({ description: 'Number of the version of the model.' }),
    types: z.array(AssetType).meta({ description: 'In the order of names.' }),
  })
  .meta({ id: 'AssetTypes', description: 'The types of a version of the model.' });
export type AssetTypes = z.infer<typeof AssetTypes>;
