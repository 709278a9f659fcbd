/** Cases: one degradation of one equipment, from the first alert to what a person found. */

import { z } from 'zod';
import { ALERT_KINDS, CASE_STATES, CHANGE_KINDS, FINDING_OUTCOMES } from '../../monitor/health/cases/healthCase.ts';
import { FLEET_ESTIMATES } from './healthLives.ts';
import { AUTHOR, COMMENT, count, HealthAsset, HealthSite, LIFE, SEVERITY, share } from './healthParts.ts';
import { Instant, TimeExpression } from './time.ts';

export const MAX_CASES = 1_000;
/** What cameras give and browsers show, and what nothing can be hidden in that a browser would run. */
export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];
export const CASE_OPERATIONS = ['snooze', 'wake', 'order', 'find', 'close', 'reopen', 'comment', 'undo'] as const;

const STATE = z.enum(CASE_STATES).meta({
  description: 'open: somebody has to decide; ordered: a work order is placed; closed: it is over.',
});
const OUTCOME = z.enum(FINDING_OUTCOMES);
const NUMBER = z
  .int()
  .min(1)
  .meta({ description: 'Number of the case.', examples: [7] });
const AskedNumber = z.coerce
  .number()
  .int()
  .min(1)
  .meta({ description: 'Number of the case.', examples: [7] });
const lines = (description: string) => z.array(z.string()).meta({ description });

const SUMMARY = {
  number: NUMBER,
  state: STATE,
  rank: z.int().nullable().meta({ description: 'From 1, the most urgent first, snoozed ones last; null once closed.' }),
  rankReason: z
    .string()
    .nullable()
    .meta({
      description: 'Why it stands there: severity over the days that are left at the least.',
      examples: ['major (weight 10), and at the least 12 days left'],
    }),
  group: z
    .object({
      first: NUMBER,
      count: count('How many cases there are in it.'),
      place: z
        .string()
        .meta({ description: 'Path of the asset that all of theirs are part of.', examples: ['acme/north'] }),
      since: Instant.meta({ description: 'When the first of them was opened.' }),
    })
    .nullable()
    .meta({
      description:
        'The cases, not closed, that began with it on one site within an interval: look for what they have in common; null of a case ' +
        'that began alone, or with too few to speak of.',
    }),
  watch: z
    .object({ id: z.string(), name: z.string() })
    .meta({ description: 'What raised it.', examples: [{ id: 'PSU-1/output-joint', name: 'output-joint' }] }),
  asset: HealthAsset,
  sentence: z.string().meta({ description: 'What a technician reads.' }),
  failure: z
    .string()
    .nullable()
    .meta({ description: 'The failure that fits best; null where none does.', examples: ['solder-crack'] }),
  severity: SEVERITY,
  consequence: z.string().meta({ description: 'What comes of it if nothing is done.' }),
  since: Instant.meta({ description: 'Since when it degrades.' }),
  openedAt: Instant.meta({ description: 'When the case was opened.' }),
  lastAlertAt: Instant.meta({ description: 'When the data last spoke for it.' }),
  closedAt: Instant.nullable().meta({ description: 'When it was closed; null where it is not.' }),
  ...LIFE,
  quality: share('The least share of good data behind the alerts'),
  quietSince: Instant.nullable().meta({
    description:
      'Rows have been as usual since then, for days: it was put right, or it comes and goes; null where it alerts.',
  }),
  snoozedUntil: Instant.nullable().meta({ description: 'Set aside until then; null where it is not.' }),
  outcome: OUTCOME.nullable().meta({ description: 'What was found; null before that.' }),
};

export const HealthCase = z.object(SUMMARY).meta({ id: 'HealthCase', description: 'A case in a list.' });
export type HealthCase = z.infer<typeof HealthCase>;

export const HealthCaseListQuery = z.strictObject({
  show: z.enum(['pending', 'snoozed', 'closed', 'all']).default('pending').meta({
    description: 'pending: open or ordered, and not snoozed; or those that are snoozed, closed, or all.',
  }),
  state: STATE.optional(),
  asset: z
    .string()
    .optional()
    .meta({
      description: 'Path, id or pattern of assets (`acme/north/**`).',
      examples: ['acme/north/**'],
    }),
  watch: z.string().optional().meta({ description: 'Id of a watch, or path of its asset, a slash and its name.' }),
  limit: z.coerce.number().int().min(1).max(MAX_CASES).default(100).meta({ description: 'At most so many.' }),
});

export const HealthCaseList = z
  .object({
    at: Instant.meta({ description: 'When this was so.' }),
    revision: z.int().meta({ description: 'Another number after any change of a case; /status has it too.' }),
    cases: z.array(HealthCase).meta({ description: 'The most urgent first; closed ones after them, newest first.' }),
    total: count('How many match.'),
    counts: z
      .object({
        open: count('Somebody has to decide.'),
        ordered: count('A work order is placed.'),
        snoozed: count('Of both, those that are set aside for a time.'),
        closed: count('Over.'),
      })
      .meta({ description: 'Of all cases, shown or not.' }),
  })
  .meta({ id: 'HealthCaseList', description: 'Cases, ranked by consequence and time left.' });
export type HealthCaseList = z.infer<typeof HealthCaseList>;

export const HealthCaseQuery = z.strictObject({ number: AskedNumber });

const CaseSign = z
  .object({
    feature: z.string().meta({ description: 'Name of the feature.' }),
    unit: z.string().meta({ description: 'UCUM code.' }),
    now: z.number().nullable().meta({ description: 'At the last alert.' }),
    normal: z.number().nullable().meta({ description: 'As learned.' }),
    share: share('Of what makes the rows strange'),
    since: Instant.nullable().meta({ description: 'When it began to drift; null where that cannot be told.' }),
    perDay: z
      .number()
      .nullable()
      .meta({ description: 'What it gains in a day of late: against its drift where that goes back.' }),
    limit: z.number().nullable().meta({ description: 'Where it counts as failed, where there is such a limit.' }),
    proven: z.boolean().meta({
      description: 'Its drift is proven by the budget; else it is only among what makes the rows strange.',
    }),
  })
  .meta({ id: 'CaseSign', description: 'A feature that speaks for the case.' });

const CaseFinding = z
  .object({
    outcome: OUTCOME.meta({ description: 'Whether it was so.' }),
    failure: z.string().nullable().meta({ description: 'What it was; null where nothing was found.' }),
    notes: z.string().meta({ description: 'In the words of whoever was there.' }),
    repaired: z.boolean().meta({ description: 'Put right: what is normal is learned anew from here on.' }),
    photos: lines('Names of photos, for /health/photo.'),
    by: z.string().meta({ description: 'Who was there.' }),
    at: Instant.meta({ description: 'When it was looked at.' }),
    failedAt: Instant.nullable().meta({ description: 'When it failed; null where it did not before that.' }),
  })
  .meta({ id: 'CaseFinding', description: 'What the person at site found.' });

export const CasePhoto = z
  .object({
    photo: z.string().meta({ description: 'Its name, for /health/photo and for the finding.' }),
    mediaType: z.enum(PHOTO_TYPES).meta({ description: 'What its bytes are.' }),
    bytes: count('Its size.'),
    by: z.string().meta({ description: 'Who sent it.' }),
    at: Instant.meta({ description: 'When.' }),
  })
  .meta({ id: 'CasePhoto', description: 'A photo from the site.' });
export type CasePhoto = z.infer<typeof CasePhoto>;

export const HealthCaseDetail = z
  .object({
    ...SUMMARY,
    model: z
      .int()
      .nullable()
      .meta({ description: 'Number of the model that raised it; null where fatigue alone did.' }),
    action: z.string().meta({ description: 'What to do.' }),
    bring: lines('What to bring.'),
    isolations: lines('What must be isolated: of this work, and of the place.'),
    site: HealthSite.nullable().meta({ description: 'How to get there; null where the model does not say.' }),
    reasons: z
      .object({
        kind: z.enum(ALERT_KINDS).meta({
          description:
            'drift: a feature goes away from its normal; step: it changed at once, as a sensor or a unit does; strange: ' +
            'the rows are none like those that were learned; wear: its parts are worn by what they bear.',
        }),
        score: z.number().nullable().meta({ description: 'The highest of the alerts; null where none has one.' }),
        mode: z.string().nullable().meta({ description: 'Operating mode in which it shows.' }),
        signs: z.array(CaseSign).meta({
          description: 'First what drifts, the most proven foremost; then what makes the rows strange, by its share.',
        }),
        fatigue: z
          .array(z.object({ name: z.string(), damage: z.number().nullable(), perDay: z.number().nullable() }))
          .meta({ description: "What drives it: Miner's sum, and what is added in a day." }),
        similar: z
          .array(z.object({ number: NUMBER, likeness: share('How alike they are'), outcome: OUTCOME }))
          .meta({ description: 'Earlier cases like it, and what was found then.' }),
      })
      .meta({ description: 'Why there is a case, as of the last alert.' }),
    fleet: FLEET_ESTIMATES,
    orders: z
      .array(
        z.object({
          reference: z
            .string()
            .nullable()
            .meta({ description: 'What the system of orders calls it; null until it has it.' }),
          trouble: z
            .string()
            .nullable()
            .meta({ description: 'Why it was not taken yet; null where nothing is wrong.' }),
          port: z.string().meta({ description: 'Where it is placed.' }),
          by: z.string().meta({ description: 'Who placed it.' }),
          comment: z.string().meta({ description: 'What is to be done, in words.' }),
          at: Instant.meta({ description: 'When.' }),
        }),
      )
      .meta({ description: 'Work orders, in order of time.' }),
    finding: CaseFinding.nullable().meta({ description: 'What was found; null before that.' }),
    photos: z.array(CasePhoto).meta({ description: 'All photos of the case.' }),
    ports: lines('Where work orders can be placed.'),
    history: z
      .array(
        z.object({
          at: Instant.meta({ description: 'When.' }),
          what: z.enum(CHANGE_KINDS).meta({ description: 'What was done, or happened.' }),
          by: z.string().meta({ description: 'Who did it.' }),
          why: z.string().meta({ description: 'What is to be remembered of it; empty for nothing.' }),
        }),
      )
      .meta({ description: 'What happened with it, in order of time.' }),
  })
  .meta({ id: 'HealthCaseDetail', description: 'A case, whole.' });
export type HealthCaseDetail = z.infer<typeof HealthCaseDetail>;

export const CaseOperationBody = z
  .strictObject({
    number: NUMBER,
    operation: z.enum(CASE_OPERATIONS).meta({
      description:
        'snooze: set it aside until `until`; wake: end that; order: place a work order; find: say what was found; ' +
        'close: it is over; reopen: it is not; comment: a line of its history; undo: take back what was decided last.',
    }),
    by: AUTHOR.meta({ description: 'Who does it.' }),
    group: z.boolean().default(false).meta({
      description:
        'Whether the cases that began together with it and are not closed go the same way: snooze, find, close, comment.',
    }),
    comment: COMMENT.optional().meta({
      description:
        'Why, and of a finding what was seen; snoozing, reopening, commenting, and closing without a finding need it.',
    }),
    until: TimeExpression.optional().meta({ description: 'End of the snoozing, such as *+7d.' }),
    port: z.string().optional().meta({ description: 'Where the order goes; the first port where it is left out.' }),
    outcome: OUTCOME.optional().meta({ description: 'Of the finding.' }),
    failure: z
      .string()
      .trim()
      .max(500)
      .optional()
      .meta({ description: 'What it was: a failure of the model, or words.' }),
    repaired: z.boolean().default(false).meta({ description: 'Whether the equipment was put right.' }),
    photos: z
      .array(z.string().max(200))
      .max(50)
      .default([])
      .meta({ description: 'Names that /health/cases/photos gave.' }),
    at: TimeExpression.optional().meta({ description: 'When it was looked at (default: now).' }),
    failedAt: TimeExpression.optional().meta({ description: 'When it failed, where it did before that.' }),
  })
  .meta({ id: 'CaseOperationBody', description: 'What a person does with a case.' });
/** As it is sent. */
export type CaseOperationBody = z.input<typeof CaseOperationBody>;

export const CasePhotoUploadQuery = z.strictObject({
  number: AskedNumber,
  by: AUTHOR.meta({ description: 'Who took it.' }),
});

export const CasePhotoQuery = z.strictObject({
  number: AskedNumber,
  photo: z.string().meta({ description: 'Name of the photo.' }),
});
