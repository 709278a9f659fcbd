/** How the model of a twin is written: `twins/<name>.yaml`, one type in each file. */

import { durationMs } from '@tidegate/config/fields.ts';
import { z } from 'zod';

const formula = z.string().min(1).describe(`an expression such as "'flow' * 'efficiency'"`);
const unit = z.string().default('').describe('a UCUM code such as kW, Cel or m3/h');
const axis = z.strictObject({ unit, values: z.array(z.number()) });

const parameter = z.strictObject({
  value: z.number(),
  unit,
  low: z.number().optional(),
  high: z.number().optional(),
  fitted: z.boolean().default(true).describe('false where a fit must leave it as it is'),
  description: z.string().default(''),
});

const map = z.strictObject({
  x: axis,
  y: axis.optional(),
  z: z.strictObject({
    unit,
    values: z
      .union([z.array(z.number()), z.array(z.array(z.number()))])
      .describe('of a curve a list, of a map a list for each value of y'),
  }),
  outside: z.enum(['clamp', 'bad']).default('clamp'),
});

const expected = z
  .strictObject({
    formula: formula.optional(),
    learned: z
      .strictObject({ terms: z.array(formula).min(1).max(20).describe('formulas whose weighted sum is learned') })
      .optional(),
    modes: z.array(z.string()).min(1).optional().describe('the modes in which it holds'),
    sigma: z.number().positive().optional().describe('the standard deviation of the residual of a sound asset'),
  })
  .superRefine((said, context) => {
    if ((said.formula === undefined) !== (said.learned === undefined)) return;
    const message = 'what is expected is either a formula or learned';
    const params = { hint: 'write one of the keys formula and learned' };
    context.issues.push({ code: 'custom', message, input: said, params });
  });

export const TwinText = z.strictObject({
  type: z.string().min(1).describe('a type of assets'),
  description: z.string().default(''),
  parameters: z.record(z.string(), parameter).default({}),
  maps: z.record(z.string(), map).default({}),
  modes: z.record(z.string(), formula).default({}),
  expected: z.record(z.string(), expected).default({}),
  states: z.record(z.string(), z.strictObject({ unit, initial: formula, rate: formula })).default({}),
  trust: z
    .strictObject({
      'stale-after': durationMs(1).default(60_000),
      window: durationMs(1_000).default(3_600_000),
      'calibration-age': durationMs(1_000).default(180 * 86_400_000),
    })
    .prefault({}),
});
export type TwinText = z.output<typeof TwinText>;
