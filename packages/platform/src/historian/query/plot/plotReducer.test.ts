import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseRun } from '../../archive/runSummary.ts';
import { type SampleRun, sliceRun, valueAt } from '../../archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../testbed/sampleRuns.ts';
import { PlotReducer, plotValues } from './plotReducer.ts';
import { rasterise } from './testbed/rasterise.ts';

const rowsOf = (run: SampleRun): SampleRow[] =>
  [...run.times].map((time, row) => [time, valueAt(run, row), run.statuses[row]]);
const { Good, BadTimeout, UncertainSubNormal, BadSensorFailure } = STATUS;

const CASES: Readonly<Record<string, { rows: SampleRow[]; kept: number[] }>> = {
  'first, least, greatest, last': {
    rows: [
      [0, 5],
      [1, 9],
      [2, 7],
      [3, 1],
      [4, 3],
      [5, 4],
    ],
    kept: [0, 1, 3, 5],
  },
  'one sample that is all of it': { rows: [[3, 5]], kept: [0] },
  'the first exception of several, though a greater value is uncertain': {
    rows: [
      [0, 5],
      [1, 9, UncertainSubNormal],
      [2, null, BadTimeout],
      [3, null, BadSensorFailure],
      [4, 3],
      [5, 4],
    ],
    kept: [0, 1, 2, 4, 5],
  },
  'an uncertain sample where nothing is worse': {
    rows: [
      [0, 5],
      [1, 6, UncertainSubNormal],
      [2, 6, UncertainSubNormal],
      [3, 9],
      [4, 5],
    ],
    kept: [0, 1, 3, 4],
  },
  'no number': {
    rows: [
      [0, 5],
      [1, Number.NaN],
      [2, Number.POSITIVE_INFINITY],
      [3, 5],
    ],
    kept: [0, 1, 3],
  },
  'a bad value takes no part': {
    rows: [
      [0, 5],
      [1, 99, BadSensorFailure],
      [2, 6],
      [3, 5],
    ],
    kept: [0, 1, 2, 3],
  },
  'strings: two changes': {
    rows: [
      [0, 'on'],
      [1, 'on'],
      [2, 'off'],
      [3, null, BadTimeout],
      [4, 'trip'],
      [5, 'x'],
      [6, 'on'],
    ],
    kept: [0, 2, 3, 4, 6],
  },
  'the neighbours of the range': {
    rows: [
      [-9, 1],
      [-5, 2],
      [1, 3],
      [10, 4],
      [11, 5],
    ],
    kept: [1, 2, 3],
  },
  'only a neighbour before': {
    rows: [
      [-9, 1],
      [-5, 2],
    ],
    kept: [1],
  },
};

it.each(Object.entries(CASES))('one interval keeps %s', (_, { rows, kept }) => {
  expect(rowsOf(plotValues(runOf(rows), 0, 10, 1))).toEqual(kept.map((row) => [...rows[row], Good].slice(0, 3)));
});

/** Pushes chunks of `size`, each as its summary where the reducer wants it so. */
function reduceChunks(run: SampleRun, start: number, end: number, width: number, size: number) {
  const reducer = new PlotReducer(start, end, width);
  let summaries = 0;
  for (let row = 0; row < run.times.length; row += size) {
    const chunk = sliceRun(run, row, Math.min(run.times.length, row + size));
    const summary = summariseRun(chunk);
    if (summary && reducer.wantsWhole(summary.firstTime, summary.lastTime, summary.statusBits)) {
      reducer.pushSummary(summary);
      summaries++;
    } else reducer.push(chunk);
  }
  return { reduced: reducer.finish(), summaries };
}

const SPAN = 1_000;
const PICTURE = fc.record({
  rows: sampleRows(SPAN),
  start: fc.integer({ min: 0, max: SPAN / 2 }),
  length: fc.integer({ min: 1, max: SPAN }),
  width: fc.integer({ min: 1, max: 30 }),
});

describe('the picture', () => {
  it.each([false, true])('of what remains is that of all samples; stepped: %s', (isStepped) => {
    fc.assert(
      fc.property(PICTURE, fc.integer({ min: 1, max: 9 }), ({ rows, start, length, width }, size) => {
        const run = runOf(rows);
        const end = start + length;
        const picture = rasterise(run, start, end, width, isStepped);
        const kept = plotValues(run, start, end, width);
        expect(rasterise(kept, start, end, width, isStepped)).toEqual(picture);
        expect(rasterise(reduceChunks(run, start, end, width, size).reduced, start, end, width, isStepped)).toEqual(
          picture,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('is made of stored samples in order of time, at most five in an interval', () => {
    fc.assert(
      fc.property(PICTURE, fc.constantFrom('number', 'string'), ({ rows, start, length, width }, kind) => {
        const run = runOf(
          kind === 'number' ? rows : rows.map(([t, v, s]): SampleRow => [t, v === null ? v : `${Number(v) % 3}`, s!]),
        );
        const stored = rowsOf(run).map((row) => JSON.stringify(row));
        const kept = rowsOf(plotValues(run, start, start + length, width));
        expect(kept.filter((row) => !stored.includes(JSON.stringify(row)))).toEqual([]);
        expect(kept.map((row) => row[0])).toEqual(kept.map((row) => row[0]).sort((a, b) => a - b));
        const intervals = kept.map(([time]) => Math.floor(((time - start) / length) * width));
        for (const interval of intervals) {
          if (interval < 0 || interval >= width) continue;
          expect(intervals.filter((other) => other === interval).length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});

it('whole chunks of good numbers are never decoded, and the result is the same', () => {
  const rows = Array.from({ length: 10_000 }, (_, at): SampleRow => [at, Math.round(Math.sin(at / 50) * 1_000)]);
  const run = runOf(rows);
  const { reduced, summaries } = reduceChunks(run, 0, 10_000, 10, 100);
  expect(summaries).toBe(100);
  expect(rowsOf(reduced)).toEqual(rowsOf(plotValues(run, 0, 10_000, 10)));
});

it('a summary that does not tell the status of each sample is refused', () => {
  const reducer = new PlotReducer(0, 10, 1);
  const summary = summariseRun(
    runOf([
      [0, 1],
      [1, 2, STATUS.GoodLocalOverride],
    ]),
  )!;
  expect(reducer.wantsWhole(summary.firstTime, summary.lastTime, summary.statusBits)).toBe(false);
  expect(reducer.wantsWhole(5, 10)).toBe(false);
  expect(reducer.wantsWhole(-1, 5)).toBe(false);
  expect(() => reducer.pushSummary(summary)).toThrow(/does not tell/);
});
