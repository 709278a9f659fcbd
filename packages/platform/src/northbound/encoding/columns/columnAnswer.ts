/** The answer to a question about history, before it is written as JSON, CSV or Arrow: series of typed columns. */

import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';

type Facts = Readonly<Record<string, unknown>>;

/** `name` stands in CSV and Arrow, where a row is one thing; `many` in JSON, where a column holds many. */
interface ColumnName {
  readonly name: string;
  readonly many: string;
}

export type AnswerColumn = ColumnName &
  (
    | { readonly kind: 'value'; readonly values: Pick<SampleRun, 'values' | 'kinds' | 'strings'> }
    /** Microseconds since 1970 UTC; NaN where there is none. */
    | { readonly kind: 'time'; readonly values: Float64Array }
    /** NaN where there is none. */
    | { readonly kind: 'number'; readonly values: Float64Array }
    | { readonly kind: 'count' | 'status'; readonly values: Uint32Array }
    /** `nulls` is 1 where there is none. */
    | { readonly kind: 'flag'; readonly values: Uint8Array; readonly nulls?: Uint8Array }
    | { readonly kind: 'integer'; readonly values: BigInt64Array; readonly nulls?: Uint8Array }
    /** The first microsecond of a day of UTC; NaN where there is none. */
    | { readonly kind: 'date'; readonly values: Float64Array }
    | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  );

export interface AnswerSeries {
  /** What is said of all rows, as it stands in JSON. */
  readonly facts: Facts;
  /** What is said of all rows, as it stands in each of them in CSV and Arrow. */
  readonly labels: readonly { readonly name: string; readonly value: string | number }[];
  readonly rows: number;
  readonly columns: readonly AnswerColumn[];
}

export interface ColumnAnswer {
  readonly start: number | null;
  readonly end: number | null;
  readonly series: readonly AnswerSeries[];
  readonly next: string | null;
  readonly warnings: readonly string[];
}

/** The three columns of samples. */
export function sampleColumns(run: SampleRun): AnswerColumn[] {
  return [
    { name: 'time', many: 'times', kind: 'time', values: run.times },
    { name: 'value', many: 'values', kind: 'value', values: run },
    { name: 'status', many: 'statuses', kind: 'status', values: run.statuses },
  ];
}

/** `2026-01-31`; `null` where there is no date. */
export function dateText(us: number): string | null {
  const date = new Date(us / US_PER_MS);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, -'T00:00:00.000Z'.length);
}
