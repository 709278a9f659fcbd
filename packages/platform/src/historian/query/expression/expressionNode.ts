/** What an expression is made of, once it has been read and found right. */

import type { ExpressionFunction } from './expressionFunctions.ts';
import type { TimeWindow } from './timeWindow.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type ExpressionNode =
  | { readonly kind: 'constant'; readonly value: number | string }
  /** `index` is the place of the tag in `Expression.tags`. */
  | { readonly kind: 'tag'; readonly index: number }
  /** `index` is the place of the window in `Expression.windows`. */
  | { readonly kind: 'window'; readonly index: number }
  | { readonly kind: 'negative' | 'not'; readonly operand: ExpressionNode }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    }
  | { readonly kind: 'and' | 'or'; readonly left: ExpressionNode; readonly right: ExpressionNode }
  | { readonly kind: 'call'; readonly name: ExpressionFunction; readonly operands: readonly ExpressionNode[] }
  /** A curve over one operand, or a map over two; they are given to the evaluation by name. */
  | { readonly kind: 'map'; readonly name: string; readonly operands: readonly ExpressionNode[] }
  /** The number that a quantity is in a unit: kelvin for `absolute`. What it takes to get there is found by `expressionUnit`. */
  | {
      readonly kind: 'inUnit';
      readonly call: 'absolute' | 'number';
      readonly unit: string;
      readonly operand: ExpressionNode;
    }
  /** `operand * scale + offset`: a conversion between units, which nobody writes and `expressionUnit` puts in. */
  | { readonly kind: 'convert'; readonly operand: ExpressionNode; readonly scale: number; readonly offset: number }
  /** No value, and the bad status that says why: what stands for a tag that there is not. */
  | { readonly kind: 'absent'; readonly status: number };

export interface Expression {
  readonly text: string;
  /** The names of the tags that the expression reads, each once, in the order of the text. */
  readonly tags: readonly string[];
  /** The stretches of time that it looks back over, each once. */
  readonly windows: readonly TimeWindow[];
  readonly root: ExpressionNode;
}

/** The parts directly below a node. */
export function partsOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case 'constant':
    case 'tag':
    case 'window':
    case 'absent':
      return [];
    case 'negative':
    case 'not':
    case 'inUnit':
    case 'convert':
      return [node.operand];
    case 'call':
    case 'map':
      return node.operands;
    default:
      return [node.left, node.right];
  }
}

/** The node and all below it. */
export function* nodesOf(root: ExpressionNode): Generator<ExpressionNode, void, undefined> {
  yield root;
  for (const part of partsOf(root)) yield* nodesOf(part);
}
