import { seededRandom } from '@tidegate/health/boost/seededRandom.ts';
import { expect, it } from 'vitest';
import { learnLives } from './learnLives.ts';
import type { LifeTask, TaskUnit } from './lifeTask.ts';

/** Lives of which nothing but the age is known, in cycles. */
const aged = (ages: readonly number[]): TaskUnit[] => ages.map((age) => ({ age, failed: true, begin: 0, end: 0 }));
const NOTHING = {
  ...{ signalNames: [], signals: [], settingNames: [], settings: [], ages: new Float64Array(0) },
  ...{ cap: 200, coverage: 0.9, seed: 1 },
};

/** Lives that end the sooner the higher their load, by a Weibull law; each was seen for five cycles. */
function loaded(count: number, weight: number): LifeTask {
  const random = seededRandom(5);
  const loads = Array.from({ length: count }, () => 50 + 50 * random());
  const ages = loads.map((load) => 100 * (-Math.log(1 - random()) / Math.exp(weight * (load - 75))) ** (1 / 3));
  const units = ages.map((age, at) => ({
    age: Math.min(age, 160),
    failed: age <= 160,
    begin: 5 * at,
    end: 5 * at + 5,
  }));
  const load = Float64Array.from({ length: 5 * count }, (_, row) => loads[Math.floor(row / 5)] + random());
  return { ...NOTHING, units, settingNames: ['load'], settings: [load], ages: new Float64Array(5 * count) };
}

/** Engines of which a signal was seen over their last cycles: it is `wear` of the share of the life that is over. */
function seen(
  count: number,
  lifeOf: (random: () => number) => number,
  wear: (share: number, unit: number) => number,
  noise = 0.02,
): LifeTask {
  const random = seededRandom(8);
  const units: TaskUnit[] = [];
  const [signal, ages]: [number[], number[]] = [[], []];
  for (let unit = 0; unit < count; unit++) {
    const age = Math.floor(lifeOf(random));
    const begin = signal.length;
    for (let cycle = Math.max(1, age - SEEN); cycle <= age; cycle++) {
      signal.push(wear(cycle / age, unit) + noise * random());
      ages.push(cycle);
    }
    units.push({ age, failed: true, begin, end: signal.length });
  }
  const columns = { signalNames: ['shake'], signals: [Float64Array.from(signal)], ages: Float64Array.from(ages) };
  return { ...NOTHING, ...columns, units, cap: 30 };
}
/** Cycles before the end. */
const SEEN = 60;
const anyLife = (random: () => number) => 40 + 60 * random();

function learned(task: LifeTask) {
  const lives = learnLives(task);
  if (!lives.ok) throw new Error(lives.fault.detail);
  return lives.value;
}

it('what the equipment shows is learned from where it tells more than the ages do', () => {
  const { method, backtest, errorOfAges } = learned(seen(11, anyLife, (share) => share ** 4));
  expect(method).toBe('signals');
  expect(backtest!.lives).toBe(5);
  expect(backtest!.error).toBeLessThan(0.7 * errorOfAges!);
});

it.each<[string, LifeTask, RegExp]>([
  ['noise', seen(11, anyLife, () => 0, 1), /What the watch shows tells nothing: Every signal is constant or noise/],
  ['nothing that moves', seen(11, anyLife, () => 7, 0), /What the watch shows tells nothing/],
  // Slow waves that have nothing to do with wear.
  [
    'waves',
    seen(
      11,
      (random) => 30 + 30 * random(),
      (share, unit) => Math.sin(5 * share + 2.7 * unit ** 2),
    ),
    /tells hardly more than the ages do/,
  ],
  ['too few', seen(9, anyLife, (share) => share), /9 lives that failed were seen by the watch; 10 are needed/],
])('of %s only the ages are learned, and a note says why', (_what, task, note) => {
  const { method, notes, weibull, backtest } = learned(task);
  expect(method).toBe('ages');
  expect(notes.join('\n')).toMatch(note);
  expect(weibull!.shape).toBeGreaterThan(1);
  expect(backtest!.lives).toBeGreaterThan(8);
});

it('how hard each is run is learned where it bears on how long it lives', () => {
  const { method, document, backtest, errorOfAges } = learned(loaded(40, 0.12));
  expect(method).toBe('hazards');
  expect(document.hazards!.coefficients[0]).toBeCloseTo(0.12, 1);
  expect(document.risks).toHaveLength(40);
  expect(backtest!.error).toBeLessThan(0.85 * errorOfAges!);
  expect(backtest!.coverage).toBeGreaterThan(0.82);
  const idle = learned(loaded(40, 0));
  expect([idle.method, idle.notes.join()]).toEqual([
    'ages',
    expect.stringMatching(/load: nothing of it clearly bears on how long one lives/),
  ]);
});

it('ages alone: intervals hold what they promise on lives that were held out', () => {
  const random = seededRandom(2);
  const { method, backtest, weibull } = learned({
    ...NOTHING,
    units: aged(Array.from({ length: 40 }, () => 100 * (-Math.log(1 - random())) ** 0.4)),
  });
  expect([method, backtest!.lives]).toEqual(['ages', 40]);
  expect(Math.abs(backtest!.coverage - 0.9)).toBeLessThan(0.08);
  expect(weibull!.scale).toBeGreaterThan(80);
});

it('three carry a law, and no word on how far off it is', () => {
  const { backtest, notes } = learned({ ...NOTHING, units: aged([80, 100, 130]) });
  expect(backtest).toBeUndefined();
  expect(notes.at(-1)).toMatch(/too few lives to hold any out/);
});

it.each<[string, TaskUnit[], RegExp]>([
  ['nothing', [], /0 failures/],
  ['two', aged([80, 100]), /2 failures; a law of lifetimes needs 3/],
  [
    'beginnings that nobody knows',
    aged([Number.NaN, Number.NaN, Number.NaN, 90]),
    /Of 3 of 4 lives nobody has said when they began.*1 failures/,
  ],
  ['all at one age', aged([90, 90, 90]), /hardly differ/],
  ['ages that cannot be', aged([90, Number.POSITIVE_INFINITY, 80, 70]), /must be above 0/],
])('%s carry nothing: what each method lacks is said', (_what, units, detail) => {
  const lives = learnLives({ ...NOTHING, units });
  expect(lives).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(detail) } });
});

it.each([1e300, Number.POSITIVE_INFINITY, Number.NaN, 5e-324])('a signal of %f among others is borne', (value) => {
  const task = seen(10, anyLife, (share) => share ** 4);
  task.signals[0][100] = value;
  const lives = learnLives(task);
  expect(lives).toMatchObject({ ok: true, value: { method: Math.abs(value) > 1e9 ? expect.any(String) : 'signals' } });
});
