import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import type { TwinHistory } from '../replay/twinHistory.ts';
import {
  COMPRESSOR,
  compressorHistory,
  expected,
  formula,
  NOISE,
  numbers,
  parameter,
  seededNormal,
  TRUTH,
  template,
} from '../testbed/compressorTwin.ts';
import type { TwinTemplate } from '../twinTemplate.ts';
import { type FitQuestion, fitTwin } from './fitTwin.ts';

const STEP_US = 60e6;
const DAY = compressorHistory({ seed: 1, rows: 1_440, stepUs: STEP_US });

function question(twin: TwinTemplate, history: TwinHistory, more: Partial<FitQuestion> = {}): FitQuestion {
  const written = [...twin.parameters].flatMap(([name, { value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    ...{ template: twin, asset: 'train-1', history, parameters: new Map(written), robust: false, by: 'anna' },
    ...{ start: 0 as Timestamp, end: Number.MAX_SAFE_INTEGER as Timestamp, now: 5 as Timestamp },
    ...more,
  };
}

function fitted(asked: FitQuestion) {
  const result = fitTwin(asked);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

/** Columns of one's own making. */
function historyOf(columns: Record<string, (row: number) => number>, rows: number): TwinHistory {
  const times = Float64Array.from({ length: rows }, (_, row) => row * STEP_US);
  const attributes = Object.entries(columns).map(
    ([name, make]) =>
      [
        name,
        numbers(
          times,
          Float64Array.from(times, (_, row) => make(row)),
        ),
      ] as const,
  );
  return { times, attributes: new Map(attributes) };
}

describe('a compressor', () => {
  it('is fitted to what it is, and the interval of each parameter holds the truth', () => {
    const { parameters, residuals, fit } = fitted(question(COMPRESSOR, DAY));
    const [efficiency, headFactor] = parameters;
    expect(efficiency.low).toBeLessThan(TRUTH.efficiency);
    expect(efficiency.high).toBeGreaterThan(TRUTH.efficiency);
    expect(efficiency.high - efficiency.low).toBeLessThan(0.003);
    expect(headFactor.low).toBeLessThan(TRUTH.headFactor);
    expect(headFactor.high).toBeGreaterThan(TRUTH.headFactor);
    const temperature = residuals[0];
    // The noise of the inputs comes on top of that of the instrument itself.
    expect(temperature.sigma).toBeGreaterThan(NOISE['discharge-temperature']);
    expect(temperature.sigma).toBeLessThan(2 * NOISE['discharge-temperature']);
    expect(temperature.sigmaBefore!).toBeGreaterThan(3 * temperature.sigma);
    expect(temperature.heldOutSigma! / temperature.sigma).toBeCloseTo(1, 0);
    expect(temperature.explained!).toBeGreaterThan(0.99);
    expect(temperature).toMatchObject({ count: 1_440, otherMode: 0, notGood: 0 });
    expect(fit).toMatchObject({ asset: 'train-1', by: 'anna', fittedAt: 5, warnings: [] });
    expect(fit.inputs.get('speed')!.low).toBeGreaterThan(8_000);
  });

  it('in 24 fits of other noise, the truth lies in the interval about as often as it says', () => {
    const hits = { efficiency: 0, 'head-factor': 0 };
    for (let seed = 100; seed < 124; seed++) {
      const run = compressorHistory({ seed, rows: 120, stepUs: STEP_US });
      for (const { name, low, high } of fitted(question(COMPRESSOR, run)).parameters) {
        const truth = name === 'efficiency' ? TRUTH.efficiency : TRUTH.headFactor;
        if (low <= truth && truth <= high) hits[name as keyof typeof hits]++;
      }
    }
    // 22.8 of 24 within three standard deviations of the binomial distribution, and a little for the noise of the inputs.
    expect(hits.efficiency).toBeGreaterThanOrEqual(19);
    expect(hits['head-factor']).toBeGreaterThanOrEqual(19);
  });

  it('is fitted to its running hours only, and to good samples', () => {
    const speed = DAY.attributes.get('speed')!;
    const stopped = { ...speed, values: speed.values.map((value, row) => (row < 200 ? 0 : value)) };
    const power = DAY.attributes.get('power')!;
    const ill = { ...power, statuses: power.statuses.map((_, row) => (row >= 1_400 ? STATUS.BadSensorFailure : 0)) };
    const attributes = new Map(DAY.attributes).set('speed', stopped).set('power', ill);
    const { residuals } = fitted(question(COMPRESSOR, { ...DAY, attributes }));
    expect(residuals[0]).toMatchObject({ count: 1_240, otherMode: 200, notGood: 0 });
    expect(residuals[2]).toMatchObject({ attribute: 'power', count: 1_200, otherMode: 200, notGood: 40 });
  });

  it('moments that are far off do not pull a robust fit', () => {
    const spiked = ['discharge-temperature', 'power'].map((name) => {
      const run = DAY.attributes.get(name)!;
      return [
        name,
        { ...run, values: run.values.map((value, row) => (row % 20 === 0 ? value * 1.5 : value)) },
      ] as const;
    });
    const history = { ...DAY, attributes: new Map([...DAY.attributes, ...spiked]) };
    const off = (robust: boolean) =>
      Math.abs(fitted(question(COMPRESSOR, history, { robust })).parameters[0].value - TRUTH.efficiency);
    expect(off(false)).toBeGreaterThan(0.002);
    expect(off(true)).toBeLessThan(0.0015);
  });

  it('a parameter at the bound of its range is told', () => {
    const parameters = new Map(COMPRESSOR.parameters).set('efficiency', parameter(0.7, 0.6, 0.72));
    const { fit, parameters: reported } = fitted(question({ ...COMPRESSOR, parameters }, DAY));
    expect(reported[0]).toMatchObject({ name: 'efficiency', value: 0.72, atBound: true });
    expect(fit.warnings.join()).toContain('efficiency stays at 0.72');
  });
});

describe('what is learned', () => {
  const terms = ['1', "'speed'", "'load'", "'speed' * 'load'"].map((text, at) => ({
    coefficient: `vibration.${at}`,
    formula: formula(text),
  }));
  const learner = template({
    parameters: new Map(terms.map(({ coefficient }) => [coefficient, { ...parameter(0), value: undefined }])),
    expected: new Map([['vibration', { ...expected('vibration', '1', 'mm/s'), terms }]]),
  });
  const normal = seededNormal(3);
  const vibration = (speed: number, load: number) => 1 + 0.002 * speed + 0.3 * load - 1e-4 * speed * load;
  const speed = (row: number) => 900 + 100 * Math.sin(row / 40);
  const load = (row: number) => 5 + 3 * Math.sin(row / 23);
  const history = historyOf(
    { speed, load, vibration: (row) => vibration(speed(row), load(row)) + 0.05 * normal() },
    600,
  );

  it('is found with its sigma', () => {
    const { parameters, residuals, fit } = fitted(question(learner, history));
    for (const [at, truth] of [1, 0.002, 0.3, -1e-4].entries()) {
      expect(Math.abs(parameters[at].value - truth)).toBeLessThan(4 * parameters[at].uncertainty);
    }
    expect(residuals[0].sigma).toBeCloseTo(0.05, 2);
    expect(fit.parameters.has('vibration.3')).toBe(true);
  });

  it('is refused where an input did not change', () => {
    const still = historyOf({ speed, load: () => 5, vibration: (row) => vibration(speed(row), 5) }, 600);
    const result = fitTwin(question(learner, still));
    expect(result).toMatchObject({ ok: false, fault: { code: 'twin.fit-refused' } });
    expect(!result.ok && result.fault.detail).toContain('load did not change');
  });

  it('takes a ridge where two inputs go together, and says so', () => {
    const bound = historyOf(
      { speed, load: (row) => speed(row) / 100 - 1e-9 * row, vibration: (row) => speed(row) / 300 + 0.05 * normal() },
      600,
    );
    const { fit, residuals } = fitted(question(learner, bound));
    expect(fit.warnings.join()).toContain('ridge');
    expect(residuals[0].sigma).toBeLessThan(0.06);
  });
});

it.each<[string, TwinHistory, string]>([
  ['too little', compressorHistory({ seed: 1, rows: 20, stepUs: STEP_US }), 'only 20 moments'],
  [
    'standing still',
    { ...DAY, attributes: new Map(DAY.attributes).set('speed', numbers(DAY.times, new Float64Array(1_440))) },
    '1440 in other modes',
  ],
  ['nothing to be read', { ...DAY, attributes: new Map() }, 'without good values'],
])('%s is refused with the reason', (_, history, reason) => {
  const result = fitTwin(question(COMPRESSOR, history));
  expect(!result.ok && result.fault.detail.toLowerCase()).toContain(reason);
});

it('parameters whose effects are one and the same are refused by name, with the inputs that stood still', () => {
  const twins = template({
    parameters: new Map([
      ['a', parameter(1)],
      ['b', parameter(1)],
    ]),
    expected: new Map([['y', expected('y', "'a' + 'b' * 'x'", '')]]),
  });
  const history = historyOf({ x: () => 2, y: (row) => 5 + Math.sin(row) }, 100);
  const result = fitTwin(question(twins, history));
  expect(!result.ok && result.fault.detail).toContain(
    'A and b cannot be told apart from this history: x did not change',
  );
});

it('a time constant is found from the way a temperature follows the load', () => {
  const twin = template({
    parameters: new Map([
      ['tau', parameter(300, 10, 5_000)],
      ['rise', parameter(2, 0, 100)],
    ]),
    states: new Map([
      [
        'casing',
        {
          name: 'casing',
          unit: 'Cel',
          initial: formula("'casing-temperature'"),
          rate: formula("(20 + 'rise' * 'load' - 'casing') / 'tau'"),
        },
      ],
    ]),
    expected: new Map([['casing-temperature', expected('casing-temperature', "'casing'", 'Cel')]]),
  });
  const normal = seededNormal(8);
  const load = (row: number) => (Math.floor(row / 60) % 2 === 0 ? 10 : 4);
  let casing = 40;
  const temperatures = Array.from({ length: 600 }, (_, row) => {
    const before = casing;
    // 10 s of Euler's rule in steps of 10 ms, so that it is another reckoning than the one on trial.
    for (let step = 0; row > 0 && step < 1_000; step++) {
      const part = step / 1_000;
      casing += (0.01 * (20 + 5 * (load(row - 1) * (1 - part) + load(row) * part) - casing)) / 240;
    }
    return (row === 0 ? before : casing) + 0.05 * normal();
  });
  const history = historyOf({ load, 'casing-temperature': (row) => temperatures[row] }, 600);
  const times = history.times.map((time) => time / 6);
  const { parameters } = fitted(question(twin, { ...history, times }));
  for (const [at, truth] of [240, 5].entries()) {
    expect(Math.abs(parameters[at].value - truth)).toBeLessThan(4 * parameters[at].uncertainty + 0.002 * truth);
  }
});
