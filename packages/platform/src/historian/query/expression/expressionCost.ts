/** How much work an expression is, so that none runs long: every row of an evaluation costs the same. */

import { type Expression, type ExpressionNode, nodesOf } from './expressionNode.ts';
import { WINDOW_SEGMENTS } from './windowSegments.ts';

/**
 * Steps that one evaluation may take: at some 5 ns each, half a second. What would take more is refused before it begins.
 */
export const MAX_EVALUATION_STEPS = 100_000_000;
/** A look-up halves an axis again and again. */
const MAP_STEPS = 16;

/** Steps for each row: an upper bound, because nothing in the language repeats. */
export function stepsPerRow({ root }: Expression): number {
  let steps = 0;
  for (const node of nodesOf(root)) steps += stepsOf(node);
  return steps;
}

/** Why an expression is not evaluated over so many rows, as a sentence; `undefined` where it may be. */
export function costDefect(expression: Expression, rows: number): string | undefined {
  const steps = stepsPerRow(expression);
  if (steps * rows <= MAX_EVALUATION_STEPS) return undefined;
  return `It would run long: ${steps} steps for each of ${rows} rows, of at most ${MAX_EVALUATION_STEPS} in all.`;
}

function stepsOf(node: ExpressionNode): number {
  if (node.kind === 'window') return WINDOW_SEGMENTS;
  return node.kind === 'map' ? MAP_STEPS : 1;
}
