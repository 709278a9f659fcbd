import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Defect, makeDefect } from './defect.ts';
import { formatReport } from './formatReport.ts';

const DEFECTS: readonly Defect[] = [
  makeDefect('config.invalid', 'b.csv', { line: 9, column: 2 }, 'low is not below high'),
  makeDefect('config.unknown-key', 'a.yaml', { line: 3, column: 1 }, 'unknown key "prot"', 'did you mean "port"?'),
  makeDefect('config.invalid', 'b.csv', { line: 2, column: 7 }, 'no such scan class'),
];

const REPORT = `b.csv:2:7  no such scan class
b.csv:9:2  low is not below high

a.yaml:3:1  unknown key "prot"
    hint: did you mean "port"?

3 errors in 2 files
`;

describe('a report', () => {
  it('names every defect in the order of the lines, grouped by file, and counts them', () => {
    expect(formatReport(DEFECTS)).toBe(REPORT);
  });

  it('speaks of one error in the singular', () => {
    expect(formatReport(DEFECTS.slice(0, 1))).toBe('b.csv:9:2  low is not below high\n\n1 error\n');
  });

  it('is coloured on a terminal only', () => {
    const coloured = formatReport(DEFECTS, { isTTY: true });
    expect(coloured).not.toBe(REPORT);
    expect(stripVTControlCharacters(coloured)).toBe(REPORT);
    expect(formatReport(DEFECTS, { isTTY: false })).toBe(REPORT);
  });
});
