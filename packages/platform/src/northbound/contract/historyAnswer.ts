/** Answers to questions about history: columns of equal length, by tag. */

import { z } from 'zod';
import { SampleValue, StatusBits } from './sample.ts';
import { TagIndex } from './tag.ts';
import { Instant } from './time.ts';

const times = (description: string) => z.array(Instant).meta({ description });
const numbers = (description: string) => z.array(z.number().nullable()).meta({ description });
const counts = (description: string) => z.array(z.int().min(0)).meta({ description });
const values = (description: string) => z.array(SampleValue).meta({ description });
const names = z
  .array(z.string().nullable())
  .optional()
  .meta({ description: 'The name of each digital state, null where it has none; only where they were asked for.' });
const statuses = z.array(StatusBits).meta({ description: 'OPC UA StatusCode of each row.' });
const SAMPLE_COLUMNS = {
  times: times('Time of each sample, in microseconds.'),
  values: values('Value of each sample.'),
  statuses,
  stateNames: names,
};
const FINALITY = {
  finalUntil: Instant.nullable().meta({
    description:
      'Up to here everything that the gateway accepted has arrived, so that only edits, late data and corrections can still ' +
      'change the answer. Null where nothing of the tag has ever come.',
  }),
};
const FINALS = {
  finals: z.array(z.boolean()).meta({ description: 'Whether the result is final (true) or provisional.' }),
};
const SPANS = {
  starts: times('Start of each row, in microseconds, itself included.'),
  ends: times('End of each row, in microseconds, itself not included.'),
};
const TAG_FACTS = {
  tag: TagIndex,
  path: z.string().meta({ description: 'Path of the tag.', examples: ['acme/north/reactor/temperature'] }),
  valueType: z.enum(['number', 'boolean', 'string']).meta({
    description: 'Type of the tag: where it is not `string`, "NaN", "Infinity" and "-Infinity" are numbers.',
  }),
  unit: z.string().meta({ description: 'Unit of the values as a UCUM code; empty where there is none.' }),
  stepped: z.boolean().meta({ description: 'True where a value holds until the next.' }),
};

/** An answer whose series have these fields beside what is said of their tag. */
function answerOf<Shape extends z.ZodRawShape>(id: string, description: string, shape: Shape, facts = TAG_FACTS) {
  const series = z.object({ ...facts, ...shape }).meta({ id: `${id}Series`, description });
  return z
    .object({
      start: Instant.nullable().meta({ description: 'The range as the server resolved it: its first moment.' }),
      end: Instant.nullable().meta({ description: 'End of the range, itself not included.' }),
      series: z.array(series).meta({ description: 'In the order in which they were asked for.' }),
      next: z.string().nullable().meta({ description: 'Cursor of the next page; null where this answer is the last.' }),
      warnings: z.array(z.string()).meta({ description: 'What whoever reads the answer should know of it.' }),
    })
    .meta({ id: `${id}Answer`, description });
}

export const RawAnswer = answerOf('Raw', 'Samples as they were stored.', SAMPLE_COLUMNS);
export type RawAnswer = z.infer<typeof RawAnswer>;
export const ValuesAnswer = answerOf('Values', 'Values at given times.', { ...FINALITY, ...SAMPLE_COLUMNS });
export const PlotAnswer = answerOf('Plot', 'The samples that make a picture.', { ...FINALITY, ...SAMPLE_COLUMNS });
export const ProcessedAnswer = answerOf('Processed', 'Results of one aggregate of one tag.', {
  aggregate: z.string().meta({ description: 'Name of the aggregate.', examples: ['TimeAverage'] }),
  resultUnit: z.enum(['value', 'value-seconds', 'squared-value', 'milliseconds', 'percent', 'count', 'status']).meta({
    description:
      'What the results are: of `unit`, `unit` x s, `unit` squared, milliseconds, percent, a count, a StatusCode.',
  }),
  ...FINALITY,
  times: times('Start of each interval, or the time of the sample for the aggregates that give it.'),
  values: values('Result of each interval; null where it has none.'),
  statuses,
  ...FINALS,
});
export const SummaryAnswer = answerOf('Summary', 'Summaries by interval.', {
  totalUnit: z.string().nullable().meta({ description: 'Unit of the totals.' }),
  ...FINALITY,
  ...SPANS,
  totals: numbers('Sum of the values, or integral over time in `totalUnit`.'),
  averages: numbers('Mean value.'),
  minimums: numbers('Least value.'),
  maximums: numbers('Greatest value.'),
  minimumTimes: z.array(Instant.nullable()).meta({ description: 'When the least value was first met.' }),
  maximumTimes: z.array(Instant.nullable()).meta({ description: 'When the greatest value was first met.' }),
  ranges: numbers('Greatest less least value.'),
  standardDeviations: numbers('Standard deviation.'),
  counts: numbers('Usable samples.'),
  usableUs: numbers('Time with a usable value, in microseconds.'),
  percentGood: numbers('Share of the samples, or of the time, that has a usable value.'),
  statuses,
  ...FINALS,
});
export const CounterAnswer = answerOf('Counter', 'What a counter has counted by interval.', {
  rateTimeUnit: z.string().meta({ description: 'Unit of time of the rates.', examples: ['s'] }),
  ...FINALITY,
  ...SPANS,
  increases: numbers('What was counted.'),
  rates: numbers('Increase for each unit of time.'),
  coveredUs: numbers('How much of the interval lies between readings, in microseconds.'),
  rollovers: counts('How often the counter rolled over.'),
  resets: counts('How often it was reset.'),
  statuses,
  ...FINALS,
});
export const StatesAnswer = answerOf('States', 'Events, or durations by interval and state.', {
  ...FINALITY,
  ...SPANS,
  values: values('The state; null is bad, or without a value.'),
  statuses: statuses.optional(),
  entered: z.array(z.boolean()).optional().meta({ description: 'Of events: whether it was entered at the start.' }),
  totalUs: numbers('Of intervals: time in the state, in microseconds.').optional(),
  entries: counts('Of intervals: how often the state was entered.').optional(),
  stays: counts('Of intervals: stays in the state, those cut by the interval too.').optional(),
  longestUs: numbers('Of intervals: the longest stay, in microseconds.').optional(),
  meanUs: numbers('Of intervals: the mean stay, in microseconds.').optional(),
  finals: FINALS.finals.optional(),
  stateNames: names,
});
export const CalculatedAnswer = z
  .object({
    ...answerOf('CalculatedRange', 'A range.', {}).omit({ series: true }).shape,
    series: z
      .array(
        z
          .object({
            expression: z.string().meta({ description: 'What was calculated.' }),
            tags: z.array(z.string()).meta({ description: 'Paths of the tags that it reads.' }),
            times: SAMPLE_COLUMNS.times,
            values: SAMPLE_COLUMNS.values,
            statuses,
          })
          .meta({ id: 'CalculatedSeries', description: 'A calculated tag.' }),
      )
      .meta({ description: 'The one series.' }),
  })
  .meta({ id: 'CalculatedAnswer', description: 'Values of an expression over tags.' });
export const AttributeHistory = z
  .object({
    ...answerOf('AttributeRange', 'A range.', {}).omit({ series: true }).shape,
    series: z
      .array(
        z
          .object({
            path: z.string().meta({ description: 'Path of the attribute in the unified namespace.' }),
            unit: z.string().meta({ description: 'UCUM code, empty where there is none.' }),
            versions: z.array(z.int()).meta({ description: 'Versions of the model that held, in order.' }),
            tags: z.array(z.string()).meta({ description: 'Paths of the tags that it was calculated from.' }),
            times: SAMPLE_COLUMNS.times,
            values: SAMPLE_COLUMNS.values,
            statuses,
          })
          .meta({ id: 'AttributeSeries', description: 'What an attribute was.' }),
      )
      .meta({ description: 'The one series.' }),
  })
  .meta({ id: 'AttributeHistory', description: 'What an attribute was, calculated from samples.' });
export type AttributeHistory = z.infer<typeof AttributeHistory>;
const WHO = {
  by: z.array(z.string()).meta({ description: 'Who did it.' }),
  at: times('When it was recorded.'),
};
export const ModifiedAnswer = answerOf('Modified', 'What was replaced, deleted and inserted.', {
  times: SAMPLE_COLUMNS.times,
  values: values('What was inserted, or what was there before.'),
  statuses,
  modifications: z.array(z.string()).meta({ description: 'insert, replace, update or delete.' }),
  edits: counts('Number of the edit.'),
  ...WHO,
  reasons: z.array(z.string()).meta({ description: 'Why.' }),
});
export const AnnotationsAnswer = answerOf('Annotations', 'Notes of people on a tag.', {
  ids: counts('Number of each note.'),
  times: times('The moment that the note is about.'),
  texts: z.array(z.string()).meta({ description: 'The note.' }),
  ...WHO,
});
