import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { describe, expect, test } from 'vitest';
import { addBlock, type StreamLedger, unexplained } from './streamLedger.ts';

/** A block as [epoch, sequence, samples, accepted by the gateway up to its end]. */
type Row = readonly [epoch: number, sequence: number, count: number, accepted: number];

function ledgerOf(rows: readonly Row[]): StreamLedger {
  let ledger: StreamLedger | undefined;
  for (const [epoch, sequence, count, accepted] of rows) {
    const tally = { ...EMPTY_TALLY, read: accepted, accepted };
    const header: BlockHeader = {
      ...{ gateway: 'g', lane: 'operational', sealedAt: 0 as Timestamp },
      ...{ epoch, sequence, count, tally },
    };
    ledger = addBlock(ledger, header, 0 as Timestamp);
  }
  return ledger!;
}

interface Case {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly stored: number;
  readonly lost: number;
  readonly baseline: number;
  readonly unexplained: number;
}

// biome-ignore format: a table of cases
const CASES: readonly Case[] = [
  { name: 'from the first block on', rows: [[1, 0, 10, 10], [1, 1, 5, 15]], stored: 15, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'joined in the middle', rows: [[1, 7, 10, 110], [1, 8, 5, 115]], stored: 15, lost: 0, baseline: 100, unexplained: 0 },
  { name: 'two blocks expired', rows: [[1, 0, 10, 10], [1, 3, 5, 45]], stored: 15, lost: 30, baseline: 0, unexplained: 0 },
  { name: 'gap of empty blocks', rows: [[1, 0, 10, 10], [1, 3, 5, 15]], stored: 15, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'the gateway restarted', rows: [[1, 0, 10, 10], [2, 0, 5, 15]], stored: 15, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'lost over a restart', rows: [[1, 0, 10, 10], [2, 0, 5, 22]], stored: 15, lost: 7, baseline: 0, unexplained: 0 },
  { name: 'the spool was removed', rows: [[1, 0, 10, 10], [2, 0, 5, 5]], stored: 15, lost: 0, baseline: -10, unexplained: 0 },
  { name: 'removed, and 3 of the new ones lost', rows: [[1, 0, 10, 10], [2, 1, 5, 8]], stored: 15, lost: 3, baseline: -10, unexplained: 0 },
  { name: 'removed after a loss, then another loss', rows: [[1, 0, 10, 10], [1, 2, 1, 15], [2, 0, 5, 5], [2, 2, 5, 13]], stored: 21, lost: 7, baseline: -15, unexplained: 0 },
  { name: 'joined late, then removed', rows: [[1, 9, 10, 110], [2, 0, 5, 5]], stored: 15, lost: 0, baseline: -10, unexplained: 0 },
  { name: 'a count that jumps without a gap', rows: [[1, 0, 10, 10], [1, 1, 5, 18]], stored: 15, lost: 0, baseline: 0, unexplained: 3 },
  { name: 'a count that goes back', rows: [[1, 0, 10, 10], [1, 2, 5, 12]], stored: 15, lost: 0, baseline: 0, unexplained: -3 },
];

describe('the account of a stream', () => {
  test.each(CASES)('$name', ({ name: _, rows, ...expected }) => {
    const ledger = ledgerOf(rows);
    const { stored, lost, baseline } = ledger;
    expect({ stored, lost, baseline, unexplained: unexplained(ledger) }).toEqual(expected);
  });
});
