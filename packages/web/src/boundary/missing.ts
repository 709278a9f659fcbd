/** What is missing of the streams: what may still come, and what never will. */

import type { BoundaryLoss, BoundaryStream, Position } from '@tidegate/platform/northbound/contract/boundary.ts';

export interface Missing {
  readonly gateway: string;
  readonly lane: string;
  readonly samples: number;
  readonly after: Position;
  readonly before: Position;
  /** `undefined` where it may still come. */
  readonly loss: Pick<BoundaryLoss, 'reason' | 'at'> | undefined;
}

const REASONS: Readonly<Record<BoundaryLoss['reason'], string>> = {
  expired: 'expired: the spool had reached its limit',
  damaged: 'damaged on the disk of the gateway',
  diode: 'lost on the diode',
  unknown: 'unknown: nothing explains it',
};

export function reasonOf({ loss }: Missing): string {
  return loss ? REASONS[loss.reason] : 'still to come: the backlog drains';
}

/** What may still come first, then what was lost, the newest first. */
export function missingOf(streams: readonly BoundaryStream[]): Missing[] {
  const holes = streams.flatMap(({ gateway, lane, holes }) =>
    holes.map((hole) => ({ gateway, lane, ...hole, loss: undefined })),
  );
  const losses = streams.flatMap(({ gateway, lane, losses }) =>
    losses.map(({ at, reason, ...stretch }) => ({ gateway, lane, ...stretch, loss: { at, reason } })),
  );
  return [...holes, ...losses.toSorted((a, b) => b.loss.at - a.loss.at)];
}
