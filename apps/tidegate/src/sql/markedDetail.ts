/** What is wrong with a statement, with the line that has the mistake and a mark below it. */

import type { Problem } from '../serverApi/answers.ts';

const MARK = /\n *\^/;

export function markedDetail(sql: string, { detail, position }: Pick<Problem, 'detail' | 'position'>): string {
  // What comes from behind the engine's parser has a line with a mark already.
  if (!position || MARK.test(detail)) return detail;
  const line = sql.split('\n')[position.line - 1] ?? '';
  return `${detail}\n${line}\n${' '.repeat(position.column - 1)}^`;
}
