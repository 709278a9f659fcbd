import { expect, it } from 'vitest';
import { SampleSeries } from './sampleSeries.ts';
import { textRuns } from './textRuns.ts';

const BAD = 0x80000000;

it.each([
  ['nothing of nothing', [], []],
  [
    'the same text once',
    [
      [10, 'a'],
      [20, 'a'],
      [30, 'b'],
    ],
    [
      ['a', 10, 30],
      ['b', 30, 90],
    ],
  ],
  [
    'what held before the window',
    [
      [-50, 'a'],
      [50, 'b'],
    ],
    [
      ['a', 0, 50],
      ['b', 50, 90],
    ],
  ],
  [
    'nothing while it was bad',
    [
      [10, 'a'],
      [20, null, BAD],
      [30, 'a'],
    ],
    [
      ['a', 10, 20],
      ['a', 30, 90],
    ],
  ],
] as const)('shows %s', (_, samples, expected) => {
  const series = new SampleSeries(10);
  for (const [time, value, status = 0] of samples) series.add(time, value, status);
  expect(textRuns(series, 0, 100, 90).map(({ text, from, to }) => [text, from, to])).toEqual(expected);
});
