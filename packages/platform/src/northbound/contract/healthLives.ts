/** Lives of a fleet: like equipment that fails alike, what was learned of it, and what each asset has left by that. */

import { z } from 'zod';
import { LIFE_ENDS } from '../../monitor/health/definition/fleetLife.ts';
import { LIFE_METHODS } from '../../monitor/health/lives/fleetLifeModel.ts';
import { AUTHOR, count, days, HealthAsset, LIFE, share } from './healthParts.ts';
import { Instant } from './time.ts';

const METHOD = z.enum(LIFE_METHODS).meta({
  description:
    'signals: from what the equipment shows; hazards: from ages and how hard each was run (Cox); ages: from ages alone (Weibull).',
});
const NAME = z.string().meta({ description: 'Name of the lives, of which there is one in a model.' });
const known = z.number().nullable();

export const FleetParams = z.strictObject({
  name: z
    .string()
    .min(1)
    .meta({ description: 'Name of the lives.', examples: ['bearing-life'] }),
});

export const FleetListQuery = z.strictObject({
  asset: z
    .string()
    .optional()
    .meta({
      description: 'Only where one of these is in the fleet: path, id or pattern of assets (`acme/north/**`).',
      examples: ['acme/north/**'],
    }),
});

const UNIT = {
  asset: HealthAsset,
  number: z.int().meta({ description: 'From 1, by asset, in the order of time.' }),
  start: Instant.nullable().meta({ description: 'When it began; null where nobody knows.' }),
  end: Instant.nullable().meta({ description: 'When it ended; null where it goes on.' }),
  ended: z
    .enum(LIFE_ENDS)
    .nullable()
    .meta({ description: 'failure: it failed; replaced: it was taken out before; null where it goes on.' }),
  case: z.int().nullable().meta({ description: 'The case whose finding ended it; null where it was a record.' }),
};
export const FleetUnit = z
  .object(UNIT)
  .meta({ id: 'FleetUnit', description: 'One life of one asset, from when a part was put in.' });
export type FleetUnit = z.infer<typeof FleetUnit>;

const MODEL = {
  number: z.int().meta({ description: 'From 1; the last holds.' }),
  learnedAt: Instant.meta({ description: 'When it was learned.' }),
  by: z.string().meta({ description: 'Who had it learned.' }),
  method: METHOD,
  lives: count('Lives that it was learned from.'),
  failures: count('Of them, those that ended by failure.'),
  backtest: z
    .object({
      lives: count('Lives that were held out, each from what was learned of all others.'),
      points: count('Moments of them at which life left was told.'),
      errorDays: z.number().meta({ description: 'Mean of what was told less what came, without its sign.' }),
      errorDaysOfAges: known.meta({ description: 'The same of the ages alone; null where they tell nothing.' }),
      coverage: share('Share of them at which the truth lay within the interval'),
    })
    .nullable()
    .meta({ description: 'How far off it was on lives that were held out; null where there are too few.' }),
};
export const FleetModel = z
  .object(MODEL)
  .meta({ id: 'FleetModel', description: 'What was learned of the lives of a fleet.' });
export type FleetModel = z.infer<typeof FleetModel>;

export const FleetCard = z
  .object({
    ...MODEL,
    version: z.string().meta({ description: 'Which definition it was learned with.' }),
    notes: z.array(z.string()).meta({ description: 'What a person must know before trusting it.' }),
    start: Instant.meta({ description: 'First moment of what it was learned from.' }),
    end: Instant.meta({ description: 'End of it, itself not included.' }),
    knownAt: Instant.meta({ description: 'What was known then is what it learned from.' }),
    coverage: share('So often the truth is to lie within the interval'),
    signals: z.array(z.string()).meta({ description: 'Features that wear shows in.' }),
    settings: z.array(z.string()).meta({ description: 'Features that say what was asked of the equipment.' }),
    weibull: z
      .object({
        shape: z.number().meta({ description: 'Above 1 it wears out, below 1 it fails early.' }),
        scaleDays: z.number().meta({ description: 'The age by which 63 % have failed.' }),
      })
      .nullable()
      .meta({ description: 'The law of ages at failure; null where they carry none.' }),
    hazards: z
      .array(z.object({ setting: z.string(), factor: z.number(), lower: z.number(), upper: z.number() }))
      .meta({ description: 'By what factor a unit of each setting raises the risk, with its interval of 95 %.' }),
    seed: z.int().meta({ description: 'Of what is drawn by chance: with it the same comes out again.' }),
    units: z
      .array(z.object({ ...UNIT, cycles: count('Cycles with values of the watch; 0 where only its age is known.') }))
      .meta({ description: 'The lives that it was learned from.' }),
  })
  .meta({ id: 'FleetCard', description: 'The card of what was learned of lives.' });
export type FleetCard = z.infer<typeof FleetCard>;

const SUMMARY = {
  name: NAME,
  type: z.string().meta({ description: 'Assets of this type are the fleet.', examples: ['feed-pump'] }),
  description: z.string().meta({ description: 'What they are.' }),
  failure: z.string().meta({ description: 'The failure that ends a life.', examples: ['bearing-wear'] }),
  cycleDays: z.number().meta({ description: 'The unit of life: what the watch sees is averaged over it.' }),
  horizonDays: z.number().meta({ description: 'Life left is told up to this.' }),
  assets: count('Assets of the fleet.'),
  counts: z
    .object({
      failed: count('Lives that ended by failure.'),
      replaced: count('Lives that ended before they failed.'),
      running: count('Lives that go on.'),
    })
    .meta({ description: 'Of the lives that are known.' }),
  model: FleetModel.nullable().meta({ description: 'What holds now; null where nothing does: `refused` says why.' }),
  outdated: z.boolean().meta({ description: 'It is to be learned anew, which happens at most once a day.' }),
  learning: z.boolean().meta({ description: 'It is being learned.' }),
  refused: z.string().nullable().meta({ description: 'Why nothing came of it when it was learned last; null else.' }),
  renewedAt: Instant.nullable().meta({ description: 'When estimates were renewed; null before the first.' }),
};
export const Fleet = z.object(SUMMARY).meta({ id: 'Fleet', description: 'The lives of a fleet in a list.' });
export type Fleet = z.infer<typeof Fleet>;

export const FleetList = z
  .object({
    at: Instant.meta({ description: 'When this was so.' }),
    lives: z.array(Fleet).meta({ description: 'By name.' }),
  })
  .meta({ id: 'FleetList', description: 'The lives of all fleets.' });
export type FleetList = z.infer<typeof FleetList>;

export const FleetDetail = z
  .object({
    ...SUMMARY,
    at: Instant.meta({ description: 'When this was so.' }),
    signals: z.array(z.string()).meta({ description: 'Features of the watch that wear shows in.' }),
    settings: z.array(z.string()).meta({ description: 'Those that say what is asked of the equipment.' }),
    members: z
      .array(z.object({ asset: HealthAsset, watch: z.string().meta({ description: 'Id of its watch.' }) }))
      .meta({ description: 'The fleet, by path.' }),
    units: z.array(FleetUnit).meta({ description: 'All lives that are known, by asset and number.' }),
    card: FleetCard.nullable().meta({ description: 'Of what holds now; null where nothing does.' }),
    models: z.array(FleetModel).meta({ description: 'All that was learned so far, the newest first.' }),
  })
  .meta({ id: 'FleetDetail', description: 'The lives of a fleet, and what was learned of them.' });
export type FleetDetail = z.infer<typeof FleetDetail>;

export const FleetEstimate = z
  .object({
    lives: NAME,
    asset: HealthAsset,
    number: z.int().nullable().meta({ description: 'Number of its life; null where none goes on.' }),
    at: Instant.meta({ description: 'End of the last cycle that it rests on.' }),
    ageDays: days('How long this life has lasted; null where nobody knows.'),
    ...LIFE,
    horizonDays: z
      .number()
      .meta({ description: 'Life left is told up to this: what is given as so much is at least that.' }),
    coverage: share('So often the truth is to lie within the interval'),
    model: z.int().meta({ description: 'Number of what was learned.' }),
    method: METHOD,
    quality: known.meta({ description: 'Share of good data behind it, 0 to 1; null of ages alone.' }),
    reasons: z.array(z.object({ feature: z.string(), days: z.number() })).meta({
      description: 'What moves it, the most first: by so many days it makes life longer, or (below 0) shorter.',
    }),
    similar: z
      .array(
        z.object({
          asset: HealthAsset,
          number: z.int().meta({ description: 'Which of its lives.' }),
          leftDays: z.number().meta({ description: 'What that one had left when it looked as this one does now.' }),
          distanceDays: z.number().meta({ description: 'How far apart their health indices were.' }),
        }),
      )
      .meta({ description: 'Earlier lives that looked like it, the most alike first.' }),
    sentence: z.string().meta({ description: 'What a technician reads.' }),
  })
  .meta({ id: 'FleetEstimate', description: 'What an asset has left, by the lives of others like it.' });
export type FleetEstimate = z.infer<typeof FleetEstimate>;

/** Of a case or a watch. */
export const FLEET_ESTIMATES = z
  .array(FleetEstimate)
  .meta({ description: 'What others like it tell of its life; empty where it is of no fleet.' });

export const FleetEstimateList = z
  .object({
    at: Instant.meta({ description: 'When this was so.' }),
    estimates: z.array(FleetEstimate).meta({ description: 'Those with the least left first.' }),
  })
  .meta({ id: 'FleetEstimateList', description: 'What each asset of a fleet has left.' });
export type FleetEstimateList = z.infer<typeof FleetEstimateList>;

export const FleetCoursesQuery = z.strictObject({
  asset: z.string().meta({ description: 'Path or id of an asset of the fleet.', examples: ['acme/north/pump-7'] }),
});

export const FleetCourses = z
  .object({
    lives: NAME,
    asset: HealthAsset,
    courses: z
      .array(
        z.object({
          asset: HealthAsset,
          number: z.int().meta({ description: 'Which of its lives.' }),
          ended: UNIT.ended,
          times: z.array(Instant).meta({ description: 'Ends of its cycles.' }),
          indexDays: z.array(known).meta({
            description: 'Its health index at each: about so many days it shows to be left; it never rises.',
          }),
        }),
      )
      .meta({ description: 'The life of the asset that goes on, and earlier ones that looked like it.' }),
    none: z.string().nullable().meta({ description: 'Why there are no courses; null where there are.' }),
  })
  .meta({ id: 'FleetCourses', description: 'How lives went, side by side.' });
export type FleetCourses = z.infer<typeof FleetCourses>;

export const FLEET_OPERATIONS = ['learn'] as const;

export const FleetOperationBody = z
  .strictObject({
    operation: z.enum(FLEET_OPERATIONS).meta({ description: 'learn: anew, from all lives that are known now.' }),
    lives: NAME,
    by: AUTHOR.meta({ description: 'Who does it.' }),
  })
  .meta({ id: 'FleetOperationBody', description: 'What a person does with the lives of a fleet.' });
export type FleetOperationBody = z.input<typeof FleetOperationBody>;
