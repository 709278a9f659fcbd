import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { GatewayStatus, LaneStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { expect, it } from 'vitest';
import type { Boundary, Ledger, LedgerTotals } from '../serverApi/answers.ts';
import type { Accounts } from './runAccount.ts';
import { formatStatus } from './statusLine.ts';

const BOUNDARY: Boundary = {
  streams: [
    { gateway: 'north-1', lane: 'operational', connected: true, lagMs: 3.4 },
    { gateway: 'north-1', lane: 'analytical', connected: true, lagMs: 1_234 },
  ],
};

it.each([
  ['the first look has no rates', undefined, at(1, 100, 80), 'read -/s | stored -/s'],
  ['rates are per second of the clocks of both ends', at(1, 100, 80), at(3, 340, 240), 'read 120/s | stored 80/s'],
  ['counters that went back are no negative rate', at(1, 100, 80), at(2, 50, 240), 'read 0/s | stored 160/s'],
])('%s', (_, before, now, expected) => {
  expect(formatStatus({ before, now, boundary: BOUNDARY })).toBe(
    `${expected} | lag op 3 ms, an 1,234 ms | spool 5 | ledger balances, 0 lost`,
  );
});

it('shows what is wrong', () => {
  const now = at(1, 100, 80, { balanced: false, unexplained: 7 }, { connected: false });
  expect(formatStatus({ before: undefined, now, boundary: undefined })).toBe(
    'read -/s | stored -/s | lag op off, an - | spool 5 | ledger DOES NOT BALANCE: 7 unexplained',
  );
});

it('says that it is starting while one end has not spoken', () => {
  expect(formatStatus({ before: undefined, now: { ...at(1, 1, 1), gateways: [undefined] }, boundary: BOUNDARY })).toBe(
    'starting',
  );
});

function at(
  seconds: number,
  read: number,
  stored: number,
  totals: Partial<LedgerTotals> = {},
  operational: Partial<LaneStatus> = {},
): Accounts {
  const us = seconds * 1_000_000;
  const lane: LaneStatus = {
    tally: { ...EMPTY_TALLY, read },
    depth: { blocks: 1, samples: 5, bytes: 100 },
    acknowledged: undefined,
    connected: true,
  };
  const idle = { ...lane, tally: EMPTY_TALLY, depth: { blocks: 0, samples: 0, bytes: 0 } };
  const gateway: GatewayStatus = {
    kind: 'gateway-status',
    at: us as GatewayStatus['at'],
    gateway: 'north-1',
    lanes: { operational: { ...lane, ...operational }, analytical: idle, audit: idle },
    devices: [],
    certificate: { validUntil: 0 as GatewayStatus['at'], daysLeft: 90, revoked: false },
    residentBytes: 0,
  };
  const total: LedgerTotals = {
    samplesRead: read,
    suppressed: 0,
    compressed: 0,
    refused: 0,
    accepted: stored,
    baseline: 0,
    stored,
    undeclared: 0,
    lost: 0,
    inFlight: 0,
    unexplained: 0,
    balanced: true,
    ...totals,
  };
  const server: Ledger = { at: us, total, streams: [] };
  return { gateways: [gateway], server };
}
