import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitTwin } from '../fit/fitTwin.ts';
import { expectedColumns } from '../replay/expectedColumns.ts';
import type { TwinHistory } from '../replay/twinHistory.ts';
import {
  COMPRESSOR,
  compressorHistory,
  expected,
  formula,
  numbers,
  parameter,
  template,
} from '../testbed/compressorTwin.ts';
import type { TwinFit, TwinTemplate } from '../twinTemplate.ts';
import type { AttributeChange } from './attributeChange.ts';
import { type WhatIfQuestion, type WhatIfRun, whatIf } from './whatIf.ts';

const STEP_US = 60e6;
const at = (row: number) => (row * STEP_US) as Timestamp;

function run(question: Partial<WhatIfQuestion> & Pick<WhatIfQuestion, 'template' | 'history'>): WhatIfRun {
  const parameters = new Map([...question.template.parameters].map(([name, { value }]) => [name, value!]));
  const result = whatIf({
    ...{
      fit: undefined,
      parameters,
      from: at(0),
      recordedUntil: at(1e6),
      changes: new Map(),
      changedParameters: new Map(),
    },
    ...question,
  });
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

describe('a compressor that was fitted to its first half', () => {
  const history = compressorHistory({ seed: 5, rows: 2_000, stepUs: STEP_US });
  let fit: TwinFit;
  let parameters: Map<string, number>;
  beforeAll(() => {
    const result = fitTwin({
      ...{
        template: COMPRESSOR,
        asset: 'a',
        history,
        start: at(0),
        end: at(1_000),
        now: at(1_000),
        by: 'test',
        robust: false,
      },
      parameters: new Map([
        ['efficiency', 0.75],
        ['head-factor', 1],
      ]),
    });
    if (!result.ok) throw new Error(result.fault.detail);
    fit = result.value.fit;
    parameters = new Map([...fit.parameters].map(([name, { value }]) => [name, value]));
  });

  it('reproduces what was recorded in the second half within its band', () => {
    const { series, times, recorded } = run({ template: COMPRESSOR, history, fit, parameters, from: at(1_000) });
    expect(times).toHaveLength(1_000);
    expect(recorded).toBe(1_000);
    for (const { comparison } of series) {
      expect(comparison!.count).toBe(1_000);
      // 95 of 100, within what 1000 draws leave open.
      expect(comparison!.withinBand).toBeGreaterThan(0.92);
      expect(comparison!.withinBand).toBeLessThan(0.98);
      expect(Math.abs(comparison!.bias)).toBeLessThan(0.2 * comparison!.deviation);
    }
  });

  it('a higher speed and a lower efficiency do what physics says, and only behind the first moment', () => {
    const changes = new Map<string, AttributeChange>([['speed', { kind: 'scale', factor: 1.05 }]]);
    const { series } = run({ template: COMPRESSOR, history, fit, parameters, from: at(1_000), changes });
    const [temperature, pressure] = series;
    expect(temperature.expected.values[0]).toBe(temperature.unchanged.values[0]);
    expect(temperature.expected.values[1]).toBeGreaterThan(temperature.unchanged.values[1] + 5);
    expect(pressure.expected.values[1]).toBeGreaterThan(1.03 * pressure.unchanged.values[1]);
    const worse = run({
      ...{ template: COMPRESSOR, history, fit, parameters, from: at(1_000) },
      changedParameters: new Map([['efficiency', parameters.get('efficiency')! * 0.97]]),
    });
    expect(worse.series[0].expected.values[5]).toBeGreaterThan(worse.series[0].unchanged.values[5] + 1);
    // What happened does not lie in the band of a machine that is worse.
    expect(worse.series[0].comparison!.withinBand).toBeLessThan(0.2);
  });

  it('beyond what is recorded, inputs stay as they were, and it says so', () => {
    const ramp = new Map<string, AttributeChange>([['speed', { kind: 'ramp', value: 20_000, overS: 600 }]]);
    const asked = { template: COMPRESSOR, history, fit, parameters, from: at(1_000), recordedUntil: at(1_500) };
    const { series, recorded, assumptions } = run(asked);
    expect(recorded).toBe(500);
    expect(new Set(series[0].expected.values.subarray(501))).toHaveLength(1);
    expect(series[0].actual!.times).toHaveLength(500);
    expect(assumptions.join()).toContain('Beyond what is recorded, speed, flow,');
    const beyond = run({ ...asked, changes: ramp });
    expect(beyond.assumptions.join()).toContain('speed = 20000 lies outside of what the fit has seen');
    const start = history.attributes.get('speed')!.values[1_000];
    expect(beyond.series[0].expected.values[5]).toBeGreaterThan(beyond.series[0].expected.values[4]);
    expect(start).toBeLessThan(20_000);
  });

  it('unknown names are refused with those that are there', () => {
    const ask = (more: Partial<WhatIfQuestion>) =>
      whatIf({
        ...{ template: COMPRESSOR, history, fit, parameters, from: at(0), recordedUntil: at(9e6) },
        ...{ changes: new Map(), changedParameters: new Map(), ...more },
      });
    const set = { kind: 'set', value: 1 } as const;
    expect(ask({ changes: new Map([['sped', set]]) })).toMatchObject({
      fault: { code: 'twin.whatif-refused', detail: expect.stringContaining('suction-pressure') },
    });
    expect(ask({ changedParameters: new Map([['k', 1]]) })).toMatchObject({
      fault: { detail: expect.stringContaining('efficiency, head-factor') },
    });
  });
});

/** Columns over rows of 10 s. */
function historyOf(columns: Record<string, number[]>): TwinHistory {
  const rows = Object.values(columns)[0].length;
  const times = Float64Array.from({ length: rows }, (_, row) => row * 10e6);
  return {
    times,
    attributes: new Map(
      Object.entries(columns).map(([name, values]) => [name, numbers(times, Float64Array.from(values))]),
    ),
  };
}

describe('inertia', () => {
  const casing = (rate: string): TwinTemplate =>
    template({
      parameters: new Map([['tau', parameter(60)]]),
      states: new Map([['casing', { name: 'casing', unit: 'Cel', initial: formula("'t'"), rate: formula(rate) }]]),
      expected: new Map([['t', expected('t', "'casing'", 'Cel')]]),
    });
  const history = historyOf({ t: new Array(61).fill(20), ambient: new Array(61).fill(20) });
  const hot = new Map<string, AttributeChange>([['ambient', { kind: 'set', value: 100 }]]);

  it.each([
    ['a line: the exact exponential', "('ambient' - 'casing') / 'tau'"],
    ['a curve: Runge and Kutta', "if('casing' > 0, ('ambient' - 'casing') / 'tau', 0)"],
  ])('%s', (_, rate) => {
    const { series } = run({ template: casing(rate), history, changes: hot });
    // The input runs up over the first 10 s: the response to that is a step 5 s later, widened by sinh(h / 2 tau) / (h / 2 tau).
    const widened = Math.sinh(1 / 12) * 12;
    for (const row of [6, 30, 60]) {
      expect(series[0].expected.values[row]).toBeCloseTo(100 - 80 * widened * Math.exp(-(row * 10 - 5) / 60), 3);
    }
  });

  it('steps that are much too coarse for a short time constant do no harm to what is integrated exactly', () => {
    const twin = casing("('ambient' - 'casing') / 'tau'");
    const parameters = new Map([['tau', 0.01]]);
    const { series } = run({ template: twin, history, changes: hot, parameters });
    expect(series[0].expected.values[60]).toBeCloseTo(100, 6);
  });

  it('two states that heat each other meet at the mean', () => {
    const state = (name: string, initial: string, rate: string) =>
      [name, { name, unit: 'Cel', initial: formula(initial), rate: formula(rate) }] as const;
    const twin = template({
      states: new Map([state('a', "'x'", "('b' - 'a') / 50"), state('b', "'y'", "('a' - 'b') / 50")]),
      expected: new Map([['x', expected('x', "'a'", 'Cel')]]),
    });
    const two = historyOf({ x: new Array(61).fill(0), y: new Array(61).fill(100) });
    const { series } = run({ template: twin, history: two });
    for (const row of [1, 5, 60]) {
      expect(series[0].expected.values[row]).toBeCloseTo(50 - 50 * Math.exp((-2 * row * 10) / 50), 1);
    }
  });
});

it('what is expected of one attribute moves what others read of it, and time windows see the changes', () => {
  const twin = template({
    expected: new Map(
      [expected('b', "2 * 'a'", ''), expected('c', "'b' + 1", ''), expected('d', 'avg(\'a\', "20s")', '')].map(
        (each) => [each.attribute, each] as const,
      ),
    ),
  });
  // `b` reads 3 more than its model says: so it does in the run.
  const columns = { a: [1, 1, 1, 1], b: [5, 5, 5, 5], c: [6, 6, 6, 6], d: [1, 1, 1, 1] };
  const changes = new Map<string, AttributeChange>([['a', { kind: 'add', value: 10 }]]);
  const { series } = run({ template: twin, history: historyOf(columns), changes });
  expect([...series[1].expected.values]).toEqual([6, 26, 26, 26]);
  expect([...series[2].expected.values.subarray(2)]).toEqual([6, 11]);
});

it('nothing that was given is changed', () => {
  const history = compressorHistory({ seed: 2, rows: 50, stepUs: STEP_US });
  const before = JSON.stringify([...history.attributes].map(([name, { values }]) => [name, ...values]));
  const parameters = new Map([
    ['efficiency', 0.78],
    ['head-factor', 0.97],
  ]);
  run({ template: COMPRESSOR, history, parameters, changes: new Map([['flow', { kind: 'set', value: 1 }]]) });
  expect(JSON.stringify([...history.attributes].map(([name, { values }]) => [name, ...values]))).toBe(before);
  expect(expectedColumns(COMPRESSOR, history, parameters).size).toBe(3);
});
