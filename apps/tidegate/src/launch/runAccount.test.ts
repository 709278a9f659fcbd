import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../serverApi/answers.ts';
import { LatencyHistogram } from './latencyHistogram.ts';
import { discrepancies, runResult } from './runAccount.ts';

const GATEWAY = 'north-1';

describe('discrepancies', () => {
  it.each([
    ['all is stored', { read: 10, suppressed: 4, accepted: 6 }, { stored: 6 }, []],
    ['what expired is known', { read: 10, accepted: 10, expired: 3 }, { stored: 7, lost: 3 }, []],
    ['what was refused is known', { read: 10, refused: 10 }, { stored: 0 }, []],
    ['some wait', { read: 10, accepted: 10 }, { stored: 8 }, ['2 operational samples have not arrived']],
    ['some vanished in the gateway', { read: 10, accepted: 9 }, { stored: 9 }, ['cannot account for 1 operational']],
    ['the server joined later', { read: 10, accepted: 10 }, { stored: 4, baseline: 6 }, []],
    ['some came twice', { read: 9, accepted: 9 }, { stored: 10 }, ['holds 1 operational samples more']],
    ['the server is at a loss', { read: 9, accepted: 9 }, { stored: 9, unexplained: 2 }, ['cannot explain 2']],
  ])('where %s', (_, tally, stream, expected) => {
    const found = discrepancies({ gateways: [gatewayOf(tally)], server: ledgerOf(stream) });
    expect(found).toHaveLength(expected.length);
    expected.forEach((part, index) => {
      expect(found[index]).toContain(part);
    });
  });

  it('where an end has said nothing', () => {
    expect(discrepancies({ gateways: [gatewayOf({}), undefined], server: ledgerOf({}) })).toHaveLength(1);
    expect(discrepancies({ gateways: [gatewayOf({})], server: undefined })).toHaveLength(1);
  });
});

it('gives the figures of this run alone, and the balance of all', () => {
  const before = ledgerOf({
    samplesRead: 105,
    suppressed: 60,
    compressed: 5,
    refused: 2,
    accepted: 38,
    stored: 37,
    lost: 1,
  });
  const gateway = gatewayOf({ read: 195, suppressed: 110, compressed: 15, refused: 2, accepted: 68 });
  const server = ledgerOf({
    samplesRead: 195,
    suppressed: 110,
    compressed: 15,
    refused: 2,
    accepted: 68,
    stored: 64,
    lost: 4,
  });
  const latency = new LatencyHistogram();
  for (const ms of [20, 30, 40]) latency.add(ms);
  expect(runResult(before, { gateways: [gateway], server }, latency, 63)).toEqual({
    samplesRead: 90,
    samplesSuppressed: 50,
    samplesCompressed: 10,
    samplesStored: 27,
    samplesLost: 3,
    ledgerBalanced: true,
    latencyMs: { p50: 30, p99: 40 },
    tags: 63,
  });
});

it('tells of no sample as none, not as a latency of 0', () => {
  const accounts = { gateways: [gatewayOf({})], server: ledgerOf({}) };
  expect(runResult(undefined, accounts, new LatencyHistogram(), 0).latencyMs).toEqual({ p50: null, p99: null });
});

function gatewayOf(tally: Partial<Tally>): GatewayStatus {
  const lane = (counts: Partial<Tally>) => ({
    tally: { ...EMPTY_TALLY, ...counts },
    depth: { blocks: 0, samples: 0, bytes: 0 },
    acknowledged: undefined,
    connected: true,
  });
  return {
    kind: 'gateway-status',
    at: 0 as GatewayStatus['at'],
    gateway: GATEWAY,
    lanes: { operational: lane(tally), analytical: lane({}), audit: lane({}) },
    devices: [],
    certificate: { validUntil: 0 as GatewayStatus['at'], daysLeft: 90, revoked: false },
    residentBytes: 0,
  };
}

function ledgerOf(counts: Partial<Ledger['total']>): Ledger {
  const total = {
    samplesRead: 0,
    suppressed: 0,
    compressed: 0,
    refused: 0,
    accepted: 0,
    baseline: 0,
    stored: 0,
    undeclared: 0,
    lost: 0,
    inFlight: 0,
    unexplained: 0,
    balanced: true,
    ...counts,
  };
  return { at: 0, total, streams: [{ gateway: GATEWAY, lane: 'operational', ...total }] };
}
