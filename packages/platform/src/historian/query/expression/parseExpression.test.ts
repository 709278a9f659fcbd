import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EXPRESSION_FUNCTIONS, nearestFunction } from './expressionFunctions.ts';
import { MAX_EXPRESSION_LENGTH, parseExpression } from './parseExpression.ts';

it('names each tag once, in the order of the text, whatever stands in its name', () => {
  const result = parseExpression(`'b (2) <> x' + 'a = 1' * 'b (2) <> x' > 3 && 'a = 1' == "o'clock and = <>"`);
  expect(result.ok && result.value.tags).toEqual(['b (2) <> x', 'a = 1']);
});

it('multiplies before it adds, compares before it joins', () => {
  const result = parseExpression(`-'a' + 2 * 3 < 4 && !true || bad('a')`);
  const number = (value: number) => ({ kind: 'constant', value });
  const sum = {
    ...{ kind: 'arithmetic', operator: '+', left: { kind: 'negative', operand: { kind: 'tag', index: 0 } } },
    right: { kind: 'arithmetic', operator: '*', left: number(2), right: number(3) },
  };
  const comparison = { kind: 'comparison', operator: '<', left: sum, right: number(4) };
  expect(result.ok && result.value.root).toEqual({
    ...{ kind: 'or', left: { kind: 'and', left: comparison, right: { kind: 'not', operand: number(1) } } },
    right: { kind: 'call', name: 'bad', operands: [{ kind: 'tag', index: 0 }] },
  });
});

it('a conditional is the function "if"', () => {
  const [short, long] = [`'a' > 1 ? "x" : "y"`, `if('a' > 1, "x", "y")`].map(parseExpression);
  expect(short.ok && short.value.root).toEqual(long.ok && long.value.root);
});

it.each([
  ['', 1, 'it is empty'],
  ['   ', 1, 'it is empty'],
  ["'a' = 1", 5, 'write == for "equal"'],
  ["'a' <> 1", 5, 'write != for "not equal"'],
  ["'a' === 1", 5, 'write == or !='],
  ["'a' ^ 2", 5, 'write pow(base, exponent)'],
  ["'a' ** 2", 5, 'write pow(base, exponent)'],
  ["'a' and 'b'", 5, 'write && for "and"'],
  ["'a' AND 'b'", 5, 'write && for "and"'],
  ["not 'a'", 1, 'write ! for "not"'],
  ["'a' & 1", 5, 'write && for "and"'],
  ['`a` > 1', 1, 'write the name of a tag in single quotes'],
  ["'a' ?? 1", 5, 'this cannot be used'],
  ["'a'; 1", 4, 'this cannot be used'],
  ["'a'[0]", 4, 'this cannot be used'],
  ['1 + flow', 5, `"flow" is nothing; if it is a tag, write 'flow'`],
  ['this', 1, 'this cannot be used'],
  ["'a'.constructor", 4, 'nothing has properties'],
  ['1 + null', 5, 'null is no value'],
  ['1e999', 1, '1e999 is no value'],
  ["1 + sqr('a')", 5, 'there is no function "sqr"; did you mean sqrt'],
  ["fetch('a')", 1, /^there is no function "fetch"; the functions are abs ceil/],
  ["constructor('a')", 1, /^there is no function "constructor"; the functions are/],
  ["abs('a')('b')", 1, 'only functions are called'],
  ["abs('a', 1)", 1, 'abs takes 1 values, not 2'],
  ['max()', 1, 'max takes 1 to 16 values, not 0'],
  ["1 < 'a' < 3", 9, 'write a < b && b < c'],
  ["'a' 'b'", 5, 'an operator is missing'],
  ["'a' + ''", 7, 'a tag needs a name'],
  ["'a' +", 6, /^expected expression/],
  ["('a'", 5, /^unclosed \(/],
  ["'a", 3, /^unclosed quote/],
  ["'a\\' + 1", 3, 'a backslash cannot be used'],
  [`${'('.repeat(300)}1${')'.repeat(300)}`, 251, 'it is nested too deeply'],
  [`${'-'.repeat(300)}1`, 1, 'it is nested too deeply'],
] as const)('%s', (text, character, reason) => {
  const result = parseExpression(text);
  if (result.ok) throw new Error('It was read.');
  expect(result.fault.code).toBe('expression.invalid');
  const [, at, detail] = /^At character (\d+): (.*)\.$/s.exec(result.fault.detail)!;
  expect(detail).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
  expect(Number(at)).toBe(character);
});

it.each([
  [`avg('a')`, /avg takes a 'tag' and a length of time from "1ms" to "31d"/],
  [`avg('a' + 1, "1h")`, /avg takes a 'tag'/],
  [`max('a', "1 fortnight")`, /max takes a 'tag'/],
  [`min('a', "32d")`, /min takes a 'tag'/],
  [`map('a')`, /map takes the "name" of a curve/],
  [`map("a")`, /map takes the "name" of a curve/],
  [`number('a')`, /number takes 2 values, not 1/],
  [`number('a', 'b')`, /number takes a value and a "unit"/],
  [`absolute('a', 'b')`, /absolute takes 1 values, not 2/],
])('%s is refused', (text, detail) => {
  const result = parseExpression(text);
  expect(result.ok ? '' : result.fault.detail).toMatch(detail);
});

it('a window is a length of time, once however often it is asked for', () => {
  const result = parseExpression(`avg('b', "10m") + min('a', "10min") + avg('b', "600s") + max('a', 'b')`);
  expect(result.ok && result.value.windows).toEqual([
    { aggregate: 'avg', tag: 0, widthUs: 600e6 },
    { aggregate: 'min', tag: 1, widthUs: 600e6 },
  ]);
});

it('an expression of any length has a limit', () => {
  expect(parseExpression('1+'.repeat(MAX_EXPRESSION_LENGTH)).ok).toBe(false);
});

it.each([
  ['SQRT', 'sqrt'],
  ['flor', 'floor'],
  ['average', undefined],
  ['xy', undefined],
])('%s was meant for %s', (name, nearest) => {
  expect(nearestFunction(name)).toBe(nearest);
});

it('any text is an expression or a fault', () => {
  const words = [
    "'a'",
    '"b"',
    '1',
    '.5',
    '(',
    ')',
    ',',
    '?',
    ':',
    '.',
    '[',
    ' ',
    'x',
    "'",
    '"',
    '\\',
    '`',
    'true',
    '@',
  ];
  const operators = ['+', '-', '*', '/', '%', '==', '=', '!', '<', '>', '&', '|', '&&', '||', '^', '~'];
  const near = fc.array(fc.constantFrom(...words, ...operators, ...Object.keys(EXPRESSION_FUNCTIONS)), {
    maxLength: 30,
  });
  const texts = fc.oneof(
    fc.string(),
    near.map((parts) => parts.join('')),
    near.map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseExpression(text);
      if (!result.ok) expect(result.fault.code).toBe('expression.invalid');
    }),
    { numRuns: 5_000 },
  );
});
