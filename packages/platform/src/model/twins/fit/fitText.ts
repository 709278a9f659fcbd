/** The file in which fits are kept, `twins/<type>.fit.yaml`: text that an engineer reads, compares and may correct. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { formatTimestamp, parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { z } from 'zod';
import type { TwinFit } from '../twinTemplate.ts';

/** All fits of the assets of one type. */
export interface TypeFits {
  readonly type: string;
  readonly fits: readonly TwinFit[];
}

const HEADER = `# What history says about the parameters of this type of twin: written by \`tidegate twin fit\`, applied by
# \`tidegate model apply\`. Uncertainties are standard uncertainties, sigma is the standard deviation of a residual.
`;
/** Enough for every computation behind it, and no more than a person reads. */
const DIGITS = 9;
const CORRELATION_DIGITS = 6;
const PLAIN_WORD = /^[A-Za-z_][\w./-]*$/;
const RESERVED_WORD = /^(true|false|null|yes|no|on|off)$/i;

const time = z
  .string()
  .transform((text, context): Timestamp => {
    const parsed = parseTimestamp(text);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', message: `"${text}" is not a time`, input: text, params: TIME_HINT });
    return z.NEVER;
  })
  .describe('a time such as 2026-01-31T12:00:00Z');
const TIME_HINT = { hint: 'such as 2026-01-31T12:00:00Z' };
const share = z.number().min(-1).max(1);
const FitFile = z.strictObject({
  type: z.string().min(1),
  fits: z.array(
    z.strictObject({
      asset: z.string().min(1).optional(),
      fitted: time,
      by: z.string().default(''),
      start: time,
      end: time,
      parameters: z.record(
        z.string(),
        z.strictObject({ value: z.number(), uncertainty: z.number().min(0).default(0) }),
      ),
      residuals: z
        .record(
          z.string(),
          z.strictObject({
            sigma: z.number().positive(),
            'held-out-sigma': z.number().positive().optional(),
            explained: z.number().max(1).optional(),
            count: z.int().min(0).default(0),
          }),
        )
        .default({}),
      inputs: z.record(z.string(), z.strictObject({ low: z.number(), high: z.number() })).default({}),
      correlations: z.array(z.tuple([z.string(), z.string(), share])).default([]),
      warnings: z.array(z.string()).default([]),
    }),
  ),
});
type FitEntry = z.output<typeof FitFile>['fits'][number];

/** What stands in a file of fits, or all that is wrong with it. */
export function readFitText(file: string, text: string): { fits: TypeFits | undefined; defects: readonly Defect[] } {
  const read = ConfigDocument.parse(file, text).validate(FitFile);
  if (!read.ok) return { fits: undefined, defects: read.defects };
  return { fits: { type: read.value.type, fits: read.value.fits.map(fitOfEntry) }, defects: [] };
}

function fitOfEntry({ asset, fitted, by, start, end, parameters, ...rest }: FitEntry): TwinFit {
  const residuals = Object.entries(rest.residuals).map(
    ([attribute, { 'held-out-sigma': heldOutSigma, ...residual }]) =>
      [attribute, { ...residual, heldOutSigma }] as const,
  );
  return {
    ...{ asset, fittedAt: fitted, by, start, end },
    parameters: new Map(Object.entries(parameters)),
    correlations: rest.correlations.map(([a, b, value]) => ({ a, b, value })),
    residuals: new Map(residuals),
    inputs: new Map(Object.entries(rest.inputs)),
    warnings: rest.warnings,
  };
}

/** The text of a file of fits; `readFitText` gives the same back, to nine digits. */
export function fitText({ type, fits }: TypeFits): string {
  return `${HEADER}type: ${word(type)}\nfits:${fits.length === 0 ? ' []' : ''}\n${fits.map(entryText).join('')}`;
}

/** The same fits with those of one asset in place of what was there of it. */
export function withFit({ type, fits }: TypeFits, fit: TwinFit): TypeFits {
  const others = fits.filter(({ asset }) => asset !== fit.asset);
  const byAsset = (a: TwinFit, b: TwinFit) => ((a.asset ?? '') < (b.asset ?? '') ? -1 : 1);
  return { type, fits: [...others, fit].sort(byAsset) };
}

function entryText(fit: TwinFit): string {
  const lines = [
    ...(fit.asset === undefined ? [] : [`asset: ${word(fit.asset)}`]),
    `fitted: ${formatTimestamp(fit.fittedAt)}`,
    `by: ${word(fit.by)}`,
    `start: ${formatTimestamp(fit.start)}`,
    `end: ${formatTimestamp(fit.end)}`,
    ...mapLines('parameters', fit.parameters, ({ value, uncertainty }) => ({ value, uncertainty })),
    ...mapLines('residuals', fit.residuals, ({ sigma, heldOutSigma, explained, count }) => ({
      ...{ sigma, 'held-out-sigma': heldOutSigma, explained, count },
    })),
    ...mapLines('inputs', fit.inputs, ({ low, high }) => ({ low, high })),
    ...listLines(
      'correlations',
      fit.correlations.map(({ a, b, value }) => `[${word(a)}, ${word(b)}, ${number(value, CORRELATION_DIGITS)}]`),
    ),
    ...listLines(
      'warnings',
      fit.warnings.map((warning) => JSON.stringify(warning)),
    ),
  ];
  return lines.map((line, at) => `${at === 0 ? '  - ' : '    '}${line}\n`).join('');
}

function mapLines<T>(
  name: string,
  entries: ReadonlyMap<string, T>,
  fields: (entry: T) => Readonly<Record<string, number | undefined>>,
): string[] {
  if (entries.size === 0) return [`${name}: {}`];
  const lines = [...entries].map(([key, entry]) => {
    const given = Object.entries(fields(entry)).filter(([, value]) => value !== undefined);
    return `  ${word(key)}: { ${given.map(([field, value]) => `${field}: ${number(value!, DIGITS)}`).join(', ')} }`;
  });
  return [`${name}:`, ...lines];
}

function listLines(name: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${name}:`, ...items.map((item) => `  - ${item}`)];
}

function number(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** Names that YAML might take for something else stand in quotes. */
function word(text: string): string {
  return PLAIN_WORD.test(text) && !RESERVED_WORD.test(text) ? text : JSON.stringify(text);
}
