import { expect, it } from 'vitest';
import { SampleSeries } from './sampleSeries.ts';
import { lineExtent, traceLine } from './traceLine.ts';

const BAD = 0x80000000;
const UNCERTAIN = 0x40000000;
type Row = readonly [time: number, value: number | null, status?: number];

function drawn(rows: readonly Row[], stepped: boolean, width = 100): string {
  const series = new SampleSeries(10_000);
  for (const [time, value, status = 0] of rows) series.add(time, value, status);
  const strokes: string[] = [];
  const pen = {
    moveTo: (x: number, y: number) => strokes.push(`M${x},${y}`),
    lineTo: (x: number, y: number) => strokes.push(`L${x},${y}`),
  };
  const toX = (time: number) => (time * width) / 100;
  traceLine(series, { start: 0, end: 100, stepped, width, toX, toY: (value) => value }, pen);
  return strokes.join(' ');
}

it.each<[string, Row[], boolean, string]>([
  [
    'joins good samples',
    [
      [10, 1],
      [20, 2],
    ],
    false,
    'M10,1 L20,2',
  ],
  [
    'joins uncertain samples',
    [
      [10, 1],
      [20, 2, UNCERTAIN],
    ],
    false,
    'M10,1 L20,2',
  ],
  [
    'enters and leaves the window',
    [
      [-20, 9],
      [-10, 1],
      [50, 2],
      [110, 3],
      [120, 9],
    ],
    false,
    'M-10,1 L50,2 L110,3',
  ],
  [
    'never bridges a sample without value',
    [
      [10, 1],
      [20, 2],
      [30, null, BAD],
      [40, 4],
      [50, 5],
    ],
    false,
    'M10,1 L20,2 M40,4 L50,5',
  ],
  [
    'breaks at a bad sample that has a value',
    [
      [10, 1],
      [20, 2],
      [30, 3, BAD],
      [40, 4],
      [50, 5],
    ],
    false,
    'M10,1 L20,2 M40,4 L50,5',
  ],
  [
    'shows a lonely sample as a dot',
    [
      [10, null, BAD],
      [20, 2],
      [30, null, BAD],
    ],
    false,
    'M20,2 L20,2',
  ],
  [
    'steps',
    [
      [10, 1],
      [20, 2],
      [30, 2],
    ],
    true,
    'M10,1 L20,1 L20,2 L30,2',
  ],
  [
    'holds a step until it becomes bad',
    [
      [10, 1],
      [30, null, BAD],
      [40, 4],
    ],
    true,
    'M10,1 L30,1 M40,4 L40,4',
  ],
  ['draws nothing where there is nothing', [], false, ''],
])('%s', (_, rows, stepped, expected) => {
  expect(drawn(rows, stepped)).toBe(expected);
});

it('draws first, lowest, highest and last of a pixel in which many samples fall, so that no spike is lost', () => {
  const rows: Row[] = Array.from({ length: 99 }, (_, time) => [time, time === 42 ? 500 : 7]);
  const strokes = drawn(rows, false, 10).split(' ');
  expect(strokes.length).toBeLessThan(50);
  expect(strokes).toContain('L4,500');
});

it('breaks a dense line at a bad sample too', () => {
  const rows: Row[] = Array.from({ length: 99 }, (_, time) => (time === 50 ? [time, null, BAD] : [time, 7]));
  expect(drawn(rows, false, 10).match(/M/g)).toHaveLength(2);
});

it('measures what the line reaches, the entering value included, bad ones and later ones not', () => {
  const series = new SampleSeries(10);
  for (const [time, value, status = 0] of [
    [-10, 5],
    [10, 1],
    [20, 99, BAD],
    [30, 3],
    [100, -50],
  ] as const) {
    series.add(time, value, status);
  }
  expect(lineExtent(series, 0, 100)).toEqual({ low: 1, high: 5 });
});
