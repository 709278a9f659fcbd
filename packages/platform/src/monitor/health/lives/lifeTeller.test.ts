import { expect, it } from 'vitest';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { FleetLife } from '../definition/fleetLife.ts';
import type { CycleRows } from './cycleRows.ts';
import type { FleetLifeEstimate } from './fleetLifeEstimate.ts';
import type { LearnedUnit } from './fleetLifeModel.ts';
import type { LivesDocument } from './learnLives.ts';
import { lifeSentence } from './lifeSentence.ts';
import { lifeSeries } from './lifeSeries.ts';
import { LifeTeller, type RunningLife } from './lifeTeller.ts';

const DAY = 86_400e6;
const LIFE: FleetLife = {
  ...{
    name: 'bearing',
    type: 'pump',
    description: '',
    failure: 'wear',
    cycleUs: 12 * 3_600e6,
    horizonUs: 400 * DAY,
    version: 'v',
  },
  ...{ members: [], signals: [], settings: ['load'], records: [], place: { file: 'a', line: 1, column: 1 } },
};
const unitOf = (name: string, start: number | undefined, end?: number): LearnedUnit => ({
  ...{ asset: name as AssetId, assetPath: `acme/${name}`, number: 1, case: undefined, cycles: 0 },
  start: start && start * DAY,
  end: end && end * DAY,
  ended: end === undefined ? undefined : 'failure',
});
const PAST = [100, 140, 160, 190, 210, 260].map((end, at) => unitOf(`old-${at}`, 10, end));

function running(name: string, start: number | undefined, load: number, quality = 1): RunningLife {
  const column = (value: number) => Float64Array.of(value, value, value);
  const rows: CycleRows = {
    times: Float64Array.of(1, 2, 3),
    columns: [column(7), column(load)],
    quality: column(quality),
  };
  const unit = unitOf(name, start);
  return { member: { ...unit, watch: `${name}/train` }, unit, rows, at: 100 * DAY };
}

function teller(document: LivesDocument): LifeTeller {
  const { version, cycleUs, horizonUs, signals, settings } = LIFE;
  const method = document.hazards ? 'hazards' : 'ages';
  const card = {
    ...({
      version,
      method,
      cycleUs,
      horizonUs,
      signals,
      settings,
      notes: [],
      units: PAST,
      start: 0,
      end: 1,
      knownAt: 1,
    } as const),
    ...{ coverage: 0.9, weibull: undefined, hazards: [], backtest: undefined, seed: 1 },
  };
  const made = LifeTeller.of(LIFE, { life: 'bearing', number: 3, learnedAt: 1, by: 'mira', card }, document);
  if (!made.ok) throw new Error(made.fault.detail);
  return made.value;
}
const HAZARDS = { names: ['load'], coefficients: [0.05], standardErrors: [0.01], means: [50] };
const risks = PAST.map(() => 1);
const NAMES = ['shake', 'load'];

it('who is run harder has less left, and is told by how much', () => {
  const [hard, soft] = teller({ hazards: HAZARDS, risks }).tell([running('a', 20, 70), running('b', 20, 30)], NAMES);
  expect(hard).toMatchObject({
    life: 'bearing',
    model: 3,
    method: 'hazards',
    coverage: 0.9,
    ageDays: 80,
    quality: 1,
    similar: [],
  });
  expect(hard.left!.medianDays).toBeLessThan(soft.left!.medianDays);
  expect(hard.reasons).toMatchObject([{ feature: 'load' }]);
  expect(hard.reasons[0].days).toBeLessThan(-5);
  expect(soft.reasons[0].days).toBeGreaterThan(5);
  expect(hard.sentence).toMatch(
    /^Most likely \d+ days \(\d+ to \d+\) are left, by its age of 80 days and 6 lives that failed before, and by load\.$/,
  );
});

it('the older has less left, in days whatever the cycle; nothing is told of who has no age, or no life', () => {
  const dead: RunningLife = { ...running('d', 1, 50), unit: undefined };
  const told = teller({ risks }).tell(
    [running('a', 5, 50), running('b', 80, 50), running('c', undefined, 50), dead],
    NAMES,
  );
  const [old, young] = told.map(({ left }) => left?.medianDays);
  expect(old).toBeLessThan(young!);
  // Half of those before it have lived for another 50 to 100 days at this age.
  expect(old).toBeGreaterThan(30);
  expect(old).toBeLessThan(130);
  expect(told.slice(2).map(({ left, refused }) => [left, refused?.code])).toEqual([
    [undefined, 'health.too-little'],
    [undefined, 'health.too-little'],
  ]);
  expect(told[3].sentence).toBe('acme/d has failed, and nobody has said that it was put right.');
});

const ESTIMATE: FleetLifeEstimate = {
  ...{
    life: 'bearing',
    unit: undefined,
    asset: 'a' as AssetId,
    assetPath: 'acme/a',
    at: 5 * DAY,
    ageDays: 80,
    refused: undefined,
  },
  ...{ model: 1, method: 'signals', coverage: 0.9, quality: 1, reasons: [], similar: [], sentence: '' },
  left: { medianDays: 43, lowDays: 28, highDays: 61 },
};

it.each<[Partial<FleetLifeEstimate>, string]>([
  [{}, 'Most likely 43 days (28 to 61) are left, by what 12 lives before it showed.'],
  [
    { left: { medianDays: 43, lowDays: 28, highDays: 180 } },
    'Most likely 43 days (28 to 180) are left, perhaps more, by what 12 lives before it showed.',
  ],
  [
    { left: { medianDays: 180, lowDays: 90, highDays: 180 } },
    'Most likely more than 180 days are left, at the least 90 days, by what 12 lives before it showed.',
  ],
  [
    { left: { medianDays: 180, lowDays: 180, highDays: 180 } },
    'More than 180 days are left, by what 12 lives before it showed.',
  ],
  [
    { quality: 0.7 },
    'Most likely 43 days (28 to 61) are left, by what 12 lives before it showed. 70 % of the data of the last cycles are good.',
  ],
])('%o is said', (change, sentence) => {
  expect(lifeSentence({ ...ESTIMATE, ...change, horizonDays: 180, failures: 12 })).toBe(sentence);
});

it.each<[Partial<FleetLifeEstimate>, number, number]>([
  [{}, 43, 0],
  [{ quality: Number.NaN }, 43, 0],
  [{ quality: 0.7 }, 43, 0x40a40000],
  [{ left: undefined }, 0, 0x809b0000],
])('%o is a sample with its status', (change, value, status) => {
  const [left, lower] = lifeSeries({ ...ESTIMATE, ...change });
  expect([left.path, lower.path, left.unit]).toEqual([
    'acme/a/health/bearing/left',
    'acme/a/health/bearing/lower',
    'd',
  ]);
  expect([[...left.run.times], [...left.run.values], [...left.run.statuses]]).toEqual([[5 * DAY], [value], [status]]);
});
