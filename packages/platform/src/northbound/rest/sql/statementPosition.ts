/**
 * Where in a statement the engine has found a mistake: its parser tells the place, and what comes behind the parser shows the
 * line, which it may have shortened, with a mark below.
 */

export interface StatementPosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

const TOLD_PLACE = /^Line (\d+), column (\d+):/;
const MARKED_LINE = /^LINE (\d+): (.*)\n( *)\^/m;
const ELLIPSIS = '...';

/** `undefined` where `detail` shows no place. */
export function statementPosition(sql: string, detail: string): StatementPosition | undefined {
  const told = TOLD_PLACE.exec(detail);
  if (told) return { line: Number(told[1]), column: Number(told[2]) };
  const found = MARKED_LINE.exec(detail);
  if (!found) return undefined;
  const [, number, excerpt, indent] = found;
  const line = Number(number);
  const inExcerpt = indent.length - `LINE ${number}: `.length;
  const text = sql.split('\n')[line - 1];
  if (text === undefined || inExcerpt < 0) return undefined;
  if (!excerpt.startsWith(ELLIPSIS)) return { line, column: inExcerpt + 1 };
  const shown = excerpt.slice(ELLIPSIS.length, excerpt.endsWith(ELLIPSIS) ? -ELLIPSIS.length : undefined);
  const start = text.indexOf(shown);
  return start < 0 ? undefined : { line, column: start + inExcerpt - ELLIPSIS.length + 1 };
}
