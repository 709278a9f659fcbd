/** SQL: one statement that reads, and its rows in columns. */

import { z } from 'zod';
import { parseTimeSpan, type TimeUnit } from './timeExpression.ts';

/** The body of a request: longer statements than that nobody writes, and no program should. */
export const MAX_SQL_BYTES = 1024 * 1024;
const MAX_SQL_ROWS = 10_000_000;
const MAX_PARAMETERS = 1_000;

const UNIT_MS: Partial<Readonly<Record<TimeUnit, number>>> = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000 };

const statement = z
  .string()
  .min(1)
  .meta({
    description: 'One statement that reads, in the dialect of DuckDB (docs/sql.md).',
    examples: ["SELECT * FROM latest('acme/*')"],
  });
const timeLimitMs = z
  .string()
  .refine((text) => lengthMs(text) !== undefined, {
    error: 'must be a length of time above 0, such as 500ms, 30s, 2min',
  })
  .transform((text) => lengthMs(text) ?? 0)
  .optional()
  .meta({ description: 'How long the statement may take; at most what the configuration of the server says.' });
const ROWS_HELP = {
  description:
    'Most rows of the answer; at most what the configuration of the server says. Where there are more, it says so.',
};

export const SqlQuery = z.strictObject({
  query: statement,
  timeLimit: timeLimitMs,
  rows: z.coerce.number().int().min(1).max(MAX_SQL_ROWS).optional().meta(ROWS_HELP),
});

export const SqlBody = z
  .strictObject({
    sql: statement,
    parameters: z
      .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .max(MAX_PARAMETERS)
      .default([])
      .meta({ description: 'Values for `$1`, `$2`, ... in the statement.' }),
    timeLimit: timeLimitMs,
    rows: z.int().min(1).max(MAX_SQL_ROWS).optional().meta(ROWS_HELP),
  })
  .meta({ id: 'SqlBody', description: 'A statement, what it is given and what it may take.' });

export const SqlAnswer = z
  .object({
    columns: z.array(
      z.object({
        name: z.string().meta({ examples: ['path'] }),
        type: z.string().meta({ description: 'Its SQL type as DuckDB writes it.', examples: ['VARCHAR', 'TIMESTAMP'] }),
        values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).meta({
          description:
            'One for each row, null where there is none. Times are microseconds since 1970 UTC, dates texts (2026-01-31), ' +
            'whole numbers that a double cannot hold texts, NaN is null, and lists and structures are texts.',
        }),
      }),
    ),
    rows: z.int().min(0).meta({ description: 'How many there are.' }),
    truncated: z.boolean().meta({ description: 'Whether rows beyond the limit were left off.' }),
    elapsedMs: z.number().meta({ description: 'From the request until the last row was there.' }),
  })
  .meta({ id: 'SqlAnswer', description: 'The rows of a statement, in columns.' });

function lengthMs(text: string): number | undefined {
  const span = parseTimeSpan(text);
  const unitMs = span && UNIT_MS[span.unit];
  return unitMs === undefined ? undefined : Math.ceil(span!.amount * unitMs);
}
