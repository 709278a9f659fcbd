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
  /**
   * Up to where the gateway had counted its accepted samples with the block `after`, and before the block `before`. Where
   * `to` is less it began to count anew between them, because its spool was removed: then how much of its count before
   * is missing is not known, and a relay may hold it.
   */
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
  return holes.reduce((sum, hole) => sum + samplesOf(hole), 0);
}

/** So many are missing, as far as the counts tell. */
export function samplesOf(hole: Hole): number {
  return isCountedAnew(hole) ? hole.to : Math.max(0, hole.to - hole.from);
}

/** Within an epoch a count that goes back is nobody's loss: it must show as unexplained. */
export function isCountedAnew({ after, before, from, to }: Hole): boolean {
  return to < from && after.epoch !== before.epoch;
}

/** Whether anything may be missing: how many blocks an epoch had is known only where the gateway says that none waits. */
export function isOpen({ after, before, from, to }: Hole): boolean {
  return to > from || after.epoch !== before.epoch;
}

export function isInside({ after, before }: Hole, position: BlockPosition): boolean {
  return comparePositions(after, position) < 0 && comparePositions(position, before) < 0;
}

/**
 * What is left of `holes`, which are in order, when the block of `header` has come, which lies in one of them; and how many
 * samples, its own among them, nobody knew to be missing, because the gateway had begun to count anew.
 */
export function fillHole(
  holes: readonly Hole[],
  { epoch, sequence, count, tally, sealedAt }: BlockHeader,
): { readonly holes: readonly Hole[]; readonly found: number } {
  const position = { epoch, sequence };
  const at = holes.findIndex((hole) => isInside(hole, position));
  if (at < 0) return { holes, found: 0 };
  const hole = holes[at];
  const left = { ...hole, before: position, to: tally.accepted - count };
  const right = { ...hole, after: position, from: tally.accepted, sealedAt };
  const isKnown = ![hole, left, right].some(isCountedAnew);
  return {
    holes: holes.toSpliced(at, 1, ...[left, right].filter(isOpen)),
    found: isKnown ? 0 : samplesIn([left, right]) + count - samplesOf(hole),
  };
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
  const { after, before } = hole;
  const samples = samplesOf(hole);
  const expired = Math.min(samples, Math.max(0, tally.expired - explained.expired));
  const damaged = Math.min(samples - expired, Math.max(0, tally.damaged - explained.damaged));
  const explanation: LossReason = expired >= damaged ? 'expired' : 'damaged';
  const reason = expired + damaged > 0 ? explanation : diode ? 'diode' : 'unknown';
  return {
    loss: { after, before, samples, at, reason },
    explained: { expired: explained.expired + expired, damaged: explained.damaged + damaged },
  };
}
