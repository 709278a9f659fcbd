import { describe, expect, it } from 'vitest';
import type { Fault } from './faults/fault.ts';
import type { TruthEvent } from './faults/faultSchedule.ts';
import { DESIGN, polytropicEfficiency } from './physics/compressorMap.ts';
import { KAPPA, KELVIN } from './physics/gas.ts';
import { SENSOR_FAILURE } from './signals/sensor.ts';
import { SIGNALS, SITE } from './signals/signalCatalogue.ts';
import { type BatchOptions, simulateStation } from './simulateStation.ts';

const DAY_S = 86_400;
const TRAIN_1 = 'compression/train-1';
const SUPPLY_1 = 'utilities/substation/power-supply-1';

/** All days in one column for each signal, by its path below the site. */
function run(options: BatchOptions) {
  const columns = new Map<string, number[]>();
  const events: TruthEvent[] = [];
  const truth: number[][] = (options.faults ?? []).map(() => []);
  for (const block of simulateStation(options)) {
    for (const [path, { values }] of block.columns) {
      const name = path.slice(SITE.length + 1);
      const column = columns.get(name) ?? [];
      columns.set(name, column);
      for (const value of values) column.push(value);
    }
    for (const [index, sizes] of block.truth.entries()) truth[index].push(...sizes);
    events.push(...block.events);
  }
  const of = (name: string): readonly number[] => columns.get(name) ?? [];
  return { of, events, truth };
}

function paths(...names: string[]): string[] {
  return names.map((name) => `${SITE}/${name}`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function fault(kind: Fault['kind'], target: string, more: Partial<Fault>): Fault {
  return { kind, target, atS: 0, size: 1, overS: 0, ...more };
}

describe('a winter month', () => {
  const month = run({ seed: 7, days: 28 });

  it.each<[signal: string, low: number, high: number]>([
    ['weather/ambient-temperature', -48, -10],
    [`${TRAIN_1}/compressor/suction-pressure`, 3_800, 5_200],
    [`${TRAIN_1}/compressor/discharge-pressure`, 6_200, 7_000],
    [`${TRAIN_1}/compressor/discharge-temperature`, 20, 75],
    [`${TRAIN_1}/compressor/flow`, 3_500, 9_000],
    [`${TRAIN_1}/driver/power`, 2_000, 5_400],
    [`${TRAIN_1}/driver/exhaust-temperature`, 320, 520],
    [`${TRAIN_1}/bearings/drive-end-vibration`, 0.5, 4.5],
    [`${TRAIN_1}/bearings/drive-end-temperature`, 60, 95],
    [`${TRAIN_1}/lube-oil/supply-temperature`, 45, 60],
    [`${TRAIN_1}/lube-oil/supply-pressure`, 200, 260],
    ['utilities/heat-trace/supply-temperature', 55, 65],
    ['utilities/substation/bus-voltage', 23.1, 24],
    ['utilities/substation/load', 80, 500],
    [`${SUPPLY_1}/case-temperature`, 15, 60],
    [`${SUPPLY_1}/joint-temperature`, 15, 70],
  ])('keeps %s between %d and %d', (signal, low, high) => {
    expect(Math.min(...month.of(signal))).toBeGreaterThan(low);
    expect(Math.max(...month.of(signal))).toBeLessThan(high);
  });

  it('is cold, with days and weather', () => {
    const ambient = month.of('weather/ambient-temperature');
    expect(mean(ambient)).toBeGreaterThan(-40);
    expect(mean(ambient)).toBeLessThan(-25);
    expect(deviation(ambient)).toBeGreaterThan(2);
  });

  it('starts and stops the third train once a week, and nothing surges or trips', () => {
    const states = month.of('compression/train-3/state');
    const entered = (state: number) => states.filter((value, row) => value === state && states[row - 1] !== state);
    expect([entered(1).length, entered(2).length, entered(3).length]).toEqual([4, 4, 4]);
    expect(new Set(month.of(`${TRAIN_1}/state`))).toEqual(new Set([2]));
    expect(month.events).toEqual([]);
  });

  it('obeys the first law: what the shaft gives is what heats the gas', () => {
    const column = (name: string) => month.of(`${TRAIN_1}/${name}`);
    const ratio = column('driver/power').map((power, row) => {
      const inletK = column('compressor/suction-temperature')[row] + KELVIN;
      const massKgPerS =
        ((column('compressor/suction-pressure')[row] / (0.9 * (8.314 / 17) * inletK)) *
          column('compressor/flow')[row]) /
        3_600;
      const riseK = column('compressor/discharge-temperature')[row] - column('compressor/suction-temperature')[row];
      const specificHeat = (0.9 * (8.314 / 17) * KAPPA) / (KAPPA - 1);
      return power / (massKgPerS * specificHeat * riseK);
    });
    // Beside the gas there are only the losses of coupling and bearings.
    expect(mean(ratio)).toBeGreaterThan(1.01);
    expect(mean(ratio)).toBeLessThan(1.06);
    expect(deviation(ratio)).toBeLessThan(0.02);
  });
});

describe('the same seed', () => {
  const names = paths(`${TRAIN_1}/compressor/flow`, `${SUPPLY_1}/joint-temperature`);

  it('gives the same samples; another one gives others', () => {
    const [first, again, other] = [3, 3, 4].map((seed) => run({ seed, days: 2, signals: names }));
    for (const name of names.map((path) => path.slice(SITE.length + 1))) {
      expect(again.of(name)).toEqual(first.of(name));
      expect(other.of(name)).not.toEqual(first.of(name));
    }
  });

  it('gives what is not afflicted as without the fault', () => {
    const faults = [fault('sensor-bias', `${TRAIN_1}/compressor/flow`, { size: 100 })];
    const [sound, sick] = [[], faults].map((plan) => run({ seed: 3, days: 1, signals: names, faults: plan }));
    expect(sick.of(`${SUPPLY_1}/joint-temperature`)).toEqual(sound.of(`${SUPPLY_1}/joint-temperature`));
    expect(mean(sick.of(`${TRAIN_1}/compressor/flow`)) - mean(sound.of(`${TRAIN_1}/compressor/flow`))).toBeCloseTo(
      100,
      0,
    );
  });
});

describe('a fault shows, and its truth is logged:', () => {
  it('3 % of fouling lie far above the noise of the discharge temperature that the map expects', () => {
    const names = ['suction-pressure', 'suction-temperature', 'discharge-pressure', 'discharge-temperature', 'flow'];
    const signals = paths(...names.map((name) => `${TRAIN_1}/compressor/${name}`), `${TRAIN_1}/driver/speed`);
    const faults = [fault('fouling', `${TRAIN_1}/compressor`, { atS: 2 * DAY_S, size: 3 })];
    const { of, events } = run({ seed: 5, days: 4, signals, faults });
    const [p1, t1, p2, t2, flow] = names.map((name) => of(`${TRAIN_1}/compressor/${name}`));
    const residual = t2.map((measured, row) => {
      const speed = of(`${TRAIN_1}/driver/speed`)[row] / DESIGN.speedRpm;
      const efficiency = polytropicEfficiency(flow[row] / 3_600 / DESIGN.flowM3PerS / speed);
      const expected = (t1[row] + KELVIN) * (p2[row] / p1[row]) ** ((KAPPA - 1) / KAPPA / efficiency) - KELVIN;
      return measured - expected;
    });
    const half = residual.length / 2;
    const noise = deviation(residual.slice(0, half));
    expect(Math.abs(mean(residual.slice(0, half)))).toBeLessThan(noise);
    expect(mean(residual.slice(half)) - mean(residual.slice(0, half))).toBeGreaterThan(8 * noise);
    expect(events.map(({ event, kind, size }) => [event, kind, size])).toEqual([
      ['begins', 'fouling', 3],
      ['full', 'fouling', 3],
    ]);
  });

  it('a worn bearing shakes at twice the speed, grows hot, and trips the train in the end', () => {
    const bearing = `${TRAIN_1}/bearings/drive-end`;
    const signals = paths(
      `${bearing}-vibration`,
      `${bearing}-vibration-2x`,
      `${bearing}-temperature`,
      `${TRAIN_1}/state`,
    );
    const faults = [fault('bearing-wear', bearing, { size: 2, overS: 10 * DAY_S })];
    const { of, events, truth } = run({ seed: 5, days: 10, signals, faults });
    const day = (name: string, index: number) => mean(of(name).slice(1_440 * index, 1_440 * index + 1_440));
    expect(day(`${bearing}-vibration`, 5)).toBeGreaterThan(1.5 * day(`${bearing}-vibration`, 0));
    expect(day(`${bearing}-vibration-2x`, 5)).toBeGreaterThan(2 * day(`${bearing}-vibration-2x`, 0));
    const sound = run({ seed: 5, days: 6, signals }).of(`${bearing}-temperature`);
    expect(day(`${bearing}-temperature`, 5)).toBeGreaterThan(mean(sound.slice(-1_440)) + 5);
    expect(truth[0][5 * 1_440]).toBeCloseTo(0.5, 2);
    const trip = events.find(({ event }) => event === 'trips');
    expect(trip).toMatchObject({ target: TRAIN_1, kind: expect.stringMatching(/vibration|bearing/) });
    expect(of(`${TRAIN_1}/state`)).toContain(4);
  });

  it('a valve that sticks stays behind what its controller asks for', () => {
    const lag = (size: number) => {
      const signals = paths(
        'compression/train-3/compressor/anti-surge-valve',
        'compression/train-3/compressor/anti-surge-demand',
      );
      const faults = size === 0 ? [] : [fault('valve-stiction', 'compression/train-3/compressor', { size })];
      const { of } = run({ seed: 5, days: 2, stepSeconds: 10, signals, faults });
      const [valve, demand] = signals.map((path) => of(path.slice(SITE.length + 1)));
      const moving = valve.flatMap((position, row) =>
        demand[row] > 0 && demand[row] < 100 ? [Math.abs(position - demand[row])] : [],
      );
      return mean(moving);
    };
    expect(lag(10)).toBeGreaterThan(2 * lag(0));
  });

  it('a clogging filter takes the oil its pressure', () => {
    const oil = `${TRAIN_1}/lube-oil`;
    const signals = paths(`${oil}/filter-differential-pressure`, `${oil}/supply-pressure`);
    const faults = [fault('filter-clogging', oil, { size: 55, overS: DAY_S, untilS: 2 * DAY_S })];
    const { of, events } = run({ seed: 5, days: 3, signals, faults });
    const [dp, pressure] = signals.map((path) => of(path.slice(SITE.length + 1)));
    expect(dp[2_000]).toBeGreaterThan(4 * dp[0]);
    expect(pressure[2_000]).toBeLessThan(pressure[0] - 50);
    expect(dp[4_000]).toBeLessThan(1.2 * dp[0]);
    expect(events.map(({ event }) => event)).toEqual(['begins', 'full', 'ends']);
  });

  it('sensors drift, freeze and fail', () => {
    const [drift, freeze, failure] = ['flow', 'suction-pressure', 'discharge-pressure'].map(
      (name) => `${TRAIN_1}/compressor/${name}`,
    );
    const faults = [
      fault('sensor-drift', drift, { size: 500, overS: 2 * DAY_S }),
      fault('sensor-freeze', freeze, { atS: DAY_S }),
      fault('sensor-failure', failure, { atS: DAY_S, untilS: DAY_S + 3_600 }),
    ];
    const signals = paths(drift, freeze, failure);
    const sick = run({ seed: 5, days: 2, signals, faults });
    const sound = run({ seed: 5, days: 2, signals });
    expect(sick.of(drift)[2_879] - sound.of(drift)[2_879]).toBeCloseTo(500, -1);
    expect(new Set(sick.of(freeze).slice(1_441)).size).toBe(1);
    expect(sick.of(failure).flatMap((value, row) => (Number.isNaN(value) ? [row] : []))).toHaveLength(60);
    const [, second] = simulateStation({ seed: 5, days: 2, signals, faults });
    expect(second.columns.get(`${SITE}/${failure}`)?.statuses[30]).toBe(SENSOR_FAILURE);
  });

  it('what a fault cannot take hold of is refused', () => {
    const start = () =>
      simulateStation({ seed: 1, days: 1, faults: [fault('fouling', 'compression/train-4', {})] }).next();
    expect(start).toThrow('there is no compression/train-4 that fouling could befall');
    expect(() => simulateStation({ seed: 1, days: 1, signals: ['acme/south/x'] }).next()).toThrow('acme/south/x');
  });
});

describe('the power supply whose joint cracks with every thermal cycle', () => {
  const names = ['output-voltage', 'output-current', 'case-temperature', 'joint-temperature'];
  const other = 'utilities/substation/power-supply-2/output-current';
  const signals = paths(...names.map((name) => `${SUPPLY_1}/${name}`), other, 'utilities/substation/bus-voltage');
  const cracking = run({
    seed: 2,
    days: 120,
    signals,
    faults: [fault('solder-crack', SUPPLY_1, { atS: 5 * DAY_S, overS: 70 * DAY_S })],
  });
  const [voltage, current, housing, joint] = names.map((name) => cracking.of(`${SUPPLY_1}/${name}`));
  const damage = cracking.truth[0];
  const opens = cracking.events.find(({ event }) => event === 'opens');
  const openRow = damage.findIndex((size) => size >= 1);
  /** What the joint is hotter than the case, for the square of the current. */
  const heating = (from: number, to: number) =>
    mean(joint.slice(from, to).map((value, index) => (value - housing[from + index]) / current[from + index] ** 2));

  it('cracks for months, and then opens for ever', () => {
    expect(opens).toMatchObject({ target: SUPPLY_1, kind: 'solder-crack', size: 1 });
    expect(openRow).toBeGreaterThan(40 * 1_440);
    expect(damage.every((size, row) => row === 0 || size >= damage[row - 1])).toBe(true);
    expect(Math.max(...voltage.slice(openRow + 2))).toBeLessThan(0.1);
    expect(mean(cracking.of('utilities/substation/bus-voltage').slice(openRow + 2))).toBeGreaterThan(22);
    expect(mean(cracking.of(other).slice(openRow + 2))).toBeGreaterThan(1.5 * mean(cracking.of(other).slice(0, 7_200)));
  });

  it('heats its joint more and more, faster towards the end, long before it opens', () => {
    const week = 7 * 1_440;
    const at = (share: number) =>
      heating(Math.floor(openRow * share) - week / 2, Math.floor(openRow * share) + week / 2);
    const [early, middle, late] = [at(0.1), at(0.5), at(0.92)];
    expect(middle).toBeGreaterThan(1.02 * early);
    expect(late - middle).toBeGreaterThan(2 * (middle - early));
    expect(late).toBeGreaterThan(1.4 * early);
  });

  it('is sound in a supply without the fault: next to no damage in half a year', () => {
    const faults = [fault('solder-crack', SUPPLY_1, { atS: 0, overS: 365 * 300 * DAY_S })];
    const sound = run({ seed: 2, days: 60, signals, faults });
    expect(sound.truth[0].at(-1)).toBeLessThan(0.005);
    expect(sound.events.some(({ event }) => event === 'opens')).toBe(false);
  });
});

it('has signals of different names, each within the range of its sensor', () => {
  expect(new Set(SIGNALS.map(({ path }) => path)).size).toBe(SIGNALS.length);
  expect(SIGNALS.length).toBeGreaterThanOrEqual(90);
  expect(SIGNALS.every(({ low, high }) => low < high)).toBe(true);
});
