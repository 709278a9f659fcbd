/** The 37 standard aggregates of OPC UA by name: what each of them is for, and what kind of result it gives. */

/** What the value of a result is: of the tag's own unit, unit x s, milliseconds, percent of the interval, a count, a StatusCode. */
export type ResultUnit = 'value' | 'value-seconds' | 'squared-value' | 'milliseconds' | 'percent' | 'count' | 'status';

export interface AggregateEntry {
  /** Number of the NodeId in the namespace of OPC UA, `i=...` (OPC 10000-6, NodeIds). */
  readonly nodeId: number;
  /** Clause of OPC 10000-13 v1.05 that defines it. */
  readonly clause: string;
  readonly meaning: string;
  readonly unit: ResultUnit;
  /** What the value at the ends of an interval is taken from: nothing, the nearest samples, or the nearest usable samples. */
  readonly bounds: 'none' | 'simple' | 'interpolated';
  /** Whether the aggregate makes sense of texts, too; of them a numeric one says BadAggregateInvalidInputs. */
  readonly takesText: boolean;
}

type Row = readonly [
  nodeId: number,
  clause: number,
  unit: ResultUnit,
  bounds: AggregateEntry['bounds'],
  text: 'text' | 'numeric',
  meaning: string,
];

// biome-ignore format: a table
const ROWS = {
  Interpolative: [2341, 4, 'value', 'interpolated', 'text', 'The value at the start of the interval.'],
  Average: [2342, 5, 'value', 'none', 'numeric', 'The mean of the samples; how long each of them held does not count.'],
  TimeAverage: [2343, 6, 'value', 'interpolated', 'numeric', 'The mean over time, straight lines from sample to sample, across bad ones.'],
  TimeAverage2: [11285, 7, 'value', 'simple', 'numeric', 'The mean over the time for which the data are not bad.'],
  Total: [2344, 8, 'value-seconds', 'interpolated', 'numeric', 'The integral over time in value x s, across bad samples.'],
  Total2: [11304, 9, 'value-seconds', 'simple', 'numeric', 'The integral in value x s over the time for which the data are not bad.'],
  Minimum: [2346, 10, 'value', 'none', 'numeric', 'The least good sample.'],
  Maximum: [2347, 11, 'value', 'none', 'numeric', 'The greatest good sample.'],
  MinimumActualTime: [2348, 12, 'value', 'none', 'numeric', 'The least good sample, with its own time.'],
  MaximumActualTime: [2349, 13, 'value', 'none', 'numeric', 'The greatest good sample, with its own time.'],
  Range: [2350, 14, 'value', 'none', 'numeric', 'Maximum less Minimum.'],
  Minimum2: [11286, 15, 'value', 'simple', 'numeric', 'The least value, those at the ends of the interval included.'],
  Maximum2: [11287, 16, 'value', 'simple', 'numeric', 'The greatest value, those at the ends of the interval included.'],
  MinimumActualTime2: [11305, 17, 'value', 'simple', 'numeric', 'Minimum2 with its own time.'],
  MaximumActualTime2: [11306, 18, 'value', 'simple', 'numeric', 'Maximum2 with its own time.'],
  Range2: [11288, 19, 'value', 'simple', 'numeric', 'Maximum2 less Minimum2.'],
  AnnotationCount: [2351, 20, 'count', 'none', 'text', 'How many annotations there are.'],
  Count: [2352, 21, 'count', 'none', 'text', 'How many good samples there are.'],
  DurationInStateZero: [11307, 22, 'milliseconds', 'simple', 'numeric', 'How long the value was good and zero.'],
  DurationInStateNonZero: [11308, 23, 'milliseconds', 'simple', 'numeric', 'How long the value was good and other than zero.'],
  NumberOfTransitions: [2355, 24, 'count', 'none', 'text', 'How often the value became another one.'],
  Start: [2357, 25, 'value', 'none', 'text', 'The first sample, as it is, with its own time.'],
  End: [2358, 26, 'value', 'none', 'text', 'The last sample, as it is, with its own time.'],
  Delta: [2359, 27, 'value', 'none', 'numeric', 'The last good sample less the first good one.'],
  StartBound: [11505, 28, 'value', 'simple', 'text', 'The value at the start of the interval, from the nearest samples.'],
  EndBound: [11506, 29, 'value', 'simple', 'text', 'The value at the end of the interval, from the nearest samples.'],
  DeltaBounds: [11507, 30, 'value', 'simple', 'numeric', 'EndBound less StartBound.'],
  DurationGood: [2360, 31, 'milliseconds', 'simple', 'text', 'How long the data were good.'],
  DurationBad: [2361, 32, 'milliseconds', 'simple', 'text', 'How long the data were bad.'],
  PercentGood: [2362, 33, 'percent', 'simple', 'text', 'For which part of the interval the data were good.'],
  PercentBad: [2363, 34, 'percent', 'simple', 'text', 'For which part of the interval the data were bad.'],
  WorstQuality: [2364, 35, 'status', 'none', 'text', 'The worst status of the samples.'],
  WorstQuality2: [11292, 36, 'status', 'simple', 'text', 'The worst status, those at the ends of the interval included.'],
  StandardDeviationSample: [11426, 37, 'value', 'none', 'numeric', 'The standard deviation of the good samples as a part of all (n - 1).'],
  VarianceSample: [11428, 38, 'squared-value', 'none', 'numeric', 'The variance of the good samples as a part of all (n - 1).'],
  StandardDeviationPopulation: [11427, 39, 'value', 'none', 'numeric', 'The standard deviation of the good samples as the whole (n).'],
  VariancePopulation: [11429, 40, 'squared-value', 'none', 'numeric', 'The variance of the good samples as the whole (n).'],
} as const satisfies Record<string, Row>;

export type AggregateName = keyof typeof ROWS;

export const AGGREGATE_NAMES = Object.keys(ROWS) as readonly AggregateName[];

export const AGGREGATES = Object.fromEntries(
  Object.entries(ROWS).map(([name, [nodeId, clause, unit, bounds, text, meaning]]) => [
    name,
    { nodeId, clause: `5.4.3.${clause}`, meaning, unit, bounds, takesText: text === 'text' },
  ]),
) as Readonly<Record<AggregateName, AggregateEntry>>;

/** Tells a name of the table from any other text. */
export function isAggregateName(text: string): text is AggregateName {
  return Object.hasOwn(ROWS, text);
}
