/** The minutes of the ledger as a table for people, and below it what is missing or does not fit. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { LedgerMinute, LedgerMinutes } from '../serverApi/answers.ts';

const COLUMNS: readonly (readonly [name: string, of: (minute: LedgerMinute) => number])[] = [
  ['read', ({ samplesRead }) => samplesRead],
  ['bad', ({ notGood }) => notGood],
  ['suppressed', ({ suppressed }) => suppressed],
  ['compressed', ({ compressed }) => compressed],
  ['refused', ({ refused }) => refused],
  ['expired', ({ expired }) => expired],
  ['spooled', ({ spooled }) => spooled],
  ['sent', ({ sent }) => sent],
  ['received', ({ received }) => received],
  ['stored', ({ stored }) => stored],
];
const SEPARATOR = '  ';
/** `2026-01-31 12:00Z` of an RFC 3339 time. */
const MINUTE_LENGTH = 16;

export function formatLedger({ minutes, truncated }: LedgerMinutes): string {
  if (minutes.length === 0) return 'No gateway has signed anything in this time.\n';
  const rows = [
    ['minute', 'gateway', 'lane', ...COLUMNS.map(([name]) => name), 'verdict'],
    ...minutes.map((minute) => [
      minuteText(minute.minute),
      ...[minute.gateway, minute.lane],
      ...COLUMNS.map(([, of]) => of(minute).toLocaleString('en-US')),
      minute.verdict,
    ]),
  ];
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const isNumber = (at: number) => at > 2 && at < rows[0].length - 1;
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => (isNumber(at) ? text.padStart(widths[at]) : text.padEnd(widths[at])))
      .join(SEPARATOR)
      .trimEnd();
  const remarks = minutes.filter(({ detail, verdict }) => verdict !== 'proved' || detail !== '').map(remark);
  const more = truncated ? ['There are more minutes: these are the latest.'] : [];
  return `${[...rows.map(line), ...(remarks.length > 0 ? ['', ...remarks] : []), ...more].join('\n')}\n`;
}

function remark({ minute, gateway, lane, verdict, detail, holes }: LedgerMinute): string {
  const places = holes.map(({ epoch, sequence, blocks, reason }) => {
    const last = blocks === 1 ? '' : ` to ${sequence + blocks - 1}`;
    return `blocks ${sequence}${last} of run ${epoch} are missing (${reason})`;
  });
  return `${minuteText(minute)} ${gateway} ${lane}: ${[`${verdict}`, detail, ...places].filter(Boolean).join('; ')}`;
}

function minuteText(minute: number): string {
  return `${formatTimestamp(minute as Timestamp)
    .slice(0, MINUTE_LENGTH)
    .replace('T', ' ')}Z`;
}
