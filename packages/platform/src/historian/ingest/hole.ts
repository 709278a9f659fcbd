/**
 * What is missing of a stream between blocks that are held: pending as long as it may still come, and then lost.
 *
 * Runs of one stream cross side by side, so that a block may come long before those that were sealed before it. Only the
 * gateway knows what will never come: its heartbeat names the oldest block that still waits, and nothing before it does.
 */

import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';

/** A stretch that may still come. */
export interface Hole {
  /** The last block that is held before it, and the first one behind it. */
  readonly after: BlockPosition;
  readonly before: BlockPosition;
  /** Which of the samples that the gateway has accepted are missing, counted from its first: `from` is, `to` is not. */
  readonly from: number;
  readonly to: number;
  /** When the block `after` was sealed, by the clock of the gateway: what it had accepted until then is here. */
  readonly sealedAt: Timestamp;
}

/** Why a stretch never came: it expired or was damaged at the gateway, or got lost on a diode, or nothing explains it. */
export type LossReason = 'expired' | 'damaged' | 'diode' | 'unknown';

/** A stretch that will never come. */
export interface Loss {
  readonly after: BlockPosition;
  readonly before: BlockPosition;
  readonly samples: number;
  /** When the server learnt of it, by its own clock. */
  readonly at: Timestamp;
  readonly reason: LossReason;
}

/** So many samples of the gateway's counts are explained by losses that are known. */
export interface ExplainedLosses {
  readonly expired: number;
  readonly damaged: number;
}

/** More than this are not kept open: a gateway that leaves more behind is refused until it says what waits. */
export const MAX_HOLES = 64;

export function samplesIn(holes: readonly Hole[]): number {
  return holes.reduce((sum, { from, to }) => sum + to - from, 0);
}

export function isInside({ after, before }: Hole, position: BlockPosition): boolean {
  return comparePositions(after, position) < 0 && comparePositions(position, before) < 0;
}

/** What is left of `holes`, which are in order, when the block of `header` has come, which lies in one of them. */
export function fillHole(holes: readonly Hole[], header: BlockHeader): Hole[] {
  const { epoch, sequence, count, tally, sealedAt } = header;
  const position = { epoch, sequence };
  return holes.flatMap((hole) => {
    if (!isInside(hole, header)) return hole;
    const left = { ...hole, before: position, to: tally.accepted - count };
    const right = { ...hole, after: position, from: tally.accepted, sealedAt };
    return [left, right].filter(({ from, to }) => to > from);
  });
}

/** Whether nothing of the hole waits at the gateway any more. Where nothing waits at all, that was said of all up to `head`. */
export function isClosedBy({ before }: Hole, { oldest, head }: Heartbeat): boolean {
  const settled = oldest ?? head;
  return settled !== undefined && comparePositions(before, settled) <= 0;
}

/** Explains a hole that is closed by what the gateway has counted, as far as no other loss accounts for that. */
export function lossOf(
  hole: Hole,
  { tally, diode }: Pick<Heartbeat, 'tally' | 'diode'>,
  explained: ExplainedLosses,
  at: Timestamp,
): { readonly loss: Loss; readonly explained: ExplainedLosses } {
  const { after, before, from, to } = hole;
  const samples = to - from;
  const expired = Math.min(samples, Math.max(0, tally.expired - explained.expired));
  const damaged = Math.min(samples - expired, Math.max(0, tally.damaged - explained.damaged));
  const explanation: LossReason = expired >= damaged ? 'expired' : 'damaged';
  const reason = expired + damaged > 0 ? explanation : diode ? 'diode' : 'unknown';
  return {
    loss: { after, before, samples, at, reason },
    explained: { expired: explained.expired + expired, damaged: explained.damaged + damaged },
  };
}
