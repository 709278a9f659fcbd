import { expect, it } from 'vitest';
import type { LedgerMinute } from '../serverApi/answers.ts';
import { formatLedger } from './ledgerText.ts';

const PROVED: LedgerMinute = {
  ...{ minute: Date.UTC(2026, 0, 31, 12) * 1_000, gateway: 'north', lane: 'operational', samplesRead: 12_000 },
  ...{ notGood: 3, suppressed: 4_000, compressed: 0, refused: 0, expired: 0, spooled: 8_000, sent: 8_000 },
  ...{ received: 8_000, stored: 8_000, verdict: 'proved', detail: '', holes: [] },
};

it('says nothing where nothing was signed', () => {
  expect(formatLedger({ minutes: [], truncated: false })).toMatch(/No gateway/);
});

it('shows the minutes as a table, and below it what is missing and why', () => {
  const holes = [{ epoch: 5, sequence: 17, blocks: 3, reason: 'expired' }];
  const hole: LedgerMinute = {
    ...PROVED,
    received: 7_000,
    verdict: 'holes',
    detail: '1000 samples are missing',
    holes,
  };
  const text = formatLedger({ minutes: [PROVED, { ...hole, minute: PROVED.minute + 60_000_000 }], truncated: true });
  expect(text.split('\n')).toEqual([
    'minute             gateway  lane           read  bad  suppressed  compressed  refused  expired  spooled   sent  received  stored  verdict',
    '2026-01-31 12:00Z  north    operational  12,000    3       4,000           0        0        0    8,000  8,000     8,000   8,000  proved',
    '2026-01-31 12:01Z  north    operational  12,000    3       4,000           0        0        0    8,000  8,000     7,000   8,000  holes',
    '',
    '2026-01-31 12:01Z north operational: holes; 1000 samples are missing; blocks 17 to 19 of run 5 are missing (expired)',
    'There are more minutes: these are the latest.',
    '',
  ]);
});
