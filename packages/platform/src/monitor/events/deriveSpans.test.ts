import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOf, type SampleRow } from '../../historian/query/testbed/sampleRuns.ts';
import { deriveSpans, type FrameSpan, hasLasted } from './deriveSpans.ts';

const { BadTimeout, UncertainSubNormal } = STATUS;

const CASES: [string, SampleRow[], SampleRow[] | undefined, [number, number | undefined, boolean][]][] = [
  [
    'a run',
    [
      [0, 0],
      [10, 1],
      [30, 0],
    ],
    undefined,
    [[10, 30, false]],
  ],
  [
    'one that goes on',
    [
      [0, 0],
      [10, 1],
    ],
    undefined,
    [[10, undefined, false]],
  ],
  [
    'true from the first sample',
    [
      [5, 1],
      [9, 0],
    ],
    undefined,
    [[5, 9, false]],
  ],
  [
    'a silence within ends nothing',
    [
      [10, 1],
      [15, null, BadTimeout],
      [20, 1],
      [30, 0],
    ],
    undefined,
    [[10, 30, true]],
  ],
  [
    'after a silence',
    [
      [0, 0],
      [10, null, BadTimeout],
      [20, 1],
      [30, 0],
    ],
    undefined,
    [[20, 30, true]],
  ],
  [
    'a silence at the end',
    [
      [10, 1],
      [20, null, BadTimeout],
      [30, 0],
    ],
    undefined,
    [[10, 30, true]],
  ],
  [
    'a doubtful beginning',
    [
      [10, 1, UncertainSubNormal],
      [20, 1],
      [30, 0],
    ],
    undefined,
    [[10, 30, true]],
  ],
  [
    'begin and end by two conditions',
    [
      [0, 0],
      [10, 1],
      [12, 0],
    ],
    [
      [0, 0],
      [40, 1],
      [41, 0],
    ],
    [[10, 40, false]],
  ],
  [
    'a second beginning within',
    [
      [0, 0],
      [10, 1],
      [12, 0],
      [20, 1],
      [22, 0],
    ],
    [
      [0, 0],
      [40, 1],
    ],
    [[10, 40, false]],
  ],
  [
    'an end before any beginning',
    [
      [0, 0],
      [50, 1],
    ],
    [
      [0, 0],
      [40, 1],
    ],
    [[50, undefined, false]],
  ],
  [
    'one ends where the next begins',
    [
      [-1, 0],
      [0, 1],
      [5, 0],
      [10, 1],
    ],
    [
      [0, 0],
      [10, 1],
    ],
    [
      [0, 10, false],
      [10, undefined, false],
    ],
  ],
  [
    'what was true before says nothing of when it began',
    [
      [0, 1],
      [5, 0],
      [9, 1],
    ],
    [[0, 0]],
    [[9, undefined, false]],
  ],
];

it.each(CASES)('%s', (_what, begins, ends, expected) => {
  const spans = deriveSpans(runOf(begins), ends && runOf(ends), 0);
  expect(spans.map(({ start, end, uncertain }) => [start, end, uncertain])).toEqual(expected);
});

describe('how long', () => {
  const run = runOf([
    [0, 0],
    [10, 1],
    [20, 0],
    [23, 1],
    [40, 0],
    [60, 1],
    [62, 0],
    [90, 1],
  ]);
  const spans = (leastUs: number, bridgeUs: number, now = 100) =>
    deriveSpans(run, undefined, bridgeUs)
      .filter((span) => hasLasted(span, leastUs, now))
      .map(({ start, end }) => [start, end]);

  it('what is too short is no frame', () => {
    expect(spans(5, 0)).toEqual([
      [10, 20],
      [23, 40],
      [90, undefined],
    ]);
    expect(spans(15, 0)).toEqual([[23, 40]]);
  });
  it('a short pause does not end one', () =>
    expect(spans(5, 4)).toEqual([
      [10, 40],
      [90, undefined],
    ]));
});

it('derived frames never overlap, and lie in the order of time', () => {
  const condition = fc.array(fc.tuple(fc.constantFrom(0, 1, null), fc.integer({ min: 1, max: 9 })), { maxLength: 40 });
  const rowsOf = (steps: readonly (readonly [number | null, number])[]) => {
    let time = 0;
    return steps.map(([value, step]): SampleRow => {
      time += step;
      return [time, value, value === null ? BadTimeout : STATUS.Good];
    });
  };
  fc.assert(
    fc.property(condition, fc.option(condition, { nil: undefined }), fc.nat(20), (begins, ends, bridge) => {
      const spans = deriveSpans(runOf(rowsOf(begins)), ends && runOf(rowsOf(ends)), bridge);
      const isOrdered = ({ start, end = 1_000 }: FrameSpan, at: number) =>
        start <= end && (at === 0 || (spans[at - 1].end ?? 1_001) <= start);
      return spans.every(isOrdered) && spans.every(({ end }, at) => end !== undefined || at === spans.length - 1);
    }),
  );
});
