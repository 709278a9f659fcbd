/** How much of the readings is left out: what a compression class and a tag may both say of it. */

import { durationMs } from '@tidegate/config/fields.ts';
import { z } from 'zod';

/** A deviation as it is written: in the unit of the tag, or a share of its span. */
export interface DeviationEntry {
  readonly amount: number;
  /** True where `amount` is a share, so 0.01 for 1 %, of the span from `low` to `high`. */
  readonly ofSpan: boolean;
}

/** What a compression class and a tag may both say, each as it is written. */
export type CompressionEntry = z.output<typeof compressionClassSchema>;

const PERCENT = /^([\d.eE+-]+)\s*%$/;
const HINT = 'in the unit of the tag, such as 0.5, or in percent of its span, such as 0.1%';

const deviation = z
  .union([z.number(), z.string()])
  .transform((input, context): DeviationEntry => {
    const share = typeof input === 'string' ? PERCENT.exec(input.trim())?.[1] : undefined;
    const written = share ?? input;
    const value = written === '' ? Number.NaN : Number(written);
    const refuse = (message: string, hint: string) => {
      context.issues.push({ code: 'custom', message, input, params: { hint } });
      return z.NEVER;
    };
    if (!Number.isFinite(value)) {
      const point = String(input).replace(',', '.');
      const isComma = point !== input && Number.isFinite(Number(point.replace('%', '')));
      return refuse(`${JSON.stringify(input)} is not a deviation`, isComma ? `write a decimal point: ${point}` : HINT);
    }
    if (value < 0) return refuse(`the deviation ${input} is below 0`, '0 reports every change');
    return share === undefined ? { amount: value, ofSpan: false } : { amount: value / 100, ofSpan: true };
  })
  .describe(HINT);

/** `off` lets a tag have no door where its class has one. */
const compressionDeviation = z.union([z.literal('off'), deviation]).describe(`${HINT}, or off`);

/** The same text stands in a tag list and in the YAML file. */
export const compressionShape = {
  deviation: deviation.optional(),
  minInterval: durationMs().optional(),
  maxInterval: durationMs().optional(),
  compressionDeviation: compressionDeviation.optional(),
  compressionMinInterval: durationMs().optional(),
  compressionMaxInterval: durationMs().optional(),
} as const;

export const compressionClassSchema = z.strictObject(compressionShape);
