/** Accounts of machines (ISO 22400-2) and of energy (ISO 50006), each figure with what it came from. */

import { z } from 'zod';
import { MEASURES } from '../../monitor/performance/accountDefinition.ts';
import { PACKML_STATES } from '../../monitor/performance/packml.ts';
import { HistoryLink } from './event.ts';
import { SummaryQuery } from './historyQuestion.ts';
import { Instant, TimeExpression } from './time.ts';

export const MAX_OEE_INTERVALS = 400;

const ratio = (description: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${description}; null where nothing can be divided by.` });
const seconds = (description: string) => z.number().meta({ description: `${description}, in seconds.` });
const column = (description: string) => z.array(z.number().nullable()).meta({ description });
const ASSET = z.object({ id: z.string(), path: z.string() }).meta({ description: 'Whose it is.' });
const CATEGORY = z.enum(['productive', 'planned-stop', 'unplanned-stop', 'unknown']);

export const AccountList = z
  .object({
    machines: z.array(z.object({ asset: ASSET })).meta({ description: 'Machines with an account after ISO 22400-2.' }),
    energy: z
      .array(z.object({ name: z.string(), asset: ASSET }))
      .meta({ description: 'Accounts of energy after ISO 50006.' }),
  })
  .meta({ id: 'AccountList', description: 'The accounts that the model asks for.' });
export type AccountList = z.infer<typeof AccountList>;

export const OeeQuery = z.strictObject({
  asset: z.string().meta({ description: 'Path or id of a machine.', examples: ['acme/north/line-1/press'] }),
  start: TimeExpression.default('*-1d').meta({ description: 'First moment (default: a day ago).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
  ...SummaryQuery.pick({ interval: true, timeZone: true }).shape,
});

const OEE = {
  start: Instant,
  end: Instant,
  oee: ratio('Availability times performance times quality'),
  availability: ratio('Productive time of planned time'),
  performance: ratio('Ideal time of the pieces of productive time; above 1 the ideal cycle is too long'),
  quality: ratio('Good pieces of all pieces'),
  qualityMeasured: z
    .boolean()
    .meta({ description: 'False where rejects are not counted: quality is taken as 1 then.' }),
  pieces: z.number().meta({ description: 'Made in the range: pieces, or an amount.' }),
  unit: z.string().meta({ description: 'UCUM code of the amount; empty where pieces are counted.' }),
  rejected: z.number().nullable().meta({ description: 'Of them; null where they are not counted.' }),
  plannedSeconds: seconds('Time that production was planned for'),
  productiveSeconds: seconds('Time of it in which the machine produced'),
  plannedStopSeconds: seconds('Time of stops that were planned; it is in no ratio'),
  unknownSeconds: seconds('Time of which nothing is known; it is in no ratio'),
  losses: z
    .array(
      z.object({
        kind: z.enum(['availability', 'performance', 'quality']),
        what: z.string().meta({ description: 'The state that the machine was in, or what else it is.' }),
        seconds: seconds('How much was lost'),
        remainingSeconds: seconds('What is left of the planned time after this one and those before it'),
      }),
    )
    .meta({ description: 'From the planned time down to the ideal time of good pieces, step by step.' }),
  states: z
    .array(z.object({ state: z.enum(PACKML_STATES), category: CATEGORY, seconds: seconds('Time in it') }))
    .meta({ description: 'Time in the states of PackML (ANSI/ISA-TR88.00.02-2015), the longest first.' }),
};

export const OeeAnswer = z
  .object({
    asset: ASSET,
    idealCycleSeconds: seconds('What a piece takes at best'),
    ...OEE,
    intervals: z.array(z.object(OEE)).meta({ description: 'The same by interval, where one was asked for.' }),
    sources: z.array(HistoryLink).meta({ description: 'State, pieces and rejects: what all figures come from.' }),
  })
  .meta({ id: 'Oee', description: 'Overall equipment effectiveness (ISO 22400-2:2014, 9.4 to 9.7).' });
export type OeeAnswer = z.infer<typeof OeeAnswer>;

export const EnergyQuery = z.strictObject({
  name: z
    .string()
    .optional()
    .meta({ description: 'Name of the account.', examples: ['steel works'] }),
  asset: z.string().optional().meta({ description: 'Path or id of its asset, where several have one of this name.' }),
  start: TimeExpression.default('*-1d').meta({ description: 'First moment (default: a day ago).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
});

export const EnergyAnswer = z
  .object({
    name: z.string().meta({ description: 'Name of the account.' }),
    asset: ASSET,
    start: Instant,
    end: Instant,
    unit: z.string().meta({ description: 'UCUM code of all energies.' }),
    intervalSeconds: seconds('Length of an interval'),
    used: z.number().meta({ description: 'In all whole intervals together.' }),
    expected: z.number().meta({ description: 'What the baseline expects for them.' }),
    ratio: ratio('Used by expected; below 1 energy was saved'),
    perUnit: ratio('Energy for each unit of the first driver'),
    expectedPerUnit: ratio('What the baseline expects of it'),
    driverUnit: z.string().meta({ description: 'UCUM code of what the first driver counts.' }),
    baseline: z
      .object({
        start: Instant,
        end: Instant,
        terms: z
          .array(z.object({ name: z.string(), coefficient: z.number(), halfWidth: z.number() }))
          .meta({ description: '`base` for each interval, then each driver; half the width of the interval of 95 %.' }),
        r2: z.number().meta({ description: 'Coefficient of determination.' }),
        cvRmse: z
          .number()
          .meta({ description: 'Coefficient of variation of the root mean squared error (ASHRAE Guideline 14-2014).' }),
        intervals: z.int().meta({ description: 'Whole intervals that it was fitted to.' }),
      })
      .meta({ description: 'What was fitted, and to what.' }),
    intervals: z
      .object({
        starts: z.array(Instant),
        used: column('Energy that was used; null where it was not measured.'),
        expected: column('By the baseline; null where a driver is not known.'),
        cumulative: column('Sum of used less expected from the first interval on: savings are below 0.'),
      })
      .meta({ description: 'In columns.' }),
    sources: z
      .array(HistoryLink.extend({ measure: z.enum(MEASURES), unit: z.string() }))
      .meta({ description: 'The meter, then the drivers.' }),
  })
  .meta({ id: 'Energy', description: 'Energy used against its baseline (ISO 50006).' });
export type EnergyAnswer = z.infer<typeof EnergyAnswer>;
