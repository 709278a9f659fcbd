/** Several conditions as one expression: the text of the first that is true. */

import type { Expression, ExpressionNode } from './expressionNode.ts';
import type { TimeWindow } from './timeWindow.ts';
import { withLeaves } from './withLeaves.ts';

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
    return {
      condition: withLeaves(when.root, (leaf) => ({
        ...leaf,
        index: (leaf.kind === 'tag' ? tagAt : windowAt)[leaf.index],
      })),
      text,
    };
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

function placeIn(list: string[], item: string): number {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
}
