/** Questions about history: what may be asked of one tag or of many. */

import { z } from 'zod';
import { TimeExpression } from './time.ts';
import { parseTimeSpan } from './timeExpression.ts';

export const DEFAULT_SAMPLE_LIMIT = 10_000;
export const MAX_SAMPLE_LIMIT = 100_000;
/** Without an interval a range is divided into this many, as many as a chart has pixels to show. */
export const DEFAULT_INTERVALS = 600;
export const DEFAULT_WIDTH = 1_000;
export const MAX_WIDTH = 10_000;
export const MAX_TAGS = 1_000;
export const MAX_TIMES = 1_000;
/** Most values in one answer that comes without pages: tags x aggregates x intervals. */
export const MAX_VALUES = 1_000_000;

/** A parameter that may be repeated, or hold several separated by commas. */
const several = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((given) => (typeof given === 'string' ? [given] : given));
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const INTERVAL_HELP = 'must be a length of time above 0, such as 500ms, 10s, 15min, 1h, 1d, 1w, 1mo';
const interval = z.string().refine((text) => parseTimeSpan(text) !== undefined, { error: INTERVAL_HELP });

const TAGS = {
  tag: several.meta({
    description: `The tags, each by index, path, id or alias: repeat the parameter, or separate them by commas; ${MAX_TAGS} at most.`,
    examples: ['acme/north/reactor/temperature', '0,1,2'],
  }),
};
const TIME_ZONE = {
  timeZone: z
    .string()
    .default('UTC')
    .refine(isTimeZone, { error: 'must be a time zone of the IANA list, such as Europe/Berlin' })
    .meta({ description: 'Whose clock and calendar the times mean, as an IANA name.', examples: ['Europe/Berlin'] }),
};
const KNOWN = {
  ...TIME_ZONE,
  knownAt: TimeExpression.optional().meta({
    description:
      'Only what the server knew then: the answer that the same question would have had (see TimeExpression).',
  }),
};
const RANGE = {
  start: TimeExpression.default('*-1h').meta({ description: 'First moment of the range (see TimeExpression).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (see TimeExpression).' }),
};
const UNIT = {
  unit: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'The unit, as a UCUM code, to which values are converted before anything is calculated.',
      examples: ['[degF]', 'L/s'],
    }),
};
const FILTER = {
  filter: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Samples at whose time this expression is not true are left out before anything is calculated.',
      examples: ["'acme/north/pump/running' == 1"],
    }),
};
const STATE_NAMES = {
  stateNames: flag.optional().meta({ description: 'Whether the names of digital states come with their codes.' }),
};
const INTERVAL = {
  interval: interval.optional().meta({
    description:
      'Length of the intervals. Days and longer ones follow the calendar of the time zone, so that a day has 23 or 25 hours ' +
      'where the clocks change. The whole range where it is absent.',
    examples: ['15min', '1d', '1mo'],
  }),
};
const TREAT_UNCERTAIN = {
  treatUncertainAsBad: flag.optional().meta({ description: 'Whether uncertain samples count as bad ones.' }),
};
const STEPPED = {
  stepped: flag
    .optional()
    .meta({ description: 'Whether a value holds until the next; as the tag has it where absent.' }),
};
const percent = z.coerce.number().min(0).max(100).optional();
const AGGREGATE_OPTIONS = {
  ...STEPPED,
  ...TREAT_UNCERTAIN,
  percentDataBad: percent.meta({ description: 'From this percentage of bad data on, a result is bad; 100 if absent.' }),
  percentDataGood: percent.meta({ description: 'From this percentage of good data on, it is good; 100 if absent.' }),
  useSlopedExtrapolation: flag.optional().meta({
    description: 'Whether the line through the last two usable samples goes on behind them.',
  }),
};
const BASE = { ...TAGS, ...RANGE, ...KNOWN, ...UNIT };

export const RawQuery = z.strictObject({
  ...TAGS,
  start: TimeExpression.optional().meta({
    description:
      'First moment of the range (see TimeExpression); with `end` alone, back from there. `*-1h` without both.',
  }),
  end: TimeExpression.optional().meta({
    description: 'End of the range, itself not included; earlier than `start`, the samples come backwards.',
  }),
  ...KNOWN,
  ...UNIT,
  ...FILTER,
  ...STATE_NAMES,
  bounds: flag.optional().meta({
    description: 'Whether the samples at both ends come too, or the nearest outside where there are none.',
  }),
  limit: z.coerce.number().int().min(1).max(MAX_SAMPLE_LIMIT).default(DEFAULT_SAMPLE_LIMIT).meta({
    description: 'Most samples in one answer, of all tags together.',
  }),
  cursor: z.string().optional().meta({ description: '`next` of the page before; the other parameters as they were.' }),
});
export type RawQuery = z.output<typeof RawQuery>;

export const AtQuery = z.strictObject({
  ...TAGS,
  time: several.meta({
    description: `The moments: repeat the parameter, or separate them by commas; ${MAX_TIMES} at most (see TimeExpression).`,
    examples: ['*-1h', 't,t+8h,t+16h'],
  }),
  ...KNOWN,
  ...UNIT,
  ...STEPPED,
  ...TREAT_UNCERTAIN,
  useSlopedExtrapolation: AGGREGATE_OPTIONS.useSlopedExtrapolation,
  ...STATE_NAMES,
  bounds: z
    .enum(['interpolated', 'simple'])
    .default('interpolated')
    .meta({
      description:
        'Between which samples a value lies: the nearest usable ones, or (`simple`) the nearest whatever they are, so that ' +
        'nothing is estimated across bad data.',
    }),
});
export type AtQuery = z.output<typeof AtQuery>;

export const InterpolatedQuery = z.strictObject({
  ...BASE,
  interval: interval.optional().meta({
    description: `Distance of the values; a ${DEFAULT_INTERVALS}th of the range where it is absent.`,
    examples: ['10s', '5min', '1d'],
  }),
  ...STEPPED,
  ...TREAT_UNCERTAIN,
  useSlopedExtrapolation: AGGREGATE_OPTIONS.useSlopedExtrapolation,
  ...STATE_NAMES,
});
export type InterpolatedQuery = z.output<typeof InterpolatedQuery>;

export const PlotQuery = z.strictObject({
  ...BASE,
  width: z.coerce.number().int().min(1).max(MAX_WIDTH).default(DEFAULT_WIDTH).meta({
    description:
      'Width of the picture in pixels: at most five samples come for each, and the two that bound the range.',
  }),
  ...STATE_NAMES,
});
export type PlotQuery = z.output<typeof PlotQuery>;

export const ProcessedQuery = z.strictObject({
  ...BASE,
  aggregate: several.meta({
    description: 'Aggregates of OPC UA Part 13 by name: repeat the parameter, or separate them by commas.',
    examples: ['Average', 'TimeAverage,Minimum,Maximum'],
  }),
  ...INTERVAL,
  ...FILTER,
  ...AGGREGATE_OPTIONS,
});
export type ProcessedQuery = z.output<typeof ProcessedQuery>;

const TIME_UNIT = {
  timeUnit: z.enum(['us', 'ms', 's', 'min', 'h', 'd', 'wk', 'mo', 'a']).optional(),
};

export const SummaryQuery = z.strictObject({
  ...BASE,
  ...INTERVAL,
  ...FILTER,
  basis: z.enum(['timeWeighted', 'eventWeighted']).default('timeWeighted').meta({
    description: 'Whether each moment counts alike, or each sample.',
  }),
  timeUnit: TIME_UNIT.timeUnit.meta({
    description:
      'Unit of time of totals by time, as a UCUM code. Where it is absent, that of the unit (m3/h comes to m3), or the hour.',
  }),
  deviation: z.enum(['population', 'sample']).default('population').meta({
    description:
      'Whether the standard deviation is that of the whole (n) or of a part (n - 1); by time there is no difference.',
  }),
  ...STEPPED,
  ...TREAT_UNCERTAIN,
});
export type SummaryQuery = z.output<typeof SummaryQuery>;

export const CounterQuery = z.strictObject({
  ...BASE,
  ...INTERVAL,
  ...FILTER,
  rollover: z.coerce.number().positive().optional().meta({
    description: 'The value in whose place the counter shows 0, such as 10000 for four digits.',
  }),
  maximumPerSecond: z.coerce.number().positive().optional().meta({
    description: 'No more than this is counted in a second; a roll-over that would need more is a reset.',
  }),
  timeUnit: TIME_UNIT.timeUnit.meta({ description: 'Unit of time of the rate, as a UCUM code; s where it is absent.' }),
  bridgeBad: flag
    .optional()
    .meta({ description: 'Whether readings on both sides of bad samples are compared (true).' }),
  ...TREAT_UNCERTAIN,
});
export type CounterQuery = z.output<typeof CounterQuery>;

export const StatesQuery = z.strictObject({
  ...TAGS,
  ...RANGE,
  ...KNOWN,
  interval: interval.optional().meta({
    description: 'With it, how long and how often each state was held by interval; without it, the list of events.',
    examples: ['1h', '1d'],
  }),
  ...FILTER,
  ...TREAT_UNCERTAIN,
  ...STATE_NAMES,
});
export type StatesQuery = z.output<typeof StatesQuery>;

export const CalculatedQuery = z.strictObject({
  expression: z
    .string()
    .min(1)
    .meta({
      description: 'What is calculated, with tags in single quotes (docs/queries.md).',
      examples: ["('acme/north/flow/in' - 'acme/north/flow/out') / 2"],
    }),
  ...RANGE,
  ...KNOWN,
  interval: interval.optional().meta({
    description: 'Distance of the values; where it is absent, one at each time at which one of the tags has a sample.',
    examples: ['1min'],
  }),
});
export type CalculatedQuery = z.output<typeof CalculatedQuery>;

/** The same of an attribute, whose expression the model gives. */
export const AttributeHistoryQuery = CalculatedQuery.omit({ expression: true });
export type AttributeHistoryQuery = z.output<typeof AttributeHistoryQuery>;

export const ModifiedQuery = z.strictObject({ ...TAGS, ...RANGE, ...KNOWN });
export type ModifiedQuery = z.output<typeof ModifiedQuery>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
