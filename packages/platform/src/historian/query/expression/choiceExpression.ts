/** Several conditions as one expression: the text of the first that is true. */

import type { Expression, ExpressionNode } from './expressionNode.ts';
import type { TimeWindow } from './timeWindow.ts';

export interface ChoiceCase {
  readonly when: Expression;
  readonly text: string;
}

export function choiceExpression(cases: readonly ChoiceCase[], otherwise: string): Expression {
  const tags: string[] = [];
  const windows: TimeWindow[] = [];
  const branches = cases.map(({ when, text }) => {
    const tagAt = when.tags.map((tag) => placeIn(tags, tag));
    const windowAt = when.windows.map((window) => windows.push({ ...window, tag: tagAt[window.tag] }) - 1);
    return { condition: moved(when.root, tagAt, windowAt), text };
  });
  const root = branches.reduceRight<ExpressionNode>(
    (rest, { condition, text: value }) => {
      return { kind: 'call', name: 'if', operands: [condition, { kind: 'constant', value }, rest] };
    },
    { kind: 'constant', value: otherwise },
  );
  const whole = cases.map(({ when, text }) => `${when.text} ? "${text}" : `).join('');
  return { text: `${whole}"${otherwise}"`, tags, windows, root };
}

/** The same node where its tags and windows have other places. */
function moved(node: ExpressionNode, tagAt: readonly number[], windowAt: readonly number[]): ExpressionNode {
  const of = (part: ExpressionNode) => moved(part, tagAt, windowAt);
  switch (node.kind) {
    case 'constant':
      return node;
    case 'tag':
      return { ...node, index: tagAt[node.index] };
    case 'window':
      return { ...node, index: windowAt[node.index] };
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

function placeIn(list: string[], item: string): number {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
}
