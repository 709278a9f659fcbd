/** An expression with something else where it reads tags and windows. */

import type { ExpressionNode } from './expressionNode.ts';

/** What an expression reads from outside. */
export type ExpressionLeaf = Extract<ExpressionNode, { kind: 'tag' | 'window' }>;

export function withLeaves(node: ExpressionNode, replace: (leaf: ExpressionLeaf) => ExpressionNode): ExpressionNode {
  const of = (part: ExpressionNode) => withLeaves(part, replace);
  switch (node.kind) {
    case 'tag':
    case 'window':
      return replace(node);
    case 'constant':
    case 'absent':
      return node;
    case 'negative':
    case 'not':
    case 'inUnit':
    case 'convert':
      return { ...node, operand: of(node.operand) };
    case 'call':
    case 'map':
      return { ...node, operands: node.operands.map(of) };
    default:
      return { ...node, left: of(node.left), right: of(node.right) };
  }
}
