/** Finds out, when a spool is opened, what waits in its journal, what has been lost from it, and where it goes on. */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import { BlockIndex } from './blockIndex.ts';
import type { CountedLoss, SpoolState } from './spoolState.ts';

/** What is known of the journal once all its records have been seen. */
export interface JournalEnd {
  readonly endRecord: number;
  /** True where a record is damaged, or the last write was interrupted: a block may have been delivered and be gone. */
  readonly mayHaveLostBlocks: boolean;
}

export interface RecoveredSpool {
  readonly index: BlockIndex;
  readonly tally: Tally;
  readonly losses: readonly CountedLoss[];
  readonly epoch: number;
  readonly nextSequence: number;
  readonly acknowledged: SpoolState['acknowledged'];
  readonly newest: SpoolState['newest'];
  readonly droppedBelow: number;
}

interface SeenBlock {
  readonly record: number;
  readonly header: BlockHeader;
}

export class SpoolRecovery {
  readonly #state: SpoolState | undefined;
  readonly #index = new BlockIndex();
  readonly #losses: CountedLoss[];
  #newlyLost = 0;
  #last: SeenBlock | undefined;
  /** The first gateway or lane in the journal that is not the one the spool is opened for. */
  foreign: string | undefined;

  readonly #gateway: string;
  readonly #lane: string;

  constructor(gateway: string, lane: string, state: SpoolState | undefined) {
    this.#gateway = gateway;
    this.#lane = lane;
    this.#state = state;
    this.#losses = [...(state?.losses ?? [])];
  }

  /** Takes the next record of the journal. What is no block is as good as damaged: its samples will be missed. */
  visit(record: number, payload: Uint8Array): void {
    const checked = checkBlock(payload, crc32);
    if (!checked.ok) return;
    const header = checked.value;
    if (header.gateway !== this.#gateway || header.lane !== this.#lane) {
      this.foreign ??= `${header.gateway}, ${header.lane}`;
      return;
    }
    if (this.#last) this.#missBetween(this.#last, record, header.tally.accepted - header.count, header);
    this.#last = { record, header };
    const { acknowledged } = this.#state ?? {};
    if (acknowledged && comparePositions(header, acknowledged) <= 0) return;
    if (record < (this.#state?.droppedBelow ?? 0)) return;
    const { epoch, sequence, count, tally } = header;
    this.#index.push({ record, epoch, sequence, samples: count, bytes: payload.length, accepted: tally.accepted });
  }

  finish({ endRecord, mayHaveLostBlocks }: JournalEnd, now: Timestamp): RecoveredSpool {
    const last = this.#last;
    const { newest, acknowledged } = this.#state ?? {};
    let tally = last?.header.tally ?? EMPTY_TALLY;
    let tailIsMissing = false;
    for (const known of [newest, acknowledged]) {
      if (known && (!last || comparePositions(known, last.header) > 0)) tailIsMissing = true;
    }
    if (newest && newest.tally.accepted > tally.accepted) {
      if (last) this.#missBetween(last, endRecord, newest.tally.accepted, undefined);
      else
        this.#note({
          afterRecord: -1,
          beforeRecord: endRecord,
          samples: this.#unacknowledged(0, newest.tally.accepted),
        });
      tally = newest.tally;
    }
    const goesOn = last !== undefined && !mayHaveLostBlocks && !tailIsMissing;
    const epochsSeen = [last?.header.epoch, newest?.epoch, acknowledged?.epoch].map((epoch) => epoch ?? -1);
    return {
      index: this.#index,
      tally: {
        ...tally,
        expired: Math.max(tally.expired, this.#state?.expired ?? 0),
        damaged: Math.max(tally.damaged, this.#state?.damaged ?? 0) + this.#newlyLost,
      },
      droppedBelow: this.#state?.droppedBelow ?? 0,
      losses: this.#losses,
      epoch: goesOn ? last.header.epoch : Math.max(now, Math.max(...epochsSeen) + 1),
      nextSequence: goesOn ? last.header.sequence + 1 : 0,
      acknowledged,
      newest: last && !tailIsMissing ? newestOf(last.header) : newest,
    };
  }

  /** Between two readable blocks the lane's count of accepted samples tells how many stood in blocks that are gone. */
  #missBetween(before: SeenBlock, record: number, acceptedBefore: number, after: BlockPosition | undefined): void {
    const { acknowledged } = this.#state ?? {};
    if (after && acknowledged && comparePositions(acknowledged, after) >= 0) return;
    const samples = this.#unacknowledged(before.header.tally.accepted, acceptedBefore);
    this.#note({ afterRecord: before.record, beforeRecord: record, samples });
  }

  /** How many of the samples between two counts the other side does not hold. */
  #unacknowledged(from: number, to: number): number {
    return Math.max(0, to - Math.max(from, this.#state?.acknowledged?.accepted ?? 0));
  }

  /** Counts a loss, less what an earlier life of the spool has counted in the same place. */
  #note(loss: CountedLoss): void {
    const known = this.#losses
      .filter((each) => each.afterRecord >= loss.afterRecord && each.beforeRecord <= loss.beforeRecord)
      .reduce((sum, each) => sum + each.samples, 0);
    const samples = loss.samples - known;
    if (samples <= 0) return;
    this.#losses.push({ ...loss, samples });
    this.#newlyLost += samples;
  }
}

function newestOf({ epoch, sequence, tally }: BlockHeader) {
  return { epoch, sequence, tally };
}
