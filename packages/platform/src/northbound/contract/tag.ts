/** Tags: the list, one of them, and how a request names it. */

import { z } from 'zod';
import { Sample } from './sample.ts';

export const DEFAULT_TAG_LIMIT = 1_000;
export const MAX_TAG_LIMIT = 10_000;

export const TagIndex = z
  .int()
  .min(0)
  .meta({
    id: 'TagIndex',
    description: 'Number of the tag within this server: assigned once, never used again for another tag.',
    examples: [17],
  });

export const Tag = z
  .object({
    index: TagIndex,
    gateway: z.string().meta({ description: 'The gateway that reads the tag.', examples: ['station-1'] }),
    id: z.string().meta({ description: 'Unchangeable name, unique within the gateway.', examples: ['XMEAS_9'] }),
    path: z.string().meta({
      description: 'Place in the ISA-95 hierarchy, which is the address of the tag for people.',
      examples: ['acme/north/reactor/temperature'],
    }),
    type: z.enum(['number', 'boolean', 'string']).meta({ description: 'What the values are; booleans are 0 and 1.' }),
    unit: z
      .string()
      .meta({ description: 'Unit as a UCUM code; empty where there is none.', examples: ['Cel', 'm3/h'] }),
    description: z.string().meta({ description: 'What the signal is.', examples: ['Reactor temperature'] }),
    stepped: z
      .boolean()
      .meta({ description: 'True where a value holds until the next, false where a line joins them.' }),
    lane: z
      .enum(['operational', 'analytical', 'audit'])
      .meta({ description: 'Whether the tag is needed now or may wait.' }),
    low: z.number().nullable().meta({ description: 'Lower end of the plausible range in `unit`, or null.' }),
    high: z.number().nullable().meta({ description: 'Upper end of the plausible range in `unit`, or null.' }),
    states: z
      .array(
        z.object({
          code: z.int().meta({ description: 'The value.' }),
          name: z.string().meta({ description: 'What it stands for.', examples: ['running'] }),
        }),
      )
      .optional()
      .meta({ description: 'Of a digital tag: what its values stand for.' }),
    aliases: z.array(z.string()).meta({ description: 'Other names (ISA-5.1, KKS).', examples: [['TI-1009']] }),
    latest: Sample.nullable().optional().meta({
      description:
        'The sample with the latest time, or null where there is none yet; absent where it was not asked for.',
    }),
  })
  .meta({ id: 'Tag', description: 'A named signal.' });
export type Tag = z.infer<typeof Tag>;

export const TagPage = z
  .object({
    tags: z.array(Tag),
    total: z.int().min(0).meta({ description: 'How many tags the request matches on all pages together.' }),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last.' }),
  })
  .meta({ id: 'TagPage', description: 'A page of the tag list in order of path.' });
export type TagPage = z.infer<typeof TagPage>;

export const TagListQuery = z.strictObject({
  path: z
    .string()
    .optional()
    .meta({
      description: 'Only tags at or below this path: whole segments from the left, upper and lower case alike.',
      examples: ['acme/north'],
    }),
  search: z
    .string()
    .optional()
    .meta({
      description: 'Only tags that hold this text in path, id, alias or description, upper and lower case alike.',
      examples: ['temperature'],
    }),
  scope: z
    .enum(['plant', 'system', 'all'])
    .default('plant')
    .meta({
      description:
        'plant: what the plant measures; system: the tags in which Tidegate reports on itself, whose path has a segment ' +
        'that begins with `_`; all: both.',
    }),
  latest: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Whether each tag brings its latest sample.' }),
  limit: z.coerce.number().int().min(1).max(MAX_TAG_LIMIT).default(DEFAULT_TAG_LIMIT).meta({
    description: 'Most tags on one page.',
  }),
  cursor: z.string().optional().meta({ description: '`next` of the page before; the other parameters as they were.' }),
});
export type TagListQuery = z.infer<typeof TagListQuery>;

/** A tag in a path of the interface. */
export const TagParams = z.object({
  tag: z
    .string()
    .min(1)
    .meta({
      description:
        'Index of the tag, or its path, id or alias, percent-encoded (`acme%2Fnorth%2Ftemperature`). Digits alone are an index.',
      examples: ['17', 'acme/north/reactor/temperature', 'XMEAS_9'],
    }),
});
export type TagParams = z.infer<typeof TagParams>;

export const LatestQuery = z.strictObject({
  tag: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .transform((given) => (typeof given === 'string' ? [given] : given))
    .optional()
    .meta({
      description:
        'The tags, each by index, path, id or alias: repeat the parameter, or separate them by commas; all tags where it is absent.',
      examples: ['0,1,2'],
    }),
});
export type LatestQuery = z.output<typeof LatestQuery>;

/** Several tags in a query: `tags=1,2,3`. */
export const TagFilterQuery = z.strictObject({
  tags: z
    .string()
    .regex(/^\d{1,9}(,\d{1,9})*$/, { error: 'must be tag indexes separated by commas, such as 1,2,3' })
    .optional()
    .meta({
      description: 'Indexes of the tags wanted, separated by commas; all tags where it is absent.',
      examples: ['1,2,3'],
    }),
});
export type TagFilterQuery = z.infer<typeof TagFilterQuery>;
