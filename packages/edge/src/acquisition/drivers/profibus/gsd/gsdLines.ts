/**
 * The statements of a GSD file: `Keyword = value`, `Keyword(3) = value`, or a keyword alone.
 *
 * A backslash at the end of a line joins the next one to it; a semicolon outside of quotation marks begins a comment.
 *
 * Source: Specification for PROFIBUS Device Description and Device Integration, volume 1: GSD, version 5.1.
 */

export interface GsdStatement {
  /** Where it begins; lines count from 1. */
  readonly line: number;
  /** In lower case: keywords may be written in any. */
  readonly keyword: string;
  /** The number in brackets behind the keyword; `undefined` where none stands there. */
  readonly index: number | undefined;
  /** What stands behind the equals sign; `undefined` where there is none. */
  readonly value: string | undefined;
}

export interface GsdDefect {
  readonly line: number;
  /** One sentence. */
  readonly detail: string;
}

/** `#Profibus_DP`, `1.5M_supp = 1`, `Unit_Diag_Bit(3) = "..."`; also `Bit(0) 0 0-1` and numbers alone, which concern parameters. */
const STATEMENT = /^(?<keyword>#?[\w.]+)\s*(?:\((?<index>[^)]*)\))?\s*(?:=(?<value>.*)|[^=].*)?$/s;
const LINE_END = /\r\n|\r|\n/;

export function readStatements(text: string): { readonly statements: GsdStatement[]; readonly defects: GsdDefect[] } {
  const statements: GsdStatement[] = [];
  const defects: GsdDefect[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(LINE_END);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const pieces = [withoutComment(lines[at])];
    while (pieces[pieces.length - 1].endsWith('\\') && at + 1 < lines.length) {
      pieces[pieces.length - 1] = pieces[pieces.length - 1].slice(0, -1);
      pieces.push(withoutComment(lines[++at]));
    }
    const joined = pieces.join('').trim();
    if (joined === '') continue;
    const { keyword, index = '', value } = STATEMENT.exec(joined)?.groups ?? {};
    if (keyword === undefined) {
      defects.push({ line, detail: `"${shortened(joined)}" is no statement such as Ident_Number = 0x00A2` });
      continue;
    }
    const number = parseNumber(index.trim());
    statements.push({
      line,
      keyword: keyword.toLowerCase(),
      index: Number.isNaN(number) ? undefined : number,
      value: value?.trim(),
    });
  }
  return { statements, defects };
}

/** Decimal or, behind `0x`, hexadecimal; `NaN` where it is neither. */
export function parseNumber(text: string): number {
  return /^(?:\d{1,10}|0x[\da-f]{1,8})$/i.test(text) ? Number(text) : Number.NaN;
}

/** What a person is shown of a text of any length. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === ';' && !quoted) return line.slice(0, at).trimEnd();
  }
  return line.trimEnd();
}
