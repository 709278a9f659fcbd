/** The history of one tag as `tune` takes it: the columns that the server answers to `/history/raw`, and what it knows of the tag. */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';

export interface TagHistory {
  readonly path: string;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  readonly lane: Lane;
  readonly stepped: boolean;
  /** What a percentage is of: the range of the tag from `low` to `high`, or that of its numbers here where it has none. */
  readonly span: number;
  readonly isSpanOfTag: boolean;
  /** In order of time, all of tag 0. */
  readonly samples: SampleBlock;
}

/** As it is written; the JSON may lack any of it. */
interface WrittenHistory {
  readonly path: string;
  readonly unit: string;
  readonly valueType: string;
  readonly lane: Lane;
  readonly stepped: boolean;
  readonly low: number | null;
  readonly high: number | null;
  readonly times: readonly number[];
  readonly values: readonly (number | string | null)[];
  readonly statuses: readonly number[];
}

/** What is computed from fewer numbers holds for no others. */
const LEAST_NUMBERS = 50;
const FORM = 'JSON with path, valueType, and times, values and statuses of one length';

/** The history, or half a sentence that says why nothing can be learnt from it. */
export function readTagHistory(
  text: string,
): { readonly ok: true; readonly value: TagHistory } | { readonly ok: false; readonly complaint: string } {
  const refuse = (complaint: string) => ({ ok: false, complaint }) as const;
  const written = parseHistory(text);
  if (!written) return refuse(`this is no history of a tag: ${FORM}`);
  const { path, unit = '', valueType, lane = 'analytical', stepped = false, low, high } = written;
  if (valueType !== 'number') return refuse(`the values of ${path} are of the type ${valueType}: only numbers deviate`);
  const samples = samplesOf(written);
  const numbers = finiteNumbers(samples);
  if (numbers.length < LEAST_NUMBERS) {
    return refuse(
      `${path} has ${numbers.length} numbers in this range, too few to learn from: take a longer one (--start)`,
    );
  }
  const isSpanOfTag = typeof low === 'number' && typeof high === 'number' && high > low;
  const span = isSpanOfTag ? high - low : rangeOf(numbers);
  if (span === 0) return refuse(`${path} had one value in all of this range: any settings leave the same of it`);
  return { ok: true, value: { path, unit, lane, stepped, span, isSpanOfTag, samples } };
}

function parseHistory(text: string): WrittenHistory | undefined {
  let data: Partial<WrittenHistory> | null;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  const columns = [data?.times, data?.values, data?.statuses];
  const isWhole = columns.every((column) => Array.isArray(column) && column.length === data?.times?.length);
  return isWhole && typeof data?.path === 'string' ? (data as WrittenHistory) : undefined;
}

/** In JSON the numbers that it cannot write are the texts "NaN", "Infinity" and "-Infinity". */
function samplesOf({ times, values, statuses }: WrittenHistory): SampleBlock {
  const samples = new SampleBlockBuilder();
  for (const [at, value] of values.entries()) {
    samples.push(0, times[at], value === null ? null : Number(value), statuses[at]);
  }
  return samples;
}

function finiteNumbers({ count, kinds, values }: SampleBlock): number[] {
  return [...values.subarray(0, count)].filter((value, at) => kinds[at] === ValueKind.number && Number.isFinite(value));
}

function rangeOf(numbers: readonly number[]): number {
  const [least, greatest] = numbers.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return greatest - least;
}
