import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { cyclesLeft, type Fleet, unitSpans } from './fleet.ts';
import { learnLife } from './learnLife.ts';
import { LifeEstimator } from './lifeEstimator.ts';
import type { LifeOptionsGiven } from './lifeOptions.ts';
import { learnRegimes, regimeOfRows } from './operatingRegimes.ts';

const QUICK: LifeOptionsGiven = { cap: 60, windows: [10, 40], boost: { trees: 80, leafWeight: 10 } };

/**
 * Units that wear by an exponential law of their own until they fail at wear 1, in two regimes that move the signals far
 * more than wear does; cut at a random cycle where `isCut`. The third signal is constant, the fourth is noise.
 */
function wearingFleet(count: number, seed: number, isCut: boolean): { fleet: Fleet; left: Float64Array } {
  const random = seededRandom(seed);
  const rows: number[][] = [];
  const left: number[] = [];
  for (let unit = 0; unit < count; unit++) {
    const life = Math.floor(80 + 120 * random());
    const watched = isCut ? Math.floor(20 + (life - 20) * random()) : life;
    for (let cycle = 1; cycle <= watched; cycle++) {
      const regime = random() < 0.5 ? 0 : 1;
      const wear = Math.exp((5 * (cycle - life)) / life);
      const noise = () => 0.1 * (random() + random() - 1);
      const setting = 30 * regime + 0.1 * random();
      rows.push([
        unit,
        setting,
        wear * (1 + regime) + 50 * regime + noise(),
        -wear + 9 * regime + noise(),
        7,
        random(),
        cycle,
      ]);
    }
    left.push(life - watched);
  }
  const column = (at: number) => Float64Array.from(rows, (row) => row[at]);
  const fleet = {
    units: Int32Array.from(column(0)),
    settings: [column(1)],
    signals: [2, 3, 4, 5].map(column),
    signalNames: ['temperature', 'flow', 'fixed', 'noise'],
    ages: column(6),
  };
  return { fleet, left: Float64Array.from(left) };
}

function learned(fleet: Fleet, options = QUICK): LifeEstimator {
  const estimator = learnLife(fleet, options);
  if (!estimator.ok) throw new Error(estimator.fault.detail);
  return estimator.value;
}

const TRAINED = learned(wearingFleet(60, 1, false).fleet);

test('life left of units never seen is told well, and intervals hold about what they promise', () => {
  const { fleet, left } = wearingFleet(200, 2, true);
  const told = TRAINED.estimate(fleet);
  if (!told.ok) throw new Error(told.fault.detail);
  let squares = 0;
  let held = 0;
  for (const [unit, estimate] of told.value) {
    if (!estimate.ok) throw new Error(estimate.fault.detail);
    const truth = Math.min(60, left[unit]);
    squares += (estimate.value.cycles - truth) ** 2;
    if (estimate.value.lower <= truth && truth <= estimate.value.upper) held++;
  }
  expect(Math.sqrt(squares / 200)).toBeLessThan(9);
  expect(held).toBeGreaterThan(160);
});

test('the same seed learns the same', () => {
  const { fleet } = wearingFleet(20, 3, false);
  const quick = { ...QUICK, boost: { trees: 10 }, net: { rounds: 2 } };
  expect(learned(fleet, quick).estimate(fleet)).toEqual(learned(fleet, quick).estimate(fleet));
});

test('the health index never rises within a unit and ends low', () => {
  const { fleet } = wearingFleet(5, 4, false);
  const index = TRAINED.healthIndex(fleet);
  const spans = unitSpans(fleet);
  if (!index.ok || !spans.ok) throw new Error('no index');
  for (const { begin, end } of spans.value) {
    for (let row = begin + 1; row < end; row++) expect(index.value[row]).toBeLessThanOrEqual(index.value[row - 1]);
    expect(index.value[end - 1]).toBeLessThan(index.value[begin] - 10);
  }
});

test('an explanation names what moved the estimate, not the noise', () => {
  const { fleet } = wearingFleet(3, 5, false);
  const explained = TRAINED.explain(fleet);
  if (!explained.ok) throw new Error(explained.fault.detail);
  for (const parts of explained.value.values()) expect(parts[0].feature).not.toMatch(/noise|fixed/);
});

test('missing values and gaps leave an estimate, a dead unit of measure does not', () => {
  const { fleet } = wearingFleet(4, 6, false);
  const spans = unitSpans(fleet);
  if (!spans.ok) throw new Error(spans.fault.detail);
  const signals = fleet.signals.map((signal) => signal.slice());
  const [first, second, third] = spans.value;
  for (let row = first.begin; row < first.end; row += 2) signals[0][row] = Number.NaN;
  for (let row = second.end - 10; row < second.end; row++) for (const signal of signals) signal[row] = Number.NaN;
  for (let row = third.begin; row < third.end; row++) signals[1][row] = signals[1][row] * 1000;
  const told = TRAINED.estimate({ ...fleet, signals });
  if (!told.ok) throw new Error(told.fault.detail);
  expect(told.value.get(0)).toMatchObject({ ok: true });
  expect(told.value.get(1)).toMatchObject({
    fault: { code: 'health.too-little', detail: expect.stringMatching(/0 of 2/) },
  });
  expect(told.value.get(2)).toMatchObject({
    fault: { code: 'health.bad-data', detail: expect.stringMatching(/flow/) },
  });
});

const SMALL = wearingFleet(12, 7, false).fleet;

test.each<[string, Fleet, string, RegExp]>([
  ['nine failures', wearingFleet(9, 8, false).fleet, 'health.too-little', /9 units/],
  [
    'two rows',
    { units: Int32Array.of(1, 1), settings: [], signals: [Float64Array.of(1, 2)], signalNames: ['a'] },
    'health.too-little',
    /1 units/,
  ],
  [
    'nothing but noise',
    { ...SMALL, signals: [SMALL.signals[3]], signalNames: ['noise'] },
    'health.too-little',
    /noise/,
  ],
  [
    'constant signals',
    { ...SMALL, signals: [SMALL.signals[2]], signalNames: ['fixed'] },
    'health.too-little',
    /constant/,
  ],
  [
    'no values',
    { ...SMALL, signals: [SMALL.units.length].map((n) => new Float64Array(n).fill(Number.NaN)), signalNames: ['x'] },
    'health.too-little',
    /constant/,
  ],
  [
    'a torn unit',
    { ...SMALL, units: SMALL.units.map((unit, row) => (row === 500 ? 0 : unit)) },
    'health.bad-data',
    /stand together/,
  ],
  ['a short column', { ...SMALL, signals: SMALL.signals.map((s) => s.subarray(1)) }, 'health.bad-data', /rows/],
])('%s is a clear fault', (_name, fleet, code, detail) => {
  const estimator = learnLife(fleet, QUICK);
  expect(estimator.ok ? undefined : estimator.fault).toMatchObject({ code, detail: expect.stringMatching(detail) });
});

test('an estimator survives JSON, and one with a part missing is refused', () => {
  const { fleet } = wearingFleet(5, 10, true);
  const text = JSON.stringify(TRAINED.toJson());
  const read = LifeEstimator.fromJson(JSON.parse(text));
  if (!read.ok) throw new Error(read.fault.detail);
  expect(read.value.estimate(fleet)).toEqual(TRAINED.estimate(fleet));
  const document = JSON.parse(text);
  const refused = (change: object) =>
    expect(LifeEstimator.fromJson({ ...document, ...change })).toMatchObject({ fault: { code: 'health.bad-data' } });
  for (const part of Object.keys(document)) for (const put of [null, 'x', [], {}]) refused({ [part]: put });
  for (const part of ['windows', 'regimes', 'signals', 'index', 'trust'])
    for (const put of [null, [], {}, [null]]) refused({ features: { ...document.features, [part]: put } });
  refused({ features: { ...document.features, windows: [10] } });
});

test.each<[LifeOptionsGiven, RegExp]>([
  [{ cap: 0 }, /cap is 0/],
  [{ windows: [] }, /windows are/],
  [{ coverage: 1 }, /coverage is 1/],
  [{ coverage: 0.99 }, /12 held-out units cannot carry/],
  [{ folds: 1 }, /1 folds/],
  [{ boost: { learningRate: 2 } }, /learningRate is 2/],
  [{ net: { hidden: [8, 0] } }, /layers of the net are/],
  [{ net: { rounds: 0 } }, /0 rounds/],
  [{ net: { rate: 0 } }, /rate of the net is 0/],
  [{ net: { decay: 500 } }, /decay of the net is 500/],
])('options that cannot be are a clear fault: %o', (options, detail) => {
  const estimator = learnLife(SMALL, { ...QUICK, ...options });
  expect(estimator.ok ? '' : estimator.fault.detail).toMatch(detail);
});

test('another fleet than the one learned is refused', () => {
  const { fleet } = wearingFleet(3, 9, false);
  const renamed = { ...fleet, signalNames: ['temperature', 'pressure', 'fixed', 'noise'] };
  expect(TRAINED.estimate(renamed)).toMatchObject({
    fault: { detail: 'Signal 1 is not flow, which it was at learning.' },
  });
  expect(TRAINED.estimate({ ...fleet, settings: [] })).toMatchObject({ fault: { code: 'health.bad-data' } });
});

test.each([
  ['six clear groups', [0, 10, 20, 25, 35, 42], 0.01, 6],
  ['one group', [5], 0.1, 1],
  ['an even spread', [0], 50, 1],
  ['one value', [3], 0, 1],
])('regimes of %s', (_name, places, spread, count) => {
  const random = seededRandom(4);
  const setting = Float64Array.from({ length: 3000 }, (_, i) => places[i % places.length] + spread * random());
  const regimes = learnRegimes([setting, setting.map((v) => -v)]);
  expect(regimes.centres).toHaveLength(count);
  const regime = regimeOfRows(regimes, [setting, setting.map((v) => -v)], 3000);
  if (count > 1) for (let row = 6; row < 3000; row++) expect(regime[row]).toBe(regime[row % 6]);
});

test('life left counts down to 0 at the failure, and starts at the cap', () => {
  expect(
    cyclesLeft(
      [
        { unit: 1, begin: 0, end: 4 },
        { unit: 2, begin: 4, end: 6 },
      ],
      2,
    ),
  ).toEqual(Float64Array.of(2, 2, 1, 0, 1, 0));
});
