import { describe, expect, it } from 'vitest';
import { runOf } from '../testbed/sampleRuns.ts';
import type { CurveMaps } from './curveMap.ts';
import { evaluateExpression } from './evaluateExpression.ts';
import { expressionUnit } from './expressionUnit.ts';
import { parseExpression } from './parseExpression.ts';

/** Tags of these tests: what they are called, their unit, and a value. */
const TAGS: Readonly<Record<string, readonly [unit: string | undefined, value: number]>> = {
  t1: ['Cel', 20],
  t2: ['Cel', 70],
  tf: ['[degF]', 212],
  approach: ['K', 10],
  pk: ['kPa', 200],
  pb: ['bar', 5],
  gauge: ['bar{gauge}', 1],
  absolute: ['kPa{absolute}', 100],
  speed: ['/min', 3_000],
  valve: ['%', 50],
  flow: ['m3/h', 3_600],
  mass: ['kg/s', 2],
  heat: ['kJ/(kg.K)', 4],
  dB: ['dB', 3],
  odd: ['rpm', 1],
  plain: ['', 7],
  any: [undefined, 7],
  ratio: ['1', 0.5],
};
const MAPS: CurveMaps = new Map([
  [
    'head',
    {
      x: { unit: 'm3/s', values: Float64Array.of(0, 10) },
      y: { unit: '/min', values: Float64Array.of(0, 6_000) },
      z: { unit: 'kPa', values: Float64Array.of(0, 10, 100, 110) },
      outside: 'clamp' as const,
    },
  ],
]);

function check(text: string, wanted?: string) {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  return expressionUnit(parsed.value, { unitOf: (tag) => TAGS[tag][0], maps: MAPS, wanted });
}

function resultOf(text: string, wanted?: string): [number, string] {
  const checked = check(text, wanted);
  if (!checked.ok) throw new Error(checked.fault.detail);
  const { expression, unit } = checked.value;
  const result = evaluateExpression(
    expression,
    expression.tags.map((tag) => runOf([[0, TAGS[tag][1]]])),
    Float64Array.of(0),
    { maps: MAPS, windows: expression.windows.map(() => runOf([[0, 9]])) },
  );
  return [result.values[0], unit];
}

describe('units', () => {
  it.each<[text: string, wanted: string | undefined, value: number, unit?: string]>([
    ["'pk' + 'pb'", 'kPa', 700],
    ["'pb' - 'pk'", 'kPa', 300],
    ["'pk' < 'pb'", undefined, 1, ''],
    ["'pk' > 150", undefined, 1, ''],
    ["max('pk', 'pb')", undefined, 500, 'kPa'],
    ["if('valve' > 40, 'pb', 'pk')", undefined, 5, 'bar'],
    ["'pb' / 'pk'", undefined, 2.5, '1'],
    ["'valve' * 'flow'", 'm3/h', 1_800],
    ["'valve' / 2", undefined, 25, '%'],
    ["'flow' * 'pk'", 'kW', 200],
    ["'mass' * 'heat' * ('t2' - 't1')", 'kW', 400],
    ["sqrt('pb' / 'pk' * 10)", undefined, 5, '1'],
    ["pow('pk', 2) / 'pk'", 'kPa', 200],
    ["sqrt(pow('pk', 2))", 'bar', 2],
    ["pow('pb' / 'pk', 'ratio')", undefined, Math.sqrt(2.5), '1'],
    ["log('pb' / 'pk')", undefined, Math.log(2.5), ''],
    ['log(number(\'pk\', "bar"))', undefined, Math.log(2), ''],
    ["'speed'", 'Hz', 50],
    ["'plain' + 'pk'", 'kPa', 207],
    ["'any' * 't1' + 'any'", 'Cel', 147],
    ["map(\"head\", 'flow', 'speed')", 'kPa', 51],
    ["delta('t1', \"10min\") + 'approach'", undefined, 19, 'K'],
    ['rate(\'pk\', "1h")', 'kPa/s', 9],
    ['count(\'t1\', "1h") * 2', undefined, 18, ''],
  ])('%s', (text, wanted, expected, unit = wanted) => {
    const [value, given] = resultOf(text, wanted);
    expect(value).toBeCloseTo(expected, 9);
    expect(given).toBe(unit);
  });
});

describe('temperatures', () => {
  it.each<[text: string, wanted: string | undefined, value: number]>([
    ["'t2' - 't1'", 'K', 50],
    ["'t2' - 'tf'", 'K', -30],
    ["'t1' + 'approach'", 'Cel', 30],
    ["'t1' - 5", 'Cel', 15],
    ["'tf' - 'approach'", '[degF]', 194],
    ["'tf' == 100", undefined, 0],
    ["'tf' > 't2'", undefined, 1],
    ["absolute('t1')", undefined, 293.15],
    ["absolute('t1') * ('pb' / 'pk')", 'Cel', 293.15 * 2.5 - 273.15],
    ['number(\'tf\', "Cel") * 0.5 + 3', undefined, 53],
    ["min('t1', 'tf')", 'Cel', 20],
    ["'t1' + ('t2' - 't1') / 2", 'Cel', 45],
    ["if('speed' > 1, 't1', 'tf')", '[degF]', 68],
  ])('%s', (text, wanted, expected) => {
    expect(resultOf(text, wanted)[0]).toBeCloseTo(expected, 9);
  });
});

describe('what does not fit names the part and the remedy', () => {
  it.each<[text: string, wanted: string | undefined, detail: RegExp]>([
    ["1 + ('pk' + 'flow')", undefined, /^'pk' \+ 'flow': 'flow' is in m3\/h, which is no kPa;/],
    ["'pk' > 'flow'", undefined, /^'pk' > 'flow': 'flow' is in m3\/h/],
    ["'pk' * 2", 'Cel', /^the result: 'pk' \* 2 is in kPa, which is no Cel/],
    ["exp('pk')", undefined, /^exp\('pk'\) needs a plain number, and 'pk' is in kPa; .* number\('pk', "kPa"\)/],
    ["'t1' * 1.8", undefined, /^'t1' is a temperature in Cel, .* write absolute\('t1'\) .* number\('t1', "Cel"\)/],
    ["'t1' + 't2'", undefined, /^'t1' is a temperature in Cel, which has no ratio and no sum/],
    ["20 - 't1'", undefined, /^'t1' is a temperature/],
    ["-'t1'", undefined, /^'t1' is a temperature/],
    ["'t1' / 't2'", undefined, /^'t1' is a temperature/],
    ["sqrt('t1' - 5)", undefined, /^'t1' - 5 is a temperature/],
    ['sum(\'t1\', "1h")', undefined, /^sum\('t1', "3600s"\) is a temperature/],
    ["'t2' - 't1'", 'Cel', /^the result: 't2' - 't1' is a difference of temperatures, .* give it the unit K/],
    ["'gauge' + 'absolute'", undefined, /is not measured as what is in bar\{gauge\} is/],
    ["pow('pk', 'ratio')", undefined, /raises what is in kPa to a power that is not written as a number/],
    ['map("hed", \'flow\')', undefined, /asks for a map that there is not; the maps here are "head"/],
    ['map("head", \'flow\')', undefined, /gives 1 values to a table of 2/],
    ["map(\"head\", 'speed', 'flow')", undefined, /'speed' is in \/min, which is no m3\/s/],
    ["'odd' + 1", undefined, /"rpm" is no UCUM code; did you mean \/min\?/],
    ["'pk'", 'kp', /no UCUM code/],
    ["'dB' + 1", undefined, /level/],
  ])('%s as %s', (text, wanted, detail) => {
    const checked = check(text, wanted);
    expect(checked.ok ? '' : checked.fault.detail).toMatch(detail);
  });
});
