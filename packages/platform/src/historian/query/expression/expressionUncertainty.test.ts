import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runOf } from '../testbed/sampleRuns.ts';
import { costDefect, MAX_EVALUATION_STEPS, stepsPerRow } from './expressionCost.ts';
import { expressionUncertainty } from './expressionUncertainty.ts';
import { parseExpression } from './parseExpression.ts';

function expressionOf(text: string) {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  return parsed.value;
}

function uncertaintyOf(text: string, ...inputs: (readonly [value: number, uncertainty: number])[]): number {
  const columns = inputs.map(([value]) => runOf([[0, value]]));
  const uncertainties = inputs.map(([, uncertainty]) => Float64Array.of(uncertainty));
  return expressionUncertainty(expressionOf(text), columns, uncertainties, Float64Array.of(0))[0];
}

it.each<[string, number, ...(readonly [number, number])[]]>([
  ["'a' + 'b'", 5, [1, 3], [1, 4]],
  ["3 * 'a'", 6, [10, 2]],
  // GUM 5.1.6: for a product the squares of the relative uncertainties add.
  ["'a' * 'b'", 200 * Math.hypot(0.1, 0.05), [10, 1], [20, 1]],
  ["'a' - 'a'", 0, [10, 1]],
  ["if('a' > 0, 'b', 1)", 2, [5, 1], [7, 2]],
  ["'a' + 1", 0, [5, 0]],
])('%s has the standard uncertainty %f', (text, expected, ...inputs) => {
  expect(uncertaintyOf(text, ...inputs)).toBeCloseTo(expected, 9);
});

it('is unknown where the expression has no value beside the input', () => {
  expect(uncertaintyOf("1 / ('a' - 1)", [0, 1])).toBeNaN();
});

it('agrees with many draws where the expression is nearly a line', () => {
  const normal = (seed: number) => Math.sqrt(-2 * Math.log(((seed * 7_919) % 9_973) / 9_973 + 1e-9));
  const u = (value: number) => value * 0.01;
  fc.assert(
    fc.property(fc.double({ min: 1, max: 9, noNaN: true }), fc.double({ min: 1, max: 9, noNaN: true }), (a, b) => {
      const got = uncertaintyOf("sqrt('a') * 'b'", [a, u(a)], [b, u(b)]);
      let squares = 0;
      for (let draw = 1; draw <= 400; draw++) {
        const [r, angle] = [normal(draw), (draw * 2.399963) % (2 * Math.PI)];
        const value = Math.sqrt(a + u(a) * r * Math.cos(angle)) * (b + u(b) * r * Math.sin(angle));
        squares += (value - Math.sqrt(a) * b) ** 2;
      }
      expect(Math.sqrt(squares / 400) / got).toBeGreaterThan(0.8);
      expect(Math.sqrt(squares / 400) / got).toBeLessThan(1.25);
    }),
    { numRuns: 20 },
  );
});

it('an expression that would run long is refused before it begins', () => {
  expect(stepsPerRow(expressionOf("'a' + 2 * 'b'"))).toBe(5);
  expect(stepsPerRow(expressionOf('avg(\'a\', "1h")'))).toBe(128);
  expect(costDefect(expressionOf("'a' + 1"), MAX_EVALUATION_STEPS / 3)).toBeUndefined();
  expect(costDefect(expressionOf("'a' + 1"), MAX_EVALUATION_STEPS / 2)).toMatch(/^It would run long: 3 steps/);
});
