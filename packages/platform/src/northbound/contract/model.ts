/** The model of the plant as text in versions: what a change would do, and how it is applied. */

import { z } from 'zod';
import { Instant, TimeExpression } from './time.ts';

/** A model of ten thousand assets is a few megabytes of text. */
export const MAX_MODEL_BYTES = 64 * 1024 * 1024;
/** Of a plan that touches everything so many assets are told one by one; the counts are whole. */
export const MAX_PLANNED_ASSETS = 2_000;

const Texts = z.record(z.string().max(500), z.string()).meta({
  description: 'The files of a model directory: names below it with `/`, and their text (docs/model.md).',
  examples: [{ 'types/pump.yaml': 'types:\n  - { type: pump, version: 1 }\n' }],
});
const Author = z.string().min(1).max(200);

export const ModelVersion = z
  .object({
    number: z.int().min(1).meta({ description: 'From 1, in the order in which they were applied.' }),
    effective: Instant.meta({ description: 'Since when it holds; 0 is since ever.' }),
    applied: Instant.meta({ description: 'When it was applied.' }),
    by: z.string().meta({ description: 'Who applied it.' }),
    comment: z.string().meta({ description: 'Why.' }),
    current: z.boolean().meta({ description: 'Whether it holds now.' }),
  })
  .meta({ id: 'ModelVersion', description: 'A version of the model.' });
export type ModelVersion = z.infer<typeof ModelVersion>;

export const ModelVersions = z
  .object({ versions: z.array(ModelVersion).meta({ description: 'In the order in which they were applied.' }) })
  .meta({ id: 'ModelVersions', description: 'All versions of the model.' });
export type ModelVersions = z.infer<typeof ModelVersions>;

export const ModelTextsQuery = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Its number; that which holds, where absent.' }),
  at: TimeExpression.optional().meta({ description: 'The version that held then.' }),
});

export const ModelTexts = z
  .object({ version: ModelVersion, texts: Texts })
  .meta({ id: 'ModelTexts', description: 'A version of the model as it was applied, byte for byte.' });
export type ModelTexts = z.infer<typeof ModelTexts>;

export const ModelDefect = z
  .object({
    file: z.string().meta({ description: 'Name of the file, as it was sent.' }),
    line: z.int().min(1).meta({ description: 'From 1.' }),
    column: z.int().min(1).meta({ description: 'From 1.' }),
    message: z.string().meta({ description: 'What is wrong.' }),
    hint: z.string().nullable().meta({ description: 'What would be right.' }),
  })
  .meta({ id: 'ModelDefect', description: 'One thing that is wrong with the texts of a model.' });
export type ModelDefect = z.infer<typeof ModelDefect>;

const Kind = z.enum(['added', 'removed', 'changed']).meta({ description: 'What becomes of it.' });
const Fields = z
  .array(z.object({ field: z.string(), from: z.string(), to: z.string() }))
  .meta({ description: 'What is different, as text for people; empty where there was, or is, nothing.' });

export const ModelPlan = z
  .object({
    follows: z.int().nullable().meta({ description: 'The version that it would follow; null where it is the first.' }),
    effective: Instant.meta({ description: 'Since when it would hold; 0 is since ever.' }),
    isNew: z.boolean().meta({ description: 'False where the texts are those that hold already.' }),
    defects: z.array(ModelDefect).meta({ description: 'What is wrong, and would be left out.' }),
    types: z
      .array(z.object({ kind: Kind, name: z.string(), fields: Fields }))
      .meta({ description: 'Types that come, go or change.' }),
    assets: z
      .array(
        z.object({
          kind: Kind,
          id: z.string(),
          path: z.string(),
          type: z.string().nullable(),
          fields: Fields,
          attributes: z.array(
            z.object({
              kind: Kind,
              name: z.string(),
              fields: Fields,
              breaks: z.string().nullable().meta({ description: 'Why it breaks the contract of the type, or null.' }),
            }),
          ),
        }),
      )
      .meta({ description: `Each instance that differs, in the order of paths; the first ${MAX_PLANNED_ASSETS}.` }),
    counts: z
      .object({ added: z.int(), changed: z.int(), removed: z.int() })
      .meta({ description: 'Of all assets, those not told one by one included.' }),
    relations: z
      .object({ added: z.array(z.string()), removed: z.array(z.string()) })
      .meta({ description: 'Relations that come and go, as sentences.' }),
    likelyRenames: z
      .array(z.object({ id: z.string(), from: z.string(), to: z.string() }))
      .meta({ description: 'What goes and comes and may be the same: written with this id, it keeps its history.' }),
    broken: z
      .array(z.object({ subscriber: z.string(), attribute: z.string(), reason: z.string() }))
      .meta({ description: 'Live subscribers that would lose what they listen to.' }),
    waiting: z
      .object({ count: z.int(), first: z.array(z.object({ attribute: z.string(), tag: z.string() })) })
      .meta({ description: 'Attributes whose tag there is not: not yet, or misspelt.' }),
  })
  .meta({ id: 'ModelPlan', description: 'What would come of the texts of a model.' });
export type ModelPlan = z.infer<typeof ModelPlan>;

const Effective = TimeExpression.optional().meta({
  description: 'Since when it holds: now, where it is absent; the first version since ever.',
});

export const PlanBody = z
  .strictObject({ texts: Texts, effective: Effective })
  .meta({ id: 'PlanBody', description: 'The texts of a model, to be looked at only.' });

export const ApplyBody = z
  .strictObject({
    texts: Texts,
    by: Author.meta({ description: 'Who applies it.' }),
    comment: z.string().max(2_000).default('').meta({ description: 'Why.' }),
    effective: Effective,
    acceptBreaking: z
      .boolean()
      .default(false)
      .meta({ description: 'Even where live subscribers lose what they have.' }),
    acceptDefects: z.boolean().default(false).meta({ description: 'What is right of it, where something is wrong.' }),
  })
  .meta({ id: 'ApplyBody', description: 'The texts of a model, to be made its next version.' });

export const ApplyAnswer = z
  .object({ version: ModelVersion, plan: ModelPlan })
  .meta({ id: 'ApplyAnswer', description: 'The version that holds the texts, and what it has changed.' });
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;

export const ProposalBody = z
  .strictObject({
    name: z.string().max(500).meta({ description: 'Name of the file; its ending tells CSV from XLSX.' }),
    content: z.base64().meta({ description: 'The file, in base64.' }),
  })
  .meta({ id: 'ProposalBody', description: 'A list of tags as spreadsheets hold it.' });

export const ModelProposal = z
  .object({
    texts: Texts,
    tags: z.int().meta({ description: 'How many tags were read.' }),
    reasons: z
      .array(z.object({ subject: z.string(), reason: z.string() }))
      .meta({ description: 'Why the types and assets are proposed, and which tags were left out.' }),
  })
  .meta({ id: 'ModelProposal', description: 'A first draft of a model, to be corrected by whoever knows the plant.' });
export type ModelProposal = z.infer<typeof ModelProposal>;
