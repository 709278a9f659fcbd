import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { describe, expect, it } from 'vitest';
import { GapTracker } from './gapTracker.ts';

const STREAM = { gateway: 'north', lane: 'operational' } as const;

/** Each block has ten samples more than the one before it. */
function headerOf(sequence: number, epoch = 1): BlockHeader {
  const accepted = acceptedAt(sequence);
  const count = accepted - acceptedAt(sequence - 1);
  return { ...STREAM, epoch, sequence, count, sealedAt: 0 as Timestamp, tally: { ...EMPTY_TALLY, accepted } };
}

function acceptedAt(sequence: number): number {
  return sequence < 0 ? 0 : ((sequence + 1) * (sequence + 2) * 10) / 2;
}

function between(from: number, to: number, samples: number | undefined, epoch = 1) {
  return { ...STREAM, from: { epoch, sequence: from }, to: { epoch, sequence: to }, samples };
}

const holdsNothing = () => undefined;

describe('gaps', () => {
  it('are the blocks between two that came, where something was lost', () => {
    const gaps = new GapTracker(holdsNothing);
    expect(gaps.take(headerOf(0))).toBeUndefined();
    gaps.lose();
    gaps.lose();
    expect(gaps.take(headerOf(4))).toEqual(between(1, 3, 20 + 30 + 40));
    expect(gaps.take(headerOf(5))).toBeUndefined();
  });

  it('are none where nothing was lost: a block has expired before it was sent', () => {
    const gaps = new GapTracker(holdsNothing);
    gaps.take(headerOf(0));
    expect(gaps.take(headerOf(4))).toBeUndefined();
    gaps.lose();
    expect(gaps.take(headerOf(5))).toBeUndefined();
  });

  it('at the end are told by what has been sent, once', () => {
    const gaps = new GapTracker(holdsNothing);
    gaps.take(headerOf(0));
    gaps.lose();
    const sent = { position: { epoch: 1, sequence: 2 }, accepted: acceptedAt(2) };
    expect(gaps.sent(STREAM, sent)).toEqual(between(1, 2, 50));
    expect(gaps.sent(STREAM, sent)).toBeUndefined();
    expect(gaps.take(headerOf(3))).toBeUndefined();
  });

  it('of runs side by side are each of its own run', () => {
    const gaps = new GapTracker(holdsNothing);
    gaps.take(headerOf(7, 1));
    gaps.take(headerOf(0, 2));
    gaps.lose();
    expect(gaps.take(headerOf(2, 2))).toEqual(between(1, 1, 20, 2));
    expect(gaps.take(headerOf(9, 1))).toEqual(between(8, 8, 90, 1));
  });

  it('at the beginning of a run are told too', () => {
    const gaps = new GapTracker(holdsNothing);
    gaps.lose();
    expect(gaps.take(headerOf(3))).toEqual(between(0, 2, undefined));
  });

  it('that were there before the receiver came are what the sink does not hold, if it knows', () => {
    const held: BlockPosition = { epoch: 1, sequence: 4 };
    const knowing = new GapTracker(() => held);
    knowing.join();
    expect(knowing.take(headerOf(9))).toEqual(between(5, 8, undefined));
    const unknowing = new GapTracker(holdsNothing);
    unknowing.join();
    expect(unknowing.take(headerOf(9))).toBeUndefined();
    unknowing.lose();
    expect(unknowing.take(headerOf(11))).toEqual(between(10, 10, 110));
  });
});
