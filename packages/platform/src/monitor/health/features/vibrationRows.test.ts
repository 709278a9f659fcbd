import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { seededRandom } from '@tidegate/health/boost/seededRandom.ts';
import { velocityRms } from '@tidegate/health/signal/velocityRms.ts';
import type { VibrationQuestion } from '@tidegate/health/signal/vibrationMeasure.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SampleRun, sliceRun } from '../../../historian/archive/sampleRun.ts';
import { runOf, type SampleRow } from '../../../historian/query/testbed/sampleRuns.ts';
import { VibrationRows } from './vibrationRows.ts';

const S = 1_000_000;
const INTERVAL = 60 * S;
const RATE_HZ = 1_000;
const STEP = S / RATE_HZ;
const RMS: VibrationQuestion = { measure: 'rms' };
const ORDER: VibrationQuestion = { measure: 'order', order: 1 };

const VELOCITY = { measure: 'velocity', band: { lowHz: 10, highHz: 100 } } as const;

const round = (value: number) => Math.round(value * 1_000) / 1_000;

/** Of a whole burst, in mm/s. */
function velocityOf(rows: readonly SampleRow[]): number {
  const samples = Float64Array.from(rows, ([, value]) => Number(value));
  const velocity = velocityRms({ samples, rateHz: RATE_HZ }, VELOCITY.band);
  return velocity.ok ? round(velocity.value) : Number.NaN;
}

/** A tone of this RMS at 20 Hz, from a time (s). */
function burst(second: number, rms: number, count = 500): SampleRow[] {
  const amplitude = rms * Math.SQRT2;
  return Array.from({ length: count }, (_, at) => {
    return [second * S + at * STEP, amplitude * Math.sin((2 * Math.PI * 20 * at) / RATE_HZ)];
  });
}

interface Given {
  readonly samples: readonly SampleRow[];
  readonly condition?: readonly SampleRow[];
  readonly shaft?: readonly SampleRow[];
  readonly questions?: readonly VibrationQuestion[];
  readonly intervals?: number;
}

/** `value quality` of each question, interval by interval. */
function rowsOf({ samples, condition, shaft, questions = [RMS], intervals = 1 }: Given): string[] {
  const rows = new VibrationRows(questions, {
    ...{ intervalUs: INTERVAL, start: 0, end: intervals * INTERVAL },
    ...{ condition: condition && runOf(condition), shaft: shaft && runOf(shaft) },
  });
  rows.add(runOf(samples));
  return rows
    .build()
    .flatMap(({ values, quality }) => Array.from(values, (value, at) => `${round(value)} ${round(quality[at])}`));
}

const at = (rows: readonly SampleRow[], row: number, ...sample: [value: SampleRow[1], status?: number]) =>
  rows.toSpliced(row, 1, [rows[row][0], ...sample]);

describe('an interval', () => {
  it.each<[string, Given, string[]]>([
    ['without samples has no value', { samples: [] }, ['NaN 0']],
    ['of one burst is that burst', { samples: burst(10, 3) }, ['3 1']],
    ['of two is their mean', { samples: [...burst(10, 3), ...burst(40, 1)] }, ['2 1']],
    ['of two weighs them by their samples', { samples: [...burst(10, 3, 1_500), ...burst(40, 1)] }, ['2.5 1']],
    ['ends a stretch', { samples: burst(59.5, 3, 1_000), intervals: 2 }, ['3 1', '3 1']],
    [
      'without a sample in the midst has two stretches, and all of the rest',
      { samples: burst(10, 3, 1_001).toSpliced(500, 1) },
      ['3 1'],
    ],
    ['with one that is bad has less', { samples: at(burst(10, 3, 1_001), 500, 9, STATUS.BadTimeout) }, ['3 0.999']],
    ['with one that is no number has, too', { samples: at(burst(10, 3, 1_001), 500, Number.NaN) }, ['3 0.999']],
    ['with a text as well', { samples: at(burst(10, 3, 1_001), 500, 'on') }, ['3 0.999']],
    [
      'of an uncertain burst has its value, which is not good',
      {
        samples: [
          ...burst(10, 3),
          ...burst(40, 1).map(([time, value]): SampleRow => [time, value, STATUS.UncertainSubNormal]),
        ],
      },
      ['2 0.5'],
    ],
    [
      'of which a half is uneven is the other half',
      {
        samples: [
          ...burst(10, 3),
          ...burst(40, 1).map(([time, value], row): SampleRow => [time + (row % 2) * 0.3 * STEP, value]),
        ],
      },
      ['3 0.5'],
    ],
    [
      'of samples far apart has no value',
      { samples: Array.from({ length: 10 }, (_, row): SampleRow => [row * 5 * S, row]) },
      ['NaN 0'],
    ],
    [
      'counts what came while the condition held',
      {
        samples: [...burst(10, 3), ...burst(40, 1)],
        condition: [
          [0, 0],
          [30 * S, 1],
        ],
      },
      ['1 1'],
    ],
    [
      'is not cut where a condition is said again',
      {
        samples: burst(10, 3),
        questions: [VELOCITY],
        condition: Array.from({ length: 1_200 }, (_, row): SampleRow => [row * 0.05 * S, row + 1]),
      },
      [`${velocityOf(burst(0, 3))} 1`],
    ],
    [
      'does not count what nobody knows',
      { samples: burst(10, 3), condition: [[0, null, STATUS.BadTimeout]] },
      ['NaN 0'],
    ],
    [
      'knows what goes with a shaft by its speed',
      { samples: burst(10, 3), questions: [ORDER, RMS], shaft: [[0, 20]] },
      ['3 1', '3 1'],
    ],
    ['knows none without it', { samples: burst(10, 3), questions: [ORDER, RMS], shaft: [] }, ['NaN 0', '3 1']],
    [
      'knows none where the speed was bad',
      {
        samples: [...burst(10, 3), ...burst(40, 1)],
        questions: [ORDER],
        shaft: [
          [0, 20],
          [30 * S, null, STATUS.BadTimeout],
        ],
      },
      ['3 0.5'],
    ],
    [
      'with an uncertain speed is not good',
      { samples: burst(10, 3), questions: [ORDER], shaft: [[0, 20, STATUS.UncertainSubNormal]] },
      ['3 0'],
    ],
    [
      'says of each question whether the stretches were long enough for it',
      {
        samples: [...burst(10, 3), ...burst(40, 1, 100)],
        questions: [RMS, VELOCITY],
      },
      ['2.667 1', `${velocityOf(burst(0, 3))} ${Math.round(500_000 / 600) / 1_000}`],
    ],
  ])('%s', (_, given, expected) => expect(rowsOf(given)).toEqual(expected));
});

it('it does not matter in which pieces samples come', () => {
  const random = seededRandom(5);
  const samples: SampleRow[] = [];
  for (let second = 1; second < 175; second += 7) {
    for (const [time, value, status] of burst(second, 1 + random(), 20 + Math.floor(900 * random()))) {
      if (random() > 0.002) samples.push([time, Number(value) + random(), status ?? STATUS.Good]);
    }
  }
  const run = runOf(samples);
  const condition = runOf([
    [0, 1],
    [71_200_000, 0],
    [90_300_000, 1],
  ]);
  const made = (pieces: readonly SampleRun[]) => {
    const range = { intervalUs: INTERVAL, start: 0, end: 3 * INTERVAL, condition, shaft: runOf([[0, 20]]) };
    const rows = new VibrationRows([RMS, ORDER, { measure: 'kurtosis' }], range);
    for (const piece of pieces) rows.add(piece);
    return rows.build();
  };
  const whole = made([run]);
  expect(whole[0].values.every(Number.isFinite)).toBe(true);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: run.times.length }), { maxLength: 6 }), (cuts) => {
      const ends = [0, ...cuts, run.times.length].sort((a, b) => a - b);
      expect(made(ends.slice(1).map((end, piece) => sliceRun(run, ends[piece], end)))).toEqual(whole);
    }),
    { numRuns: 10 },
  );
});
