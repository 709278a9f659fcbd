/** Prints defects the way compilers do, so that editors can jump to them: file by file, in the order of the lines. */

import { styleText } from 'node:util';
import type { Defect } from './defect.ts';

/** The stream that the report will be written to: it is coloured where that is a terminal (and NO_COLOR is not set). */
export interface ReportTarget {
  readonly isTTY?: boolean;
}

/** `file:line:column  message` and `hint: ...` for each defect, and the count; ends with a line feed. */
export function formatReport(defects: readonly Defect[], target: ReportTarget = {}): string {
  const { NO_COLOR } = process.env;
  const coloured = target.isTTY === true && !NO_COLOR;
  const paint = (style: 'bold' | 'red' | 'dim', text: string) =>
    coloured ? styleText(style, text, { validateStream: false }) : text;
  const byFile = Map.groupBy(defects, (defect) => defect.file);
  const groups = [...byFile.values()].map((group) =>
    group
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .map(({ file, line, column, message, hint }) => {
        const first = `${paint('bold', `${file}:${line}:${column}`)}  ${message}\n`;
        return hint === undefined ? first : `${first}    ${paint('dim', `hint: ${hint}`)}\n`;
      })
      .join(''),
  );
  const files = byFile.size === 1 ? '' : ` in ${byFile.size} files`;
  const count = `${defects.length} ${defects.length === 1 ? 'error' : 'errors'}${files}`;
  return `${groups.join('\n')}\n${paint('red', count)}\n`;
}
