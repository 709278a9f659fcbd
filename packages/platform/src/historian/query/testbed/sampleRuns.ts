/** Runs of samples for tests of queries: from a table of cases, and at random. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { runOf as columnsOf, type SampleRun } from '../../archive/sampleRun.ts';

/** Time, value and, where it is not Good, status. */
export type SampleRow = readonly [time: number, value: SampleValue, status?: number];

export function runOf(rows: readonly SampleRow[]): SampleRun {
  return columnsOf(rows.map(([time, value, status = STATUS.Good]) => ({ time, value, status })));
}

const good = (value: fc.Arbitrary<SampleValue>) => value.map((v): [SampleValue, number] => [v, STATUS.Good]);

/** One value with its status: mostly good, now and then good with a reason, uncertain, bad, without value or no number. */
function reading(value: fc.Arbitrary<SampleValue>): fc.Arbitrary<[SampleValue, number]> {
  return fc.oneof(
    { weight: 12, arbitrary: good(value) },
    { weight: 1, arbitrary: value.map((v): [SampleValue, number] => [v, STATUS.GoodLocalOverride]) },
    { weight: 1, arbitrary: value.map((v): [SampleValue, number] => [v, STATUS.UncertainSubNormal]) },
    { weight: 1, arbitrary: value.map((v): [SampleValue, number] => [v, STATUS.BadSensorFailure]) },
    { weight: 1, arbitrary: fc.constant<[SampleValue, number]>([null, STATUS.BadTimeout]) },
  );
}

/** Samples in order of time, of which some are equal, from 0 to about `spanUs`. */
export function sampleRows(
  spanUs: number,
  value: fc.Arbitrary<SampleValue> = fc.integer({ min: -50, max: 50 }),
): fc.Arbitrary<SampleRow[]> {
  return fc
    .array(fc.tuple(fc.integer({ min: 0, max: spanUs }), reading(value)), { maxLength: 60 })
    .map((list) => list.map(([time, [v, s]]): SampleRow => [time, v, s]).sort((a, b) => a[0] - b[0]));
}
