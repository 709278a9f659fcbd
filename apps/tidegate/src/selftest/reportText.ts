/** The report of a self-test for people: what failed first, then what could not be looked at, then what was proved. */

import type { Check, Verdict } from '@tidegate/process/selftest/check.ts';
import type { SelftestReport } from './signedReport.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  failed: 'FAILED',
  unchecked: 'NOT CHECKED',
  proved: 'proved',
  noted: 'noted',
  elsewhere: 'not checked here',
};
const ORDER = Object.keys(WORDS) as Verdict[];

/** Ends with a line feed. */
export function reportText({ at, host, version, gateway, server, checks }: SelftestReport): string {
  const sides = [
    gateway === null ? 'no gateway' : `gateway ${gateway}`,
    server === null ? 'no server' : `server ${server}`,
  ];
  const sorted = checks.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const head = `Tidegate ${version}, self-test at ${at} on ${host}: ${sides.join(', ')}`;
  return plain(`${[head, '', ...sorted.flatMap(checkLines), '', summaryOf(checks)].join('\n')}\n`);
}

function checkLines({ id, control, clauses, did, seen, verdict }: Check): string[] {
  const head = `${WORDS[verdict]}  ${control}  [${id}; ${clauses.join(', ')}]`;
  if (verdict === 'elsewhere') return [`${head}: ${seen}`];
  return verdict === 'unchecked' ? [head, `    ${seen}`] : [head, `    did: ${did}`, `    saw: ${seen}`];
}

function summaryOf(checks: readonly Check[]): string {
  const counts = ORDER.map((verdict) => ({
    verdict,
    count: checks.filter((check) => check.verdict === verdict).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${WORDS[verdict].toLowerCase()}`)
    .join(', ');
}

/** A report of somebody else must not steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '\ufffd');
}
