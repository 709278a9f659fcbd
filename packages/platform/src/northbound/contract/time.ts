/** How the interface speaks of time: instants as integers, and the expressions by which a request names them. */

import { z } from 'zod';
import { parseTimeExpression, TIME_EXPRESSION_HELP } from './timeExpression.ts';

/** An instant as it stands in every JSON answer; the same number as `Timestamp` of core. */
export const Instant = z.int().meta({
  id: 'Instant',
  description: 'Microseconds since 1970-01-01T00:00:00Z, without leap seconds. Exact in a double until the year 2255.',
  examples: [1_767_225_600_000_000],
});
export type Instant = z.infer<typeof Instant>;

/** An instant as a request states it. */
export const TimeExpression = z
  .string()
  .refine((text) => parseTimeExpression(text) !== undefined, { error: `must be ${TIME_EXPRESSION_HELP}` })
  .meta({
    id: 'TimeExpression',
    description: `A moment: ${TIME_EXPRESSION_HELP}.`,
    examples: ['2026-01-01T00:00:00+01:00', '*-8h', '*-10min', 'y+6h'],
  });
