import type { LedgerMinute } from '@tidegate/platform/northbound/contract/accounts.ts';
import { expect, it } from 'vitest';
import { minuteRows, STRIP_MINUTES } from './ledgerMinutes.ts';
import { ledgerMinute } from './testbed/ledgerMinute.ts';

/** Within minute 1000. */
const NOW_MS = 1_000 * 60_000 + 30_000;

it('lays the last hour of whole minutes out, the oldest first', () => {
  const minutes = [ledgerMinute(100, 'proved'), ledgerMinute(997, 'proved'), ledgerMinute(999, 'waiting')];
  const [row] = minuteRows(minutes, NOW_MS);
  expect(row.cells).toHaveLength(STRIP_MINUTES);
  expect(row.cells[0].startMs).toBe(940 * 60_000);
  expect(row.cells.slice(-4).map(({ minute }) => minute?.verdict)).toEqual([undefined, 'proved', undefined, 'waiting']);
});

it('has room for a minute that is not over here, because the clock of the gateway is ahead', () => {
  const [row] = minuteRows([ledgerMinute(1_001, 'proved')], NOW_MS);
  expect(row.cells).toHaveLength(STRIP_MINUTES);
  expect(row.cells.at(-1)?.minute?.verdict).toBe('proved');
});

it('has a row for each stream, in the order of the lanes', () => {
  const minutes = (['audit', 'analytical', 'operational'] as const).map((lane) => ledgerMinute(999, 'proved', lane));
  const rows = minuteRows([...minutes, { ...minutes[0], gateway: 'station-0' }], NOW_MS);
  expect(rows.map(({ gateway, lane }) => `${gateway} ${lane}`)).toEqual([
    ...['station-0 audit', 'station-1 operational', 'station-1 analytical', 'station-1 audit'],
  ]);
});

it.each<[string, readonly LedgerMinute['verdict'][], number | undefined, number | undefined]>([
  ['all', ['proved', 'proved'], 993, undefined],
  ['explained holes count', ['proved', 'holes', 'waiting'], 993, undefined],
  ['not behind one that waits', ['proved', 'waiting', 'proved'], 992, undefined],
  ['not behind one that is broken', ['proved', 'broken', 'proved'], 992, 992],
  ['none', ['broken'], undefined, 991],
])('proved until: %s', (_what, verdicts, until, broken) => {
  const minutes = verdicts.map((verdict, place) => ledgerMinute(991 + place, verdict));
  const [row] = minuteRows(minutes, NOW_MS);
  expect(row.provedUntilMs).toBe(until && until * 60_000);
  expect(row.broken?.checkpoints[0]).toBe(broken);
});
