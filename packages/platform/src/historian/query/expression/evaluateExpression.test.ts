import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS, severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../../archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../testbed/sampleRuns.ts';
import { evaluateExpression } from './evaluateExpression.ts';
import { parseExpression } from './parseExpression.ts';

const { Good, Uncertain, BadTimeout, BadSensorFailure, BadOutOfRange, BadTypeMismatch } = STATUS;
const CALCULATED_BITS = 0x0401;

/** What an expression comes to over one row of tags, which are given in the order in which it names them. */
function evaluate(text: string, ...tags: (readonly [SampleValue, number?])[]): [SampleValue, string] {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  const result = evaluateExpression(
    parsed.value,
    tags.map(([value, status]) => runOf([[0, value, status!]])),
    Float64Array.of(0),
  );
  const status = result.statuses[0];
  if (severityOf(status) !== 'bad') expect(status & 0xffff).toBe(CALCULATED_BITS);
  return [valueAt(result, 0), statusName(status)];
}

it.each<[string, SampleValue, ...(readonly [SampleValue, number?])[]]>([
  ['1 + 2 * 3 - 8 / 4 % 3', 5],
  ['-(2 - 5)', 3],
  ["'a' * 1.8 + 32", 212, [100]],
  ["'a' - 'b' - 'a'", -7, [5], [7]],
  ['abs(-2) + ceil(1.2) + floor(1.8) + round(2.5) + sign(-9)', 7],
  ['round(-2.5)', -3],
  ['sqrt(16) + pow(2, 10) + exp(0) + log(1) + log10(1000)', 1_032],
  ['max(1, 5, 3) - min(4, 2)', 3],
  ['min(7)', 7],
  ["'a' > 1", 1, [2]],
  ["'a' >= 2 && 'a' <= 2 && 'a' == 2 && !('a' != 2) && !('a' < 2)", 1, [2]],
  [`'a' == "on"`, 1, ['on']],
  [`'a' != "on"`, 1, ['off']],
  [`'a' < "b"`, 1, ['a']],
  [`'a' == 'b'`, 1, ['x'], ['x']],
  [`'a' == "1"`, 0, [1]],
  [`'a' != "1"`, 1, [1]],
  [`if('a' > 1, "high", "low")`, 'high', [2]],
  [`'a' > 1 ? 'b' : "low"`, 'low', [0], ['x']],
  ['true + true', 2],
  ['!0 + !7', 1],
  ["bad('a') + 10 * good('a') + 100 * uncertain('a')", 1, [null, BadTimeout]],
  ["bad('a') + 10 * good('a') + 100 * uncertain('a')", 10, [5]],
  ["bad('a') + 10 * good('a') + 100 * uncertain('a')", 100, [5, Uncertain]],
  ["bad('a')", 1, [null, Good]],
  ["status('a')", BadTimeout, [null, BadTimeout]],
  ["if(bad('a'), 'b', 'a')", 7, [null, BadTimeout], [7]],
  ["'a' > 1 && 'b' > 1", 0, [0], [null, BadTimeout]],
  ["'b' > 1 && 'a' > 1", 0, [null, BadTimeout], [0]],
  ["'a' > 1 || 'b' > 1", 1, [2], [null, BadTimeout]],
  ["if('a', 'b', 'c')", 5, [1], [5], [null, BadTimeout]],
])('%s is %s, and good', (text, value, ...tags) => {
  expect(evaluate(text, ...tags)).toEqual([value, 'Good']);
});

it.each<[string, SampleValue, number, ...(readonly [SampleValue, number?])[]]>([
  ["'a' + 'b'", 3, Uncertain, [1], [2, Uncertain]],
  ["'a' + 'b'", null, BadTimeout, [1, Uncertain], [null, BadTimeout]],
  ["'a' + 'b'", null, BadTimeout, [null, BadTimeout], [null, BadSensorFailure]],
  ["'a' + 1", null, BadSensorFailure, [5, BadSensorFailure]],
  ["'a' == 'b'", null, BadTimeout, ['x'], [null, BadTimeout]],
  ["'a' && 'b'", null, BadTimeout, [1], [null, BadTimeout]],
  ["'a' || 'b'", null, BadTimeout, [0], [null, BadTimeout]],
  ["'a' && 'b'", 0, Uncertain, [1], [0, Uncertain]],
  ["if('a', 1, 2)", null, BadTimeout, [null, BadTimeout]],
  ["if('a', 'b', 2)", 5, Uncertain, [1, Uncertain], [5]],
  ["1 / 'a'", null, BadOutOfRange, [0]],
  ["sqrt('a')", null, BadOutOfRange, [-1]],
  ["'a' + 1", null, BadTypeMismatch, ['x']],
  ["'a' < 1", null, BadTypeMismatch, ['x']],
  ["'a' && 1", null, BadTypeMismatch, ['x']],
  ["if('a', 1, 2)", null, BadTypeMismatch, ['x']],
  ["!'a'", null, BadTypeMismatch, ['x']],
])('%s is %s with status %i', (text, value, status, ...tags) => {
  expect(evaluate(text, ...tags)).toEqual([value, statusName(status)]);
});

/** A value with its status, reckoned with one at a time; no value where the status is bad. */
interface Slow {
  readonly value: number;
  readonly severity: number;
}
type SlowExpression = (row: readonly Slow[]) => Slow;
const NO_VALUE: Slow = { value: 0, severity: 2 };

const slow =
  (reckon: (...values: number[]) => number, ...parts: SlowExpression[]): SlowExpression =>
  (row) => {
    const operands = parts.map((part) => part(row));
    const severity = Math.max(...operands.map((operand) => operand.severity));
    const value = reckon(...operands.map((operand) => operand.value));
    return severity > 1 || !Number.isFinite(value) ? NO_VALUE : { value, severity };
  };
const slowLogic =
  (left: SlowExpression, right: SlowExpression, decisive: number): SlowExpression =>
  (row) => {
    const sides = [left(row), right(row)].filter(
      ({ value, severity }) => severity < 2 && Number(value !== 0) === decisive,
    );
    if (sides.length > 0) return { value: decisive, severity: Math.min(...sides.map((side) => side.severity)) };
    const severity = Math.max(left(row).severity, right(row).severity);
    return severity > 1 ? NO_VALUE : { value: 1 - decisive, severity };
  };

/** Text and meaning of random expressions over the tags 0, 1 and 2. */
const { expression } = fc.letrec<{ expression: [string, SlowExpression] }>((tie) => {
  const binary = fc.tuple(tie('expression'), tie('expression'));
  const of = (operator: string, reckon: (a: number, b: number) => number) =>
    binary.map(([[a, x], [b, y]]): [string, SlowExpression] => [`(${a} ${operator} ${b})`, slow(reckon, x, y)]);
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      fc.integer({ min: 0, max: 2 }).map((tag): [string, SlowExpression] => [`'${tag}'`, (row) => row[tag]]),
      fc
        .integer({ min: 0, max: 9 })
        .map((value): [string, SlowExpression] => [`${value}`, () => ({ value, severity: 0 })]),
      of('+', (a, b) => a + b),
      of('*', (a, b) => a * b),
      of('/', (a, b) => a / b),
      binary.map(([[a, x], [b, y]]): [string, SlowExpression] => [
        `if(${a} < ${b}, 1, 0)`,
        slow((c, d) => Number(c < d), x, y),
      ]),
      of('==', (a, b) => Number(a === b)),
      binary.map(([[a, x], [b, y]]): [string, SlowExpression] => [`(${a} && ${b})`, slowLogic(x, y, 0)]),
      binary.map(([[a, x], [b, y]]): [string, SlowExpression] => [`(${a} || ${b})`, slowLogic(x, y, 1)]),
      tie('expression').map(([a, x]): [string, SlowExpression] => [`-${a}`, slow((value) => -value, x)]),
      tie('expression').map(([a, x]): [string, SlowExpression] => [
        `bad(${a})`,
        (row) => ({ value: Number(x(row).severity > 1), severity: 0 }),
      ]),
    ),
  };
});

describe('against a slow reckoning', () => {
  it('row by row', () => {
    const count = 20;
    const column = fc
      .array(sampleRows(0), { minLength: count, maxLength: count })
      .map((lists) => lists.map((list, at): SampleRow => (list.length > 0 ? [at, list[0][1], list[0][2]!] : [at, at])));
    fc.assert(
      fc.property(expression, fc.tuple(column, column, column), ([text, meaning], tags) => {
        const parsed = parseExpression(text);
        if (!parsed.ok) return expect(text.length).toBeGreaterThan(1_000);
        const columns = parsed.value.tags.map((name) => runOf(tags[Number(name)]));
        const got = evaluateExpression(
          parsed.value,
          columns,
          Float64Array.from({ length: count }, (_, at) => at),
        );
        for (let row = 0; row < count; row++) {
          const operands = tags.map((tag): Slow => {
            const [, value, status = 0] = tag[row];
            return value === null || status >>> 30 > 1 ? NO_VALUE : { value: Number(value), severity: status >>> 30 };
          });
          const expected = meaning(operands);
          expect(Math.min(2, got.statuses[row] >>> 30)).toBe(expected.severity);
          if (expected.severity < 2) expect(got.values[row]).toBe(expected.value);
        }
      }),
      { numRuns: 500 },
    );
  });
});
