import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  addBlock,
  closeHoles,
  heldFrom,
  isRepetition,
  pending,
  type StreamLedger,
  unexplained,
} from './streamLedger.ts';

/** A block as [epoch, sequence, samples, accepted by the gateway up to its end]. */
type Row = readonly [epoch: number, sequence: number, count: number, accepted: number];

const NOW = 0 as Timestamp;

function headerOf([epoch, sequence, count, accepted]: Row): BlockHeader {
  const tally = { ...EMPTY_TALLY, read: accepted, accepted };
  return { gateway: 'g', lane: 'operational', sealedAt: NOW, epoch, sequence, count, tally };
}

function ledgerOf(rows: readonly Row[]): StreamLedger {
  let ledger: StreamLedger | undefined;
  for (const row of rows) ledger = addBlock(ledger, headerOf(row), NOW);
  return ledger!;
}

function heard(oldest: BlockPosition | undefined, head: BlockPosition, counts = {}): Heartbeat {
  const depth = { blocks: 0, samples: 0, bytes: 0 };
  return { at: NOW, head, oldest, policy: undefined, depth, tally: { ...EMPTY_TALLY, ...counts } };
}

interface Case {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly stored: number;
  readonly pending: number;
  readonly lost: number;
  readonly baseline: number;
  readonly unexplained: number;
}

// biome-ignore format: a table of cases
const CASES: readonly Case[] = [
  { name: 'from the first block on', rows: [[1, 0, 10, 10], [1, 1, 5, 15]], stored: 15, pending: 0, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'joined in the middle', rows: [[1, 7, 10, 110], [1, 8, 5, 115]], stored: 15, pending: 0, lost: 0, baseline: 100, unexplained: 0 },
  { name: 'two blocks missing', rows: [[1, 0, 10, 10], [1, 3, 5, 45]], stored: 15, pending: 30, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'gap of empty blocks', rows: [[1, 0, 10, 10], [1, 3, 5, 15]], stored: 15, pending: 0, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'a new run', rows: [[1, 0, 10, 10], [2, 0, 5, 15]], stored: 15, pending: 0, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'a new run before the old one has ended', rows: [[1, 0, 10, 10], [2, 0, 5, 22]], stored: 15, pending: 7, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'two runs side by side', rows: [[1, 0, 10, 10], [2, 0, 5, 22], [1, 1, 3, 13], [2, 1, 1, 23]], stored: 19, pending: 4, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'the old run up to its end', rows: [[1, 0, 10, 10], [2, 0, 5, 22], [1, 1, 3, 13], [1, 2, 4, 17]], stored: 22, pending: 0, lost: 0, baseline: 0, unexplained: 0 },
  { name: 'the newest run first', rows: [[2, 0, 5, 22], [1, 4, 3, 13], [1, 5, 4, 17]], stored: 12, pending: 0, lost: 0, baseline: 10, unexplained: 0 },
  { name: 'the newest run first, and not all of the old one', rows: [[2, 0, 5, 22], [1, 4, 3, 13]], stored: 8, pending: 4, lost: 0, baseline: 10, unexplained: 0 },
  { name: 'the spool was removed', rows: [[1, 0, 10, 10], [2, 0, 5, 5]], stored: 15, pending: 0, lost: 0, baseline: -10, unexplained: 0 },
  { name: 'removed, and 3 of the new ones missing', rows: [[1, 0, 10, 10], [2, 1, 5, 8]], stored: 15, pending: 3, lost: 0, baseline: -10, unexplained: 0 },
  { name: 'removed while some were missing, then others', rows: [[1, 0, 10, 10], [1, 2, 1, 15], [2, 0, 5, 5], [2, 2, 5, 13]], stored: 21, pending: 7, lost: 0, baseline: -15, unexplained: 0 },
  { name: 'removed while a relay holds more of the old count', rows: [[1, 0, 10, 10], [2, 0, 5, 5], [1, 1, 7, 17], [1, 3, 2, 22], [2, 1, 1, 6]], stored: 25, pending: 3, lost: 0, baseline: -22, unexplained: 0 },
  { name: 'removed, new ones missing, and a relay holds more of the old count', rows: [[1, 0, 10, 10], [2, 1, 5, 8], [1, 1, 7, 17], [2, 0, 3, 3]], stored: 25, pending: 0, lost: 0, baseline: -17, unexplained: 0 },
  { name: 'removed, and the new run came first', rows: [[2, 0, 5, 5], [1, 4, 7, 17], [1, 5, 2, 19], [2, 1, 1, 6]], stored: 15, pending: 0, lost: 0, baseline: -9, unexplained: 0 },
  { name: 'removed twice while a relay holds all', rows: [[1, 0, 10, 10], [3, 0, 2, 2], [2, 0, 5, 5], [1, 1, 4, 14]], stored: 21, pending: 0, lost: 0, baseline: -19, unexplained: 0 },
  { name: 'joined late, then removed', rows: [[1, 9, 10, 110], [2, 0, 5, 5]], stored: 15, pending: 0, lost: 0, baseline: -10, unexplained: 0 },
  { name: 'a count that jumps without a gap', rows: [[1, 0, 10, 10], [1, 1, 5, 18]], stored: 15, pending: 0, lost: 0, baseline: 0, unexplained: 3 },
  { name: 'a count that goes back', rows: [[1, 0, 10, 10], [1, 2, 5, 12]], stored: 15, pending: 0, lost: 0, baseline: 0, unexplained: -3 },
  { name: 'a block larger than its hole', rows: [[1, 0, 10, 10], [1, 2, 5, 18], [1, 1, 4, 14]], stored: 19, pending: 0, lost: 0, baseline: 0, unexplained: -1 },
];

describe('the account of a stream', () => {
  test.each(CASES)('$name', ({ name: _, rows, ...expected }) => {
    const ledger = ledgerOf(rows);
    const { stored, lost, baseline } = ledger;
    const told = { stored, pending: pending(ledger), lost, baseline, unexplained: unexplained(ledger) };
    expect(told).toEqual(expected);
  });
});

describe('what is missing', () => {
  const GAPS: readonly Row[] = [[1, 0, 10, 10], [1, 2, 5, 45], [1, 3, 1, 46], [1, 6, 4, 60]]; // biome-ignore format: rows
  const HEAD = { epoch: 1, sequence: 6 };

  test('is lost once nothing of it waits, for the reason that the gateway counts', () => {
    const counted = { expired: 30, damaged: 10 };
    const before = closeHoles(ledgerOf(GAPS), heard({ epoch: 1, sequence: 1 }, HEAD, counted), NOW);
    expect([before.lost, pending(before)]).toEqual([0, 40]);
    const first = closeHoles(before, heard({ epoch: 1, sequence: 5 }, HEAD, counted), NOW);
    expect([first.lost, pending(first), unexplained(first)]).toEqual([30, 10, 0]);
    const all = closeHoles(first, heard(undefined, HEAD, counted), NOW);
    expect([all.lost, pending(all), unexplained(all)]).toEqual([40, 0, 0]);
    expect(all.losses).toEqual([
      { after: { epoch: 1, sequence: 0 }, before: { epoch: 1, sequence: 2 }, samples: 30, at: NOW, reason: 'expired' },
      { after: { epoch: 1, sequence: 3 }, before: HEAD, samples: 10, at: NOW, reason: 'damaged' },
    ]);
  });

  test.each([
    ['diode', { ...heard(undefined, HEAD), diode: true }],
    ['unknown', heard(undefined, HEAD)],
  ] as const)('and that the gateway does not count was lost for a reason that is %s', (reason, heartbeat) => {
    expect(closeHoles(ledgerOf(GAPS), heartbeat, NOW).losses.map((loss) => loss.reason)).toEqual([reason, reason]);
  });

  test('is not given up by a heartbeat that was under way for long', () => {
    const late = heard(undefined, { epoch: 1, sequence: 2 });
    expect(closeHoles(ledgerOf(GAPS), late, NOW)).toMatchObject({ lost: 30 });
  });
});

/** What a sample of the stream is known by: which samples are held is told by their places in the count. */
interface Sent {
  readonly row: Row;
  delivered: boolean;
  gone: boolean;
  /** How often the gateway had begun to count anew. */
  readonly life: number;
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('seal' as const), count: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('run' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('beat' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('anew' as const) }) },
);

it('balances over any interleaving of runs, losses, repetitions, heartbeats and restarts, and holds each block once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const sent: Sent[] = [];
      const place = { epoch: 1, sequence: 0 };
      let accepted = 0;
      let lostAtGateway = 0;
      let life = 0;
      let stored = 0;
      let ledger: StreamLedger | undefined;
      const arrive = (block: Sent) => {
        const header = headerOf(block.row);
        expect(isRepetition(ledger, header)).toBe(block.delivered || header.count === 0);
        if (isRepetition(ledger, header)) return;
        ledger = addBlock(ledger, header, NOW);
        stored += header.count;
        block.delivered = true;
      };
      const waiting = () => sent.filter(({ delivered, gone }) => !delivered && !gone);
      const beat = () => {
        const [oldest] = waiting();
        const at = oldest && { epoch: oldest.row[0], sequence: oldest.row[1] };
        const newest = sent.at(-1)?.row;
        if (!ledger || !newest) return;
        const head = { epoch: newest[0], sequence: newest[1] };
        ledger = closeHoles(ledger, heard(at, head, { expired: lostAtGateway }), NOW);
      };
      for (const each of steps) {
        if (each.do === 'seal') {
          accepted += each.count + 1;
          sent.push({
            row: [place.epoch, place.sequence++, each.count + 1, accepted],
            delivered: false,
            gone: false,
            life,
          });
        } else if (each.do === 'run') {
          place.epoch++;
          place.sequence = 0;
        } else if (each.do === 'deliver') {
          // The next of any run: runs cross side by side, and each in order.
          const heads = waiting().filter(
            (block, at, all) => all.findIndex(({ row }) => row[0] === block.row[0]) === at,
          );
          if (heads.length > 0) arrive(heads[each.at % heads.length]);
        } else if (each.do === 'again') {
          const delivered = sent.filter((block) => block.delivered);
          if (delivered.length > 0) arrive(delivered[each.at % delivered.length]);
        } else if (each.do === 'lose') {
          // What is lost of a count that has ended, behind the last of it that came, nobody can count any more.
          const block = waiting().find((one) => one.life === life);
          if (block) {
            block.gone = true;
            lostAtGateway += block.row[2];
          }
        } else if (each.do === 'beat') beat();
        else if (each.do === 'anew') {
          // The spool of the gateway is removed, and a relay holds what waits.
          Object.assign(place, { epoch: place.epoch + 1, sequence: 0 });
          accepted = 0;
          lostAtGateway = 0;
          life++;
        } else if (ledger) ledger = JSON.parse(JSON.stringify(ledger)) as StreamLedger;
        if (!ledger) continue;
        expect(unexplained(ledger)).toBe(0);
        expect(ledger.stored).toBe(stored);
        for (const { row, delivered } of sent) {
          if (!delivered) expect(isRepetition(ledger, headerOf(row)) && heldWithoutLoss(ledger, row)).toBe(false);
        }
      }
      for (const block of waiting()) arrive(block);
      beat();
      if (!ledger) return;
      expect([pending(ledger), unexplained(ledger)]).toEqual([0, 0]);
      expect(heldFrom(ledger, ledger.first, 'backlog')).toEqual(ledger.position);
      expect(ledger.stored + ledger.lost + ledger.baseline).toBe(ledger.tally.accepted);
    }),
    { numRuns: 300 },
  );
});

/** Whether a block that never came would pass for held although no loss explains it. */
function heldWithoutLoss({ losses, lost }: StreamLedger, [epoch, sequence]: Row): boolean {
  const told = losses.reduce((sum, { samples }) => sum + samples, 0);
  if (told !== lost) return false;
  const position = { epoch, sequence };
  return !losses.some(
    ({ after, before }) => comparePositions(after, position) < 0 && comparePositions(position, before) < 0,
  );
}
