/** What an engineer writes in `health/*.yaml`, and what can be said of it without looking at the model. */

import { durationMs } from '@tidegate/config/fields.ts';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { DETECTOR_NAMES } from '@tidegate/health/detect/namedEnsemble.ts';
import type { FatigueLaw } from '@tidegate/health/fatigue/fatigueLaw.ts';
import { USUAL_TEST } from '@tidegate/health/fatigue/solderFatigue.ts';
import { z } from 'zod';
import { healthName } from './healthName.ts';
import { MEASURES, SEVERITIES } from './healthWatch.ts';
import { checkVibration, vibrationFields } from './vibrationText.ts';

const LEAST_INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 86_400_000;
/** Fewer rows than this are no picture of what is normal. */
const LEAST_ROWS = 100;
/** Scatter of lives: of solder in the middle of what is measured (Weibull shape 2 to 4), more of a curve from a book. */
const SOLDER_SCATTER = 0.5;
const CURVE_SCATTER = 0.8;

/** Columns of an exported set that are no features. */
const RESERVED = new Set(['time', 'quality', 'label']);
const featureName = healthName.refine((text) => !RESERVED.has(text), {
  error: 'is the name of another column of the rows',
});
const condition = z.string().min(1).describe('an expression such as "\'state\' == 2"');
const positive = z.number().positive();

const BUDGET = /^(\d+(?:\.\d+)?)\s+(?:per|in)\s+(.+)$/;
const budget = z
  .string()
  .transform((text, context) => {
    const [, alarms = '', time = ''] = BUDGET.exec(text.trim()) ?? [];
    const perMs = parseDurationMs(time);
    if (Number(alarms) > 0 && perMs !== undefined && perMs > 0) {
      return { alarms: Number(alarms), perUs: perMs * US_PER_MS };
    }
    const message = `${JSON.stringify(text)} is no number of false alarms in a time`;
    context.issues.push({ code: 'custom', message, input: text, params: { hint: 'such as "1 per 365d"' } });
    return z.NEVER;
  })
  .describe('how many false alarms are borne, such as "1 per 365d"');

const detectors = z
  .array(z.enum(DETECTOR_NAMES))
  .min(1)
  .refine((names) => new Set(names).size === names.length, { error: 'names a detector twice' });

const limit = z
  .strictObject({ high: z.number().optional(), low: z.number().optional() })
  .refine(({ high, low }) => (high === undefined) !== (low === undefined), {
    error: 'is either `high` or `low`',
    abort: true,
  })
  .transform(({ high, low = 0 }) =>
    high === undefined ? { at: low, side: 'low' as const } : { at: high, side: 'high' as const },
  );

const featureSchema = z
  .strictObject({
    attribute: z.string().min(1).optional().describe('an attribute of the asset, or what its twin derives of one'),
    formula: z.string().min(1).optional().describe('an expression over attributes'),
    unit: z.string().optional().describe('UCUM code; that of the attribute or of the formula where it is left out'),
    measure: z.enum(MEASURES).default('average'),
    ...vibrationFields,
    negligible: z.number().min(0).default(0).describe('a smaller shift is none that anybody would drive out for'),
    limit: limit.optional().describe('where the equipment counts as failed'),
    description: z.string().default(''),
  })
  .refine((feature) => (feature.attribute === undefined) !== (feature.formula === undefined), {
    error: 'is of an attribute or of a formula, and not of both',
  })
  .refine(({ limit: at, negligible }) => !at || at.at === 0 || Math.abs(at.at) > negligible, {
    error: 'has a limit that no shift but a negligible one would take it to',
    path: ['limit'],
  })
  .superRefine(checkVibration);

const solder = z
  .strictObject({
    alloy: z.enum(['tin-lead', 'tin-silver-copper']),
    test: z.strictObject({
      medianCycles: positive.describe('cycles that half of the joints bear'),
      swingK: positive.default(USUAL_TEST.swingK),
      cyclesPerDay: positive.default(USUAL_TEST.cyclesPerDay),
      hotCel: z.number().default(USUAL_TEST.hotCel),
    }),
    lifeScatter: positive.default(SOLDER_SCATTER).describe('standard deviation of the logarithm of the life'),
  })
  .transform((said): FatigueLaw => ({ kind: 'solder', ...said }));
const curve = z
  .strictObject({
    kneeRange: positive.describe('a cycle of this range is borne `kneeCycles` times'),
    kneeCycles: positive,
    slope: positive,
    slopeBelow: positive.optional(),
    ultimate: positive.optional(),
    unit: z.string().optional().describe('UCUM code of the ranges; that of the attribute where it is left out'),
    lifeScatter: positive.default(CURVE_SCATTER),
  })
  .transform(({ unit, lifeScatter, slopeBelow, ultimate, ...knee }) => {
    const points = {
      ...knee,
      ...(slopeBelow !== undefined && { slopeBelow }),
      ...(ultimate !== undefined && { ultimate }),
    };
    const law: FatigueLaw = { kind: 's-n', curve: points, lifeScatter };
    return { unit, law };
  });

const fatigueSchema = z
  .strictObject({
    attribute: z.string().min(1).describe('whose cycles are counted'),
    part: z.string().min(1).describe('what wears, such as "the solder joint of the output terminal"'),
    cause: z.string().min(1).describe('by what, such as "thermal cycling"'),
    solder: solder.optional(),
    curve: curve.optional(),
  })
  .refine((said) => (said.solder === undefined) !== (said.curve === undefined), {
    error: 'is that of `solder` or follows a `curve`, and not both',
  });

const failureSchema = z
  .strictObject({
    signs: z
      .record(healthName, z.enum(['up', 'down']))
      .default({})
      .describe('which features go which way when it grows'),
    fatigue: healthName.optional(),
    says: z.string().min(1).describe('half a sentence: "the solder joint at the output terminal cracks"'),
    severity: z.enum(SEVERITIES),
    consequence: z.string().min(1),
    action: z.string().min(1),
    bring: z.array(z.string().min(1)).default([]),
    isolations: z.array(z.string().min(1)).default([]),
  })
  .refine(({ signs, fatigue }) => Object.keys(signs).length > 0 || fatigue !== undefined, {
    error: 'shows by no sign and is driven by no fatigue',
  });

export const watchSchema = z
  .strictObject({
    type: z.string().optional().describe('every asset of this type'),
    asset: z.string().optional().describe('the path or the id of an asset'),
    name: healthName,
    description: z.string().default(''),
    every: durationMs(LEAST_INTERVAL_MS, LONGEST_INTERVAL_MS).default(600_000),
    while: condition.optional(),
    whileSays: z.string().min(1).optional().describe('when that is, in words: "running for half an hour"'),
    features: z.record(featureName, featureSchema).default({}),
    learn: durationMs().default(30 * 86_400_000),
    budget: budget.prefault('1 per 365d'),
    detectors: detectors.optional().describe('what judges rows, instead of the usual ones'),
    fatigue: z.record(healthName, fatigueSchema).default({}),
    failures: z.record(healthName, failureSchema).default({}),
  })
  .superRefine((watch, context) => {
    const refuse = (message: string, hint: string, path: string[]) =>
      context.issues.push({ code: 'custom', message, input: watch, path, params: { hint } });
    if ((watch.type === undefined) === (watch.asset === undefined)) {
      refuse('needs a type or an asset, and not both', 'type: of every asset of it; asset: of one', []);
    }
    if (Object.keys(watch.features).length + Object.keys(watch.fatigue).length === 0) {
      refuse('watches nothing', 'features: or fatigue:', []);
    }
    if (watch.whileSays !== undefined && watch.while === undefined) {
      refuse('says when a condition holds that there is not', 'while: an expression', ['whileSays']);
    }
    if (watch.learn < watch.every * LEAST_ROWS) {
      refuse('is too short to learn from', `at least ${LEAST_ROWS} times \`every\``, ['learn']);
    }
  });

export const placeSchema = z.strictObject({
  asset: z.string().min(1).describe('the path or the id of an asset; it holds for all below as well'),
  where: z.string().min(1),
  access: z.string().default(''),
  isolations: z.array(z.string().min(1)).default([]),
});

export const healthSchema = z.looseObject({
  health: z.array(z.looseObject({})).default([]),
  places: z.array(z.looseObject({})).default([]),
  lives: z.array(z.looseObject({})).default([]),
});

export type WatchText = z.output<typeof watchSchema>;
export type FeatureText = z.output<typeof featureSchema>;
export type FatigueText = z.output<typeof fatigueSchema>;
export type PlaceText = z.output<typeof placeSchema>;
