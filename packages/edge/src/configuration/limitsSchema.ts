/** How much a device or a line may be asked: its budget, as it is written. */

import { durationMs } from '@tidegate/config/fields.ts';
import { z } from 'zod';
import type { QuietHours } from '../acquisition/scan/quietHours.ts';
import type { RequestLimits } from '../acquisition/scan/requestBudget.ts';

const MAX_PAUSE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const QUIET = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;
const QUIET_HINT = 'from and to in local time, such as 22:00-05:30';

const quietHours = z
  .string()
  .transform((text, context): QuietHours => {
    const match = QUIET.exec(text);
    if (!match || text.slice(0, 5) === text.slice(6)) {
      const message = `${JSON.stringify(text)} is not a stretch of hours`;
      context.issues.push({ code: 'custom', message, input: text, params: { hint: QUIET_HINT } });
      return z.NEVER;
    }
    const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number);
    return {
      fromMinute: fromHour * MINUTES_PER_HOUR + fromMinute,
      toMinute: toHour * MINUTES_PER_HOUR + toMinute,
    };
  })
  .describe(QUIET_HINT);

export const limitsShape = {
  requestPause: durationMs(0, MAX_PAUSE_MS).optional(),
  maxRequestsPerSecond: z.number().min(0.01).max(100_000).optional(),
  quietHours: z
    .union([quietHours, z.array(quietHours)])
    .transform((entry) => (Array.isArray(entry) ? entry : [entry]))
    .optional()
    .describe(QUIET_HINT),
} as const;

export const lineLimitsShape = {
  ...limitsShape,
  maxBusShare: z.number().min(0.01).max(1).optional().describe('share of the time of the line, from 0.01 to 1'),
} as const;

type LimitKeys = z.output<z.ZodObject<typeof limitsShape>> & { readonly maxBusShare?: number | undefined };

export function limitsOf({
  requestPause,
  maxRequestsPerSecond,
  quietHours: quiet,
  maxBusShare,
}: LimitKeys): RequestLimits {
  return {
    ...(requestPause === undefined ? {} : { minRequestPauseMs: requestPause }),
    ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
    ...(quiet === undefined ? {} : { quietHours: quiet }),
    ...(maxBusShare === undefined ? {} : { maxBusShare }),
  };
}
