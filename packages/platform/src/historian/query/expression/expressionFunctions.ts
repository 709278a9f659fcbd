/** The functions that an expression may call. There are no others. */

/** Of each function how many operands it takes at least and at most. */
export const EXPRESSION_FUNCTIONS = {
  abs: [1, 1],
  ceil: [1, 1],
  exp: [1, 1],
  floor: [1, 1],
  /** Natural logarithm. */
  log: [1, 1],
  log10: [1, 1],
  max: [1, 16],
  min: [1, 16],
  /** Base and exponent. */
  pow: [2, 2],
  /** To the nearest whole number, halves away from 0. */
  round: [1, 1],
  sign: [1, 1],
  sqrt: [1, 1],
  /** Condition, what is true, what is false. */
  if: [3, 3],
  /** Whether a value is missing or has a bad status, is good, is uncertain; and its 32 bits of status as a number. */
  bad: [1, 1],
  good: [1, 1],
  uncertain: [1, 1],
  status: [1, 1],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

export type ExpressionFunction = keyof typeof EXPRESSION_FUNCTIONS;

export function isExpressionFunction(name: string): name is ExpressionFunction {
  return Object.hasOwn(EXPRESSION_FUNCTIONS, name);
}

/** The function that a misspelt name was probably meant for: at most two letters differ. */
export function nearestFunction(name: string): ExpressionFunction | undefined {
  const candidates = Object.keys(EXPRESSION_FUNCTIONS) as ExpressionFunction[];
  const distances = candidates.map((candidate) => editDistance(name.toLowerCase(), candidate));
  const least = Math.min(...distances);
  return least <= 2 && least < name.length ? candidates[distances.indexOf(least)] : undefined;
}

/** The least number of letters inserted, left out or replaced that turns `a` into `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const next = [row + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1] + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, last[column] + 1, next[column - 1] + 1));
    }
    last = next;
  }
  return last[b.length];
}
