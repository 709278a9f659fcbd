/** A part of an expression as text, to name it where something is wrong with it. */

import type { Expression, ExpressionNode } from './expressionNode.ts';

const US_PER_S = 1_000_000;
const SYMBOLS = { and: '&&', or: '||', negative: '-', not: '!' } as const;

export function expressionText(node: ExpressionNode, expression: Pick<Expression, 'tags' | 'windows'>): string {
  const text = (part: ExpressionNode) => expressionText(part, expression);
  const inner = (part: ExpressionNode) => ('left' in part ? `(${text(part)})` : text(part));
  switch (node.kind) {
    case 'constant':
      return typeof node.value === 'string' ? `"${node.value}"` : String(node.value);
    case 'tag':
      return `'${expression.tags[node.index]}'`;
    case 'window': {
      const { aggregate, tag, widthUs } = expression.windows[node.index];
      return `${aggregate}('${expression.tags[tag]}', "${widthUs / US_PER_S}s")`;
    }
    case 'negative':
    case 'not':
      return `${SYMBOLS[node.kind]}${inner(node.operand)}`;
    case 'arithmetic':
    case 'comparison':
      return `${inner(node.left)} ${node.operator} ${inner(node.right)}`;
    case 'and':
    case 'or':
      return `${inner(node.left)} ${SYMBOLS[node.kind]} ${inner(node.right)}`;
    case 'call':
      return `${node.name}(${node.operands.map(text).join(', ')})`;
    case 'map':
      return `map(${[`"${node.name}"`, ...node.operands.map(text)].join(', ')})`;
    case 'inUnit':
      return node.call === 'absolute'
        ? `absolute(${text(node.operand)})`
        : `number(${text(node.operand)}, "${node.unit}")`;
    case 'convert':
      return text(node.operand);
    case 'absent':
      return 'nothing';
  }
}
