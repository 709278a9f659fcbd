/** Finds which blocks of a stream were lost on the way, and how many samples they held. */

import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { SentMark } from '../../frame/diode/streamBeat.ts';

/** Blocks that were sent and did not come: those from `from` to `to`, both included, which are of one epoch. */
export interface DiodeGap extends StreamName {
  readonly from: BlockPosition;
  readonly to: BlockPosition;
  /** `undefined` where nothing before the gap was received since the receiver started. */
  readonly samples: number | undefined;
}

interface Mark {
  readonly sequence: number;
  /** Samples that the gateway had accepted up to the end of this block. */
  readonly accepted: number | undefined;
  /** How many losses the stream had had when the block came. */
  readonly losses: number;
}

/** Runs whose blocks come side by side are two; a few more are remembered. */
const MAX_EPOCHS = 8;

/**
 * Invariant: blocks are missed only where something of the stream has been lost since the one before them, so that a block
 * which expired in the spool is no gap; and each missing block is in one gap.
 */
export class GapTracker {
  readonly #held: (epoch: number) => BlockPosition | undefined;
  readonly #marks = new Map<number, Mark>();
  #losses = 0;
  #joined = false;

  /** `held` gives the last block of an epoch up to which the sink holds everything. */
  constructor(held: (epoch: number) => BlockPosition | undefined) {
    this.#held = held;
  }

  /** Something was lost; what it was shows in what comes next. */
  lose(): void {
    this.#losses++;
  }

  /** The receiver came to a session under way. Of what it missed, only what the sink is sure of is reported. */
  join(): void {
    this.#joined = true;
    this.#losses++;
  }

  /** A block that has come; the gap before it. */
  take({ gateway, lane, epoch, sequence, tally, count }: BlockHeader): DiodeGap | undefined {
    const before = { epoch, sequence: sequence - 1 };
    const gap = this.#gap({ gateway, lane }, before, tally.accepted - count);
    this.#mark(epoch, sequence, tally.accepted);
    return gap;
  }

  /** The sender has sent everything up to `position`, and what was to come of it has come; the gap at the end. */
  sent(stream: StreamName, { position, accepted }: SentMark): DiodeGap | undefined {
    const gap = this.#gap(stream, position, accepted);
    if (gap) this.#mark(position.epoch, position.sequence, accepted);
    return gap;
  }

  #gap({ gateway, lane }: StreamName, to: BlockPosition, accepted: number): DiodeGap | undefined {
    const { epoch } = to;
    const mark = this.#marks.get(epoch) ?? this.#markOfSink(epoch);
    if (this.#losses === mark.losses || to.sequence <= mark.sequence) return undefined;
    const samples = mark.accepted === undefined ? undefined : accepted - mark.accepted;
    return { gateway, lane, from: { epoch, sequence: mark.sequence + 1 }, to, samples };
  }

  #markOfSink(epoch: number): Mark {
    const sequence = this.#held(epoch)?.sequence ?? (this.#joined ? Number.POSITIVE_INFINITY : -1);
    return { sequence, accepted: undefined, losses: 0 };
  }

  #mark(epoch: number, sequence: number, accepted: number): void {
    const known = this.#marks.get(epoch);
    if (known && known.sequence >= sequence) return;
    this.#marks.delete(epoch);
    this.#marks.set(epoch, { sequence, accepted, losses: this.#losses });
    if (this.#marks.size > MAX_EPOCHS) this.#marks.delete(this.#marks.keys().next().value as number);
  }
}
