import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import { StateRecorder } from '../../historian/query/state/stateEvents.ts';
import { runOf, type SampleRow } from '../../historian/query/testbed/sampleRuns.ts';
import { calculateOee, type Oee, type PieceCount, type TimeCategory } from './oee.ts';

const HOUR = 3_600e6;

const CATEGORIES = new Map<SampleValue, TimeCategory>([
  ['execute', 'productive'],
  ['held', 'unplanned-stop'],
  ['aborted', 'unplanned-stop'],
  ['stopped', 'planned-stop'],
]);

function oeeOf(rows: readonly SampleRow[], pieces: PieceCount, end: number, categories = CATEGORIES, start = 0): Oee {
  const recorder = new StateRecorder(start, end);
  recorder.push(runOf(rows));
  const states = recorder.finish();
  if (!states.ok) throw new Error(states.fault.detail);
  return calculateOee(states.value, categories, pieces, { start, end });
}

describe('a shift of eight hours', () => {
  const rows: SampleRow[] = [
    [0, 'stopped'],
    [HOUR, 'execute'],
    [4 * HOUR, 'held'],
    [4.5 * HOUR, 'execute'],
    [6 * HOUR, 'aborted'],
    [6.5 * HOUR, 'execute'],
    [7 * HOUR, null, STATUS.BadTimeout],
  ];
  const oee = oeeOf(rows, { total: 900, rejected: 90, idealSeconds: 900 * 16 }, 8 * HOUR);

  it('has the three factors of the standard', () => {
    expect(oee).toMatchObject({ plannedSeconds: 6 * 3_600, productiveSeconds: 5 * 3_600, unknownSeconds: 3_600 });
    expect(oee.availability).toBeCloseTo(5 / 6, 12);
    expect(oee.performance).toBeCloseTo((900 * 16) / (5 * 3_600), 12);
    expect(oee.quality).toBeCloseTo(0.9, 12);
    expect(oee.oee).toBeCloseTo((810 * 16) / (6 * 3_600), 12);
  });

  it('loses in its losses just what is missing', () => {
    const lost = oee.losses.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(lost + 810 * 16).toBeCloseTo(oee.plannedSeconds, 9);
    expect(oee.losses.map(({ what }) => what)).toEqual(['slower than ideal', 'held', 'aborted', 'rejected']);
  });
});

it.each<[string, SampleRow[], PieceCount, Partial<Oee>]>([
  [
    'nothing planned',
    [[0, 'stopped']],
    { total: 0, rejected: 0, idealSeconds: 0 },
    { availability: undefined, oee: undefined },
  ],
  ['nothing known', [], { total: 0, rejected: 0, idealSeconds: 0 }, { unknownSeconds: 3_600, oee: undefined }],
  [
    'a state that nobody named',
    [[0, 'dreaming']],
    { total: 0, rejected: 0, idealSeconds: 0 },
    { unknownSeconds: 3_600 },
  ],
  [
    'rejects that nobody counts',
    [[0, 'execute']],
    { total: 60, rejected: undefined, idealSeconds: 3_600 },
    { quality: 1, qualityMeasured: false, oee: 1 },
  ],
  [
    'planned, and nothing made',
    [[0, 'held']],
    { total: 0, rejected: 0, idealSeconds: 0 },
    { availability: 0, oee: undefined },
  ],
])('of %s', (_what, rows, pieces, expected) => expect(oeeOf(rows, pieces, HOUR)).toMatchObject(expected));

describe('a shop of three machines', () => {
  const { TIDEGATE_DATA } = process.env;
  interface ShopRow {
    readonly us: number;
    readonly asset: string;
    readonly items: number;
    readonly status: number;
  }
  const readShop = (): ShopRow[] => {
    const file = join(TIDEGATE_DATA ?? '', 'sme_oee/company_A_labelled_subset.csv.gz');
    const [, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
    return lines.map((line) => {
      const [time, asset, items, status] = line.split(',');
      return { us: Date.parse(time) * 1_000, asset, items: Number(items), status: Number(status) };
    });
  };
  const manualIsStop = new Map<SampleValue, TimeCategory>([
    [1, 'unplanned-stop'],
    [2, 'productive'],
    [3, 'unplanned-stop'],
  ]);

  it.skipIf(!TIDEGATE_DATA).each(['0', '1', '2'])(
    'machine %s comes to what its raw rows come to (set TIDEGATE_DATA to the folder that holds sme_oee/ to run this)',
    (asset) => {
      const rows = readShop().filter((row) => row.asset === asset);
      const [start, end] = [rows[0].us, rows[rows.length - 1].us];
      const total = rows.reduce((sum, { items }) => sum + items, 0);
      const CYCLE = 30;
      const oee = oeeOf(
        rows.map(({ us, status }): SampleRow => [us, status]),
        { total, rejected: undefined, idealSeconds: total * CYCLE },
        end,
        manualIsStop,
        start,
      );
      let [automatic, all] = [0, 0];
      for (const [at, row] of rows.slice(0, -1).entries()) {
        all += rows[at + 1].us - row.us;
        if (row.status === 2) automatic += rows[at + 1].us - row.us;
      }
      expect(oee.plannedSeconds).toBeCloseTo(all / 1e6, 6);
      expect(oee.availability).toBeCloseTo(automatic / all, 12);
      expect(oee.performance).toBeCloseTo((total * CYCLE * 1e6) / automatic, 9);
      expect(oee.oee).toBeCloseTo((total * CYCLE * 1e6) / all, 9);
      expect(oee.losses.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(all / 1e6 - total * CYCLE, 3);
    },
  );
});
