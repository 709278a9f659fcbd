/** What an engineer writes of the lives of a fleet in `health/*.yaml`, and what can be said of it without looking at the model. */

import { durationMs } from '@tidegate/config/fields.ts';
import { parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { z } from 'zod';
import { LIFE_ENDS } from './fleetLife.ts';
import { healthName } from './healthName.ts';

const DAY_MS = 86_400_000;
const SHORTEST_CYCLE_MS = 60_000;
const LONGEST_CYCLE_MS = 31 * DAY_MS;
/** Life left is told in cycles: less of them is no scale, more of them is no question that signals answer. */
const FEWEST_CYCLES = 10;
const MOST_CYCLES = 5_000;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME_HINT = { hint: 'such as 2026-01-31, which is its first moment in UTC, or 2026-01-31T12:00:00Z' };
const time = z
  .string()
  .transform((text, context): Timestamp => {
    const parsed = parseTimestamp(DATE.test(text) ? `${text}T00:00:00Z` : text);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', message: `"${text}" is not a time`, input: text, params: TIME_HINT });
    return z.NEVER;
  })
  .describe('a time such as 2026-01-31 or 2026-01-31T12:00:00Z');

const recordSchema = z
  .strictObject({
    asset: z.string().min(1).describe('the path or the id of an asset of the fleet'),
    from: time.optional().describe('when it was put in; where nobody knows it is left out'),
    to: time.optional().describe('when it ended; where it goes on it is left out'),
    ended: z.enum(LIFE_ENDS).optional(),
  })
  .superRefine((record, context) => {
    const refuse = (message: string, hint: string, path: string[]) =>
      context.issues.push({ code: 'custom', message, input: record, path, params: { hint } });
    const { from, to, ended } = record;
    if (from === undefined && to === undefined) refuse('says neither when a life began nor when it ended', 'from:', []);
    if (to !== undefined && ended === undefined) refuse('does not say how it ended', 'ended: failure or replaced', []);
    if (to === undefined && ended !== undefined) refuse('does not say when it ended', 'to: a time', ['ended']);
    if (from !== undefined && to !== undefined && from >= to)
      refuse('ends before it begins', 'from: before to:', ['to']);
  });

export const lifeSchema = z
  .strictObject({
    type: z.string().min(1).describe('assets of this type are the fleet'),
    name: healthName,
    description: z.string().default(''),
    watch: healthName.describe('the watch of each of them, by name, whose rows tell of wear'),
    failure: healthName.describe('the failure of that watch that ends a life'),
    cycle: durationMs(SHORTEST_CYCLE_MS, LONGEST_CYCLE_MS).default(DAY_MS),
    horizon: durationMs().default(180 * DAY_MS),
    settings: z
      .array(healthName)
      .default([])
      .describe('features that say what is asked of it, and do not tell of wear'),
    records: z.array(recordSchema).default([]),
  })
  .refine(({ cycle, horizon }) => horizon >= FEWEST_CYCLES * cycle && horizon <= MOST_CYCLES * cycle, {
    error: `is to be ${FEWEST_CYCLES} to ${MOST_CYCLES} times \`cycle\``,
    path: ['horizon'],
  });

export type LifeText = z.output<typeof lifeSchema>;
