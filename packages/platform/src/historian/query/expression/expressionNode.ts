/** What an expression is made of, once it has been read and found right. */

import type { ExpressionFunction } from './expressionFunctions.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type ExpressionNode =
  | { readonly kind: 'constant'; readonly value: number | string }
  /** `index` is the place of the tag in `Expression.tags`. */
  | { readonly kind: 'tag'; readonly index: number }
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
  | { readonly kind: 'call'; readonly name: ExpressionFunction; readonly operands: readonly ExpressionNode[] };

export interface Expression {
  readonly text: string;
  /** The names of the tags that the expression reads, each once, in the order of the text. */
  readonly tags: readonly string[];
  readonly root: ExpressionNode;
}
