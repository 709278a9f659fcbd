/** Studies of twins: their parameters fitted to history, runs with other inputs, and what is behind their residuals. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { z } from 'zod';
import { Instant, TimeExpression } from './time.ts';

export const MAX_STUDY_BYTES = 256 * 1024;

const span = (description: string) =>
  z
    .string()
    .refine((text) => (parseDurationMs(text) ?? 0) >= 1, { error: 'must be a length of time such as 10s, 5min or 8h' })
    .meta({ description, examples: ['10s', '5min', '8h'] });
const interval = span(
  'Distance of the moments that are looked at; where absent, so that there are about 2000.',
).optional();
const start = TimeExpression.default('*-7d').meta({ description: 'First moment of the history that is used.' });
const end = TimeExpression.default('*').meta({ description: 'End of it, itself not included.' });
const unit = z.string().meta({ description: 'UCUM code, empty where there is none.', examples: ['Cel'] });
const nullable = (description: string) => z.number().nullable().meta({ description });
const column = (description: string) => z.array(z.number().nullable()).meta({ description });

export const TwinFitBody = z
  .strictObject({
    asset: z.string().optional().meta({ description: 'Path or id of the asset whose twin is fitted; or `type`.' }),
    type: z.string().optional().meta({ description: 'Fits the twin of every asset of this type, each by itself.' }),
    start,
    end,
    interval,
    modes: z.array(z.string()).min(1).optional().meta({ description: 'Only moments in these modes of the twin.' }),
    robust: z.boolean().default(false).meta({ description: 'Whether moments that are far off count less (Huber).' }),
    by: z.string().min(1).max(200).meta({ description: 'Who fits; it stands in the file.' }),
  })
  .meta({ id: 'TwinFitBody', description: 'Whose twin is fitted, and to which history.' });
export type TwinFitBody = z.output<typeof TwinFitBody>;

const FittedParameter = z.object({
  name: z.string().meta({ description: 'Name in the template.', examples: ['efficiency'] }),
  unit,
  before: nullable('What it was until now, or null.'),
  value: z.number().meta({ description: 'What history says.' }),
  uncertainty: z.number().meta({ description: 'Standard uncertainty of the value.' }),
  low: z.number().meta({ description: 'Lower end of the interval of confidence.' }),
  high: z.number().meta({ description: 'Upper end of it.' }),
  atBound: z.boolean().meta({ description: 'Whether history would have it beyond the range of the template.' }),
});
const FittedResidual = z.object({
  attribute: z.string().meta({ description: 'What is expected.', examples: ['discharge-temperature'] }),
  unit,
  sigma: z.number().meta({ description: 'Standard deviation of actual minus expected, in `unit`.' }),
  sigmaBefore: nullable('The same with the parameters of before, or null.'),
  heldOutSigma: nullable('The same on the last third of the history, fitted to the rest, or null.'),
  explained: nullable('The share of the variance that the model explains, or null where nothing varies.'),
  count: z.int().meta({ description: 'Moments compared.' }),
  otherMode: z.int().meta({ description: 'Moments left out because of their mode.' }),
  notGood: z.int().meta({ description: 'Moments left out because a value was not good.' }),
});

export const TwinFits = z
  .object({
    file: z
      .string()
      .meta({ description: 'The file of the model that keeps the fits.', examples: ['twins/compressor.fit.yaml'] }),
    text: z
      .string()
      .meta({ description: 'What it should hold: the new fits, and those of other assets as they were.' }),
    confidence: z.number().meta({ description: 'That of the intervals of parameters, such as 0.95.' }),
    intervalUs: z.int().meta({ description: 'Distance of the moments that were looked at, in microseconds.' }),
    fits: z.array(
      z.object({
        asset: z.string().meta({ description: 'Path of the asset.', examples: ['acme/north/compression/train-1'] }),
        refused: z.string().nullable().meta({ description: 'Why its history carries no fit, or null.' }),
        parameters: z.array(FittedParameter),
        residuals: z.array(FittedResidual),
        warnings: z.array(z.string()).meta({ description: 'What whoever relies on the fit should know.' }),
      }),
    ),
  })
  .meta({ id: 'TwinFits', description: 'What was found, and the text that keeps it; nothing is applied.' });
export type TwinFits = z.infer<typeof TwinFits>;

const Change = z.union([
  z.strictObject({ set: z.number().meta({ description: 'It is this from then on.' }) }),
  z.strictObject({ add: z.number().meta({ description: 'It is so much more than it was.' }) }),
  z.strictObject({ scale: z.number().meta({ description: 'It is so many times what it was.' }) }),
  z.strictObject({
    ramp: z.number().meta({ description: 'It goes to this in a straight line, and stays there.' }),
    over: span('How long it takes to get there.'),
  }),
]);

export const WhatIfBody = z
  .strictObject({
    asset: z.string().meta({ description: 'Path or id of the asset whose twin runs.', examples: ['train-1'] }),
    from: TimeExpression.default('*-1h').meta({
      description: 'The past or present moment from which the run goes on.',
    }),
    for: span('How long the run is; beyond now, inputs stay as they were last.').default('1h'),
    interval,
    changes: z
      .record(z.string(), Change)
      .default({})
      .meta({ description: 'By attribute, what becomes of it behind `from`.', examples: [{ speed: { set: 9_500 } }] }),
    parameters: z
      .record(z.string(), z.number())
      .default({})
      .meta({ description: 'Parameters that are other than they are.', examples: [{ efficiency: 0.75 }] }),
  })
  .meta({ id: 'WhatIfBody', description: 'Where a run begins, how long it is, and what is different in it.' });
export type WhatIfBody = z.output<typeof WhatIfBody>;

export const WhatIf = z
  .object({
    asset: z.string().meta({ description: 'Path of the asset.' }),
    intervalUs: z.int().meta({ description: 'The step of the run, in microseconds.' }),
    times: z.array(Instant).meta({ description: 'The moments of the run; at the first all is as it was.' }),
    recorded: z.int().meta({ description: 'How many of them lie in what was recorded.' }),
    modes: z.array(z.string().nullable()).meta({ description: 'The mode at each moment, or null.' }),
    series: z.array(
      z.object({
        attribute: z.string().meta({ description: 'What is expected.' }),
        unit,
        expected: column('With the changes.'),
        low: column('Lower end of the band of 95 %, null where no spread is known.'),
        high: column('Upper end of it.'),
        unchanged: column('What would be expected without the changes.'),
        actual: column('What was recorded; as long as `recorded`.'),
        comparison: z
          .object({
            count: z.int().meta({ description: 'Moments at which both are known.' }),
            bias: z.number().meta({ description: 'Mean of actual minus expected.' }),
            deviation: z.number().meta({ description: 'Root of the mean square of it.' }),
            withinBand: z
              .number()
              .meta({ description: 'The share of moments at which the actual value lies in the band.' }),
          })
          .nullable()
          .meta({ description: 'The run against what happened, or null.' }),
      }),
    ),
    assumptions: z.array(z.string()).meta({ description: 'What the run took for granted.' }),
  })
  .meta({ id: 'WhatIf', description: 'A run of a twin in a sealed copy.' });
export type WhatIf = z.infer<typeof WhatIf>;

export const DiagnosisQuery = z.strictObject({
  start: TimeExpression.default('*-1d').meta({ description: 'First moment of the history that is judged.' }),
  end,
  interval,
});
export type DiagnosisQuery = z.output<typeof DiagnosisQuery>;

export const TwinDiagnosis = z
  .object({
    asset: z.string().meta({ description: 'Path of the asset.' }),
    verdict: z.enum(['sound', 'sensor', 'machine', 'ambiguous', 'unexplained']).meta({
      description:
        'Nothing has changed; an instrument reads with an offset; the machine has changed; several causes would explain it ' +
        'equally well; or none does.',
    }),
    text: z.string().meta({ description: 'The verdict in plain words.' }),
    causes: z.array(
      z.object({
        kind: z.enum(['sensor', 'machine']).meta({ description: 'An instrument, or the machine itself.' }),
        parts: z.array(
          z.object({
            name: z.string().meta({ description: 'The attribute that is measured, or the parameter.' }),
            unit,
            size: z.number().meta({ description: 'How much too high it reads, or how much larger it is, at the end.' }),
            uncertainty: z.number().meta({ description: 'Standard uncertainty of the size.' }),
            reference: nullable('What the parameter was fitted to, or null.'),
          }),
        ),
        onset: z.enum(['step', 'drift']).meta({ description: 'All at once, or along a line up to the end.' }),
        since: Instant,
        earliest: Instant,
        latest: Instant,
        beganBefore: z.boolean().meta({ description: 'Whether it may have begun before `start`.' }),
        explained: z.number().meta({ description: 'The share of what is unusual that it explains, up to 1.' }),
      }),
    ),
    residuals: z.array(
      z.object({
        attribute: z.string(),
        mean: z.number().meta({ description: 'Mean of actual minus expected over the last quarter of the time.' }),
        noise: z.number().meta({ description: 'Standard deviation of that mean.' }),
      }),
    ),
  })
  .meta({ id: 'TwinDiagnosis', description: 'What is behind the residuals of a twin.' });
export type TwinDiagnosis = z.infer<typeof TwinDiagnosis>;
