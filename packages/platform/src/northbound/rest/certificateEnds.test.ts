import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { ledgerTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { expect, test } from 'vitest';
import { NORTH } from '../../historian/ingest/ledger/testbed/testCertificates.ts';
import type { StoredTag } from '../../historian/query/historianReader.ts';
import { certificateEnds } from './certificateEnds.ts';

const DAY_US = 86_400e6;
/** `NORTH` ends with the year 2027. */
const NOW = (Date.parse('2027-12-02T12:00:00Z') * 1_000) as Timestamp;

function historianOf(...tags: [gateway: string, path: string, value: string][]) {
  return {
    tags: () => tags.map(([gateway, path], index) => ({ gateway, path, index }) as StoredTag),
    latest: (index: number) => ({ value: tags[index][2] }) as Sample,
  };
}

test('SR 1.8: tells how long each certificate still holds, that of a gateway whichever way it comes', () => {
  const server = { holder: 'history', role: 'server', validUntil: (NOW + 400 * DAY_US) as Timestamp } as const;
  const relay = { holder: 'dmz-1', role: 'relay', validUntil: (NOW - 1) as Timestamp } as const;
  const historian = historianOf(
    ['north', ledgerTagPath('north', 'certificate'), NORTH.certificate],
    ['north', ledgerTagPath('south', 'certificate'), NORTH.certificate],
    ['south', ledgerTagPath('south', 'certificate'), 'no certificate'],
  );
  const ends = certificateEnds([server, relay], historian, NOW);
  expect(ends.map(({ holder, role, daysLeft }) => [role, holder, daysLeft])).toEqual([
    ['relay', 'dmz-1', -1],
    ['gateway', 'north', 29],
    ['server', 'history', 400],
  ]);
});
