import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runOf } from '../testbed/sampleRuns.ts';
import { type CurveMap, curveMapDefect, mapValue } from './curveMap.ts';
import { evaluateExpression } from './evaluateExpression.ts';
import { parseExpression } from './parseExpression.ts';

const axis = (...values: number[]) => ({ unit: '', values: Float64Array.from(values) });
const CURVE: CurveMap = { x: axis(0, 10, 30), z: axis(5, 15, 11), outside: 'clamp' };
/** Rows of the grid are those of y. */
const GRID: CurveMap = { x: axis(0, 10, 20), y: axis(1, 3), z: axis(0, 10, 20, 100, 110, 140), outside: 'bad' };

it.each([
  ['at a point', CURVE, 10, 0, 15, false],
  ['between points', CURVE, 20, 0, 13, false],
  ['at the ends', CURVE, 30, 0, 11, false],
  ['below', CURVE, -1, 0, 5, true],
  ['above', CURVE, 31, 0, 11, true],
  ['at a corner', GRID, 20, 3, 140, false],
  ['in the middle of a cell', GRID, 15, 2, (10 + 20 + 110 + 140) / 4, false],
  ['on an edge', GRID, 10, 2, 60, false],
  ['outside in y alone', GRID, 10, 4, 110, true],
  ['outside in both', GRID, 99, -9, 20, true],
])('a table %s', (_, map, x, y, value, isOutside) => {
  expect(mapValue(map, x, y, { value: 0, isOutside: false })).toEqual({ value, isOutside });
});

it('a bilinear table gives what a plane is everywhere inside', () => {
  const plane = (x: number, y: number) => 2 + 3 * x - 4 * y;
  const rising = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 6 });
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(rising, rising, part, part, (xs, ys, p, q) => {
      const [x, y] = [axis(...xs.toSorted((a, b) => a - b)), axis(...ys.toSorted((a, b) => a - b))];
      const z = axis(...[...y.values].flatMap((b) => [...x.values].map((a) => plane(a, b))));
      const at = (values: Float64Array, part: number) => values[0] + part * (values[values.length - 1] - values[0]);
      const [a, b] = [at(x.values, p), at(y.values, q)];
      const reading = mapValue({ x, y, z, outside: 'clamp' }, a, b, { value: 0, isOutside: false });
      expect(reading.value).toBeCloseTo(plane(a, b), 9);
    }),
  );
});

it.each([
  [{ ...CURVE, x: axis(0) }, 'its axis x needs at least two values'],
  [{ ...CURVE, x: axis(0, 10, 10) }, 'its axis x must rise strictly, which 10 at place 3 does not'],
  [{ ...GRID, y: axis(3, 1) }, 'its axis y must rise strictly, which 1 at place 2 does not'],
  [{ ...CURVE, x: axis(0, Number.NaN, 2) }, 'its axis x must rise strictly, which NaN at place 2 does not'],
  [{ ...CURVE, z: axis(1, 2) }, 'it has 2 values where its axes want 3'],
  [{ ...CURVE, z: axis(1, 2, Number.POSITIVE_INFINITY) }, 'one of its values is no finite number'],
  [GRID, undefined],
])('a defect of a table %#', (map, defect) => {
  expect(curveMapDefect(map)).toBe(defect);
});

it('in an expression a table is called by name, and says where it ends', () => {
  const maps = new Map([
    ['curve', CURVE],
    ['grid', GRID],
  ]);
  const evaluate = (text: string, x: number, y: number, status = 0) => {
    const parsed = parseExpression(text);
    if (!parsed.ok) throw new Error(parsed.fault.detail);
    const columns = [runOf([[0, x, status]]), runOf([[0, y]])].slice(0, parsed.value.tags.length);
    const { values, kinds, statuses } = evaluateExpression(parsed.value, columns, Float64Array.of(0), { maps });
    return [kinds[0] === 1 ? values[0] : null, (statuses[0] & 0xffff0000) >>> 0];
  };
  expect(evaluate(`map("curve", 'x') + 1`, 20, 0)).toEqual([14, STATUS.Good]);
  expect(evaluate(`map("curve", 'x')`, 99, 0)).toEqual([11, STATUS.UncertainEngineeringUnitsExceeded]);
  expect(evaluate(`map("curve", 'x')`, 99, 0, STATUS.UncertainSubNormal)).toEqual([11, STATUS.UncertainSubNormal]);
  expect(evaluate(`map("grid", 'x', 'y')`, 15, 2)).toEqual([70, STATUS.Good]);
  expect(evaluate(`map("grid", 'x', 'y')`, 15, 4)).toEqual([null, STATUS.BadOutOfRange]);
  expect(evaluate(`map("grid", 'x')`, 15, 2)).toEqual([null, STATUS.BadConfigurationError]);
  expect(evaluate(`map("nothing", 'x')`, 15, 2)).toEqual([null, STATUS.BadConfigurationError]);
});
