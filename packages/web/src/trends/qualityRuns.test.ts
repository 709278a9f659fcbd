import { expect, it } from 'vitest';
import { qualityRuns } from './qualityRuns.ts';
import { SampleSeries } from './sampleSeries.ts';

const BAD = 0x800a0000;
const UNCERTAIN = 0x40940000;

function seriesOf(samples: readonly (readonly [number, number])[]): SampleSeries {
  const series = new SampleSeries(100);
  for (const [time, status] of samples) series.add(time, 1, status);
  return series;
}

it.each([
  ['none in an empty series', [], []],
  [
    'none while all is good',
    [
      [10, 0],
      [20, 0],
    ],
    [],
  ],
  [
    'from the bad sample to the next good one',
    [
      [10, 0],
      [20, BAD],
      [30, BAD],
      [40, 0],
    ],
    [['bad', 20, 40]],
  ],
  [
    'one run for each severity',
    [
      [10, BAD],
      [20, UNCERTAIN],
      [30, 0],
    ],
    [
      ['bad', 10, 20],
      ['uncertain', 20, 30],
    ],
  ],
  [
    'from the start where it was bad before',
    [
      [-5, BAD],
      [30, 0],
    ],
    [['bad', 0, 30]],
  ],
  ['until now where it has not become good', [[60, BAD]], [['bad', 60, 90]]],
  [
    'to the end where the next sample is behind it',
    [
      [60, BAD],
      [150, 0],
    ],
    [['bad', 60, 100]],
  ],
  [
    'none before the window',
    [
      [-20, BAD],
      [-10, 0],
    ],
    [],
  ],
] as const)('%s', (_, samples, expected) => {
  const runs = qualityRuns(seriesOf(samples), 0, 100, 90);
  expect(runs.map(({ severity, from, to }) => [severity, from, to])).toEqual(expected);
});
