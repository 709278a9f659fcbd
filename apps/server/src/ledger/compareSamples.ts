/** Compares three accounts of the same samples: what was signed, what the archive took in, and what it answers. */

import type { ProofEdit, ProofRow } from './proofLine.ts';
import { timeText } from './timeText.ts';

export interface ComparedSamples {
  readonly counts: {
    readonly signed: number;
    /** Signed, and in the archive as it was signed. */
    readonly equal: number;
    /** Signed, and not in the archive; and the other way round. */
    readonly missing: number;
    readonly extra: number;
    /** Where the answer differs from what the archive took in, because somebody has edited it; and because of nothing. */
    readonly edited: number;
    readonly altered: number;
  };
  readonly findings: readonly string[];
}

export interface AnsweredSamples {
  readonly stored: readonly ProofRow[];
  readonly answered: readonly ProofRow[];
  readonly edits: readonly ProofEdit[];
}

export function compareSamples(
  signed: readonly ProofRow[],
  { stored, answered, edits }: AnsweredSamples,
): ComparedSamples {
  const findings: string[] = [];
  const kept = differenceOf(signed, stored);
  for (const row of kept.left) findings.push(`signed, and not in the archive: ${textOf(row)}`);
  for (const row of kept.right) findings.push(`in the archive, and not signed: ${textOf(row)}`);
  const told = differenceOf(stored, answered);
  let edited = 0;
  let altered = 0;
  const tell = (row: ProofRow, what: string) => {
    if (edits.some(({ ranges }) => ranges.some(([from, to]) => row[0] >= from && row[0] < to))) {
      edited++;
      return;
    }
    altered++;
    findings.push(`${what}, and nobody has edited it: ${textOf(row)}`);
  };
  for (const row of told.left) tell(row, 'the archive holds it, and does not answer it');
  for (const row of told.right) tell(row, 'the archive answers it, and does not hold it');
  const [missing, extra] = [kept.left.length, kept.right.length];
  const counts = { signed: signed.length, equal: signed.length - missing, missing, extra, edited, altered };
  return { counts, findings };
}

/** Rows that only one side has, each as often as it has them more often. */
function differenceOf(left: readonly ProofRow[], right: readonly ProofRow[]) {
  const counts = new Map<string, number>();
  for (const row of right) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  const onlyLeft = left.filter((row) => !takeOne(counts, row));
  return { left: onlyLeft, right: right.filter((row) => takeOne(counts, row)) };
}

function takeOne(counts: Map<string, number>, row: ProofRow): boolean {
  const key = keyOf(row);
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}

function keyOf(row: ProofRow): string {
  return JSON.stringify(row);
}

function textOf([time, value, status]: ProofRow): string {
  return `${timeText(time)} ${JSON.stringify(value)} (status ${status})`;
}
