/** Samples in the JSON of the contract: columns, with the numbers that JSON lacks as strings. */

import type { Sample as StoredSample, SampleValue as StoredValue } from '@tidegate/core/sample/sample.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { type SampleRun, valueAt } from '../../historian/archive/sampleRun.ts';
import type { Sample, SampleValue } from '../contract/sample.ts';

/** A number that JSON cannot write as its name: `NaN`, `Infinity`, `-Infinity`. */
export function jsonValue(value: StoredValue): SampleValue {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

export function jsonValues(values: readonly StoredValue[], count = values.length): SampleValue[] {
  const encoded = new Array<SampleValue>(count);
  for (let row = 0; row < count; row++) encoded[row] = jsonValue(values[row]);
  return encoded;
}

export function runValues(run: SampleRun): SampleValue[] {
  return Array.from(run.times, (_, row) => jsonValue(valueAt(run, row)));
}

export function jsonSample(sample: StoredSample): Sample {
  return {
    time: sample.time,
    value: jsonValue(sample.value),
    status: sample.status,
    statusName: statusName(sample.status),
  };
}
