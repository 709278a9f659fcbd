import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SERVER_STREAM } from './storedTag.ts';
import type { StreamLedger } from './streamLedger.ts';
import { Watermarks, watermarkOf } from './watermark.ts';

const SECOND = US_PER_S;
const DEPTH = { blocks: 0, samples: 0, bytes: 0 };

/** A ledger whose last block, at `position`, was sealed at 100 s with 50 samples accepted. */
function ledgerOf(heartbeat: Heartbeat | undefined): StreamLedger {
  return {
    ...{
      gateway: 'north',
      lane: 'operational',
      acceptedBefore: 0,
      baseline: 0,
      stored: 50,
      undeclared: 0,
      lost: 0,
      repeated: 0,
      heartbeat,
    },
    ...{ holes: [], losses: [], explained: { expired: 0, damaged: 0 }, first: { epoch: 3, sequence: 0 } },
    position: { epoch: 3, sequence: 7 },
    tally: { ...EMPTY_TALLY, read: 50, accepted: 50 },
    sealedAt: (100 * SECOND) as Timestamp,
    receivedAt: (200 * SECOND) as Timestamp,
  };
}

function beat(seconds: number, accepted: number, head: BlockPosition | undefined): Heartbeat {
  const tally = { ...EMPTY_TALLY, read: accepted, accepted };
  return { at: (seconds * SECOND) as Timestamp, head, oldest: undefined, policy: undefined, depth: DEPTH, tally };
}

describe('everything is here up to', () => {
  test.each<[what: string, heartbeat: Heartbeat | undefined, seconds: number]>([
    ['the sealing of the last block, where no heartbeat came', undefined, 99],
    ['the heartbeat, where nothing was accepted since that block', beat(130, 50, { epoch: 3, sequence: 7 }), 129],
    ['the sealing, where samples wait for their block', beat(130, 51, { epoch: 3, sequence: 7 }), 99],
    ['the sealing, where a later block is under way', beat(130, 50, { epoch: 3, sequence: 8 }), 99],
    ['the sealing, where the spool has begun anew', beat(130, 50, { epoch: 4, sequence: 7 }), 99],
    ['the sealing, where the spool is empty and new', beat(130, 50, undefined), 99],
    ['the sealing, where the heartbeat is older', beat(90, 50, { epoch: 3, sequence: 7 }), 99],
  ])('%s', (_what, heartbeat, seconds) => {
    expect(watermarkOf(ledgerOf(heartbeat))).toBe(seconds * SECOND);
  });

  const HOLE = { before: { epoch: 3, sequence: 4 }, from: 10, to: 20 };

  test('the sealing of the block before the first that is missing', () => {
    const holes = [
      { ...HOLE, after: { epoch: 3, sequence: 1 }, sealedAt: (40 * SECOND) as Timestamp },
      { ...HOLE, after: { epoch: 3, sequence: 5 }, sealedAt: (60 * SECOND) as Timestamp },
    ];
    const idle = beat(130, 50, { epoch: 3, sequence: 7 });
    expect(watermarkOf({ ...ledgerOf(idle), holes })).toBe(39 * SECOND);
  });

  test('the heartbeat, where what lies between two runs held no sample', () => {
    const holes = [{ ...HOLE, after: { epoch: 3, sequence: 1 }, to: 10, sealedAt: (40 * SECOND) as Timestamp }];
    const idle = beat(130, 50, { epoch: 3, sequence: 7 });
    expect(watermarkOf({ ...ledgerOf(idle), holes })).toBe(129 * SECOND);
  });

  test('no time at all, where the oldest run that waits has not begun to come', () => {
    const behind = { ...beat(130, 50, { epoch: 3, sequence: 7 }), oldest: { epoch: 2, sequence: 9 } };
    expect(watermarkOf(ledgerOf(behind))).toBe(Number.NEGATIVE_INFINITY);
  });
});

test('an interval is final when it ends at or before the watermark of its lane', () => {
  const watermarks = new Watermarks([ledgerOf(undefined)], 500 * SECOND);
  const isFinal = (gateway: string, lane: 'operational' | 'analytical', seconds: number) =>
    watermarks.isFinal({ gateway, lane }, seconds * SECOND);
  expect([98, 99, 99.000001].map((end) => isFinal('north', 'operational', end))).toEqual([true, true, false]);
  expect(isFinal('north', 'analytical', 1)).toBe(false);
  expect(isFinal('south', 'operational', 1)).toBe(false);
  expect([500, 501].map((end) => isFinal(SERVER_STREAM, 'analytical', end))).toEqual([true, false]);
});

/**
 * A gateway accepts samples, seals blocks and sends heartbeats; some of the blocks have come. Whatever it accepted by the
 * watermark must be in those.
 */
test('a sample that is not here was accepted behind the watermark', () => {
  const step = fc.constantFrom('accept', 'seal', 'deliver', 'beat');
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      let [accepted, delivered] = [0, 0];
      const acceptedAt: number[] = [];
      const sealed: { at: number; accepted: number }[] = [];
      let heartbeat: Heartbeat | undefined;
      for (const [at, kind] of steps.entries()) {
        if (kind === 'accept') acceptedAt[accepted++] = at * SECOND;
        if (kind === 'seal' && accepted > (sealed.at(-1)?.accepted ?? 0)) sealed.push({ at, accepted });
        if (kind === 'deliver' && delivered < sealed.length) delivered++;
        if (kind === 'beat') {
          const head = sealed.length > 0 ? { epoch: 1, sequence: sealed.length - 1 } : undefined;
          heartbeat = beat(at, accepted, head);
        }
        if (delivered === 0) continue;
        const last = sealed[delivered - 1];
        const watermark = watermarkOf({
          ...ledgerOf(heartbeat),
          position: { epoch: 1, sequence: delivered - 1 },
          tally: { ...EMPTY_TALLY, accepted: last.accepted },
          sealedAt: (last.at * SECOND) as Timestamp,
        });
        expect(watermark).toBeGreaterThanOrEqual((last.at - 1) * SECOND);
        for (const missing of acceptedAt.slice(last.accepted)) expect(missing).toBeGreaterThan(watermark);
      }
    }),
  );
});
