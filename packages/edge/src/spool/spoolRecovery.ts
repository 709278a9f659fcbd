/** Finds out, when a spool is opened, what waits in its journal, what has been lost from it, and where it goes on. */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { type BlockHeader, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import { BlockIndex } from './blockIndex.ts';
import type { DurableListener } from './durableBlock.ts';
import { SettledSamples } from './settledSamples.ts';
import type { SpoolState } from './spoolState.ts';

export interface RecoveredSpool {
  readonly index: BlockIndex;
  readonly tally: Tally;
  readonly settled: SettledSamples;
  /** Samples were found missing that no earlier life of the spool has counted. */
  readonly hasNewLosses: boolean;
  /** Greater than every epoch before: no two lives of the spool give one position to two blocks. */
  readonly epoch: number;
  readonly acknowledged: SpoolState['acknowledged'];
  readonly newest: SpoolState['newest'];
  /** When the newest readable block was sealed. */
  readonly sealedAt: Timestamp | undefined;
  readonly droppedBelow: number;
}

export class SpoolRecovery {
  readonly #gateway: string;
  readonly #lane: string;
  readonly #state: SpoolState | undefined;
  readonly #index = new BlockIndex();
  readonly #settled: SettledSamples;
  readonly #onDurable: DurableListener | undefined;
  #newlyLost = 0;
  #last: BlockHeader | undefined;
  /** The first gateway and lane in the journal that are not those the spool is opened for. */
  foreign: string | undefined;

  constructor(gateway: string, lane: string, state: SpoolState | undefined, onDurable?: DurableListener) {
    this.#gateway = gateway;
    this.#onDurable = onDurable;
    this.#lane = lane;
    this.#state = state;
    this.#settled = new SettledSamples(state?.settled);
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
    const { droppedBelow = 0 } = this.#state ?? {};
    const { epoch, sequence, count, tally } = header;
    this.#missUntil(tally.accepted - count);
    if (record >= droppedBelow && !this.#isSettled(header)) {
      this.#index.push({ record, epoch, sequence, samples: count, bytes: payload.length, accepted: tally.accepted });
    }
    this.#last = header;
    this.#onDurable?.(header, payload);
  }

  /** `endRecord`: the number of the journal's next record. */
  finish(endRecord: number, now: Timestamp): RecoveredSpool {
    const last = this.#last;
    const { newest, acknowledged, droppedBelow = 0, expired = 0, damaged = 0 } = this.#state ?? {};
    let tally = last?.tally ?? EMPTY_TALLY;
    if (newest && newest.tally.accepted > tally.accepted) {
      this.#missUntil(newest.tally.accepted);
      tally = newest.tally;
    }
    const tailIsMissing = newest !== undefined && (last === undefined || comparePositions(newest, last) > 0);
    const epochsSeen = [last?.epoch, newest?.epoch, acknowledged?.epoch].map((epoch) => epoch ?? -1);
    return {
      index: this.#index,
      tally: {
        ...tally,
        expired: Math.max(tally.expired, expired),
        damaged: Math.max(tally.damaged, damaged) + this.#newlyLost,
      },
      settled: this.#settled,
      hasNewLosses: this.#newlyLost > 0,
      // A journal that was emptied by hand counts from the beginning again, and its new records have not expired.
      droppedBelow: Math.min(droppedBelow, endRecord),
      epoch: Math.max(now, Math.max(...epochsSeen) + 1),
      acknowledged,
      sealedAt: last?.sealedAt,
      newest: last && !tailIsMissing ? { epoch: last.epoch, sequence: last.sequence, tally: last.tally } : newest,
    };
  }

  /** A block without samples is told of by its position: where it is in an older run it does not matter. */
  #isSettled(header: BlockHeader): boolean {
    const { count, tally } = header;
    const acknowledged = this.#state?.acknowledged;
    if (count === 0) return acknowledged !== undefined && comparePositions(header, acknowledged) <= 0;
    return this.#settled.missingIn({ from: tally.accepted - count, to: tally.accepted }) === 0;
  }

  /**
   * The lane's count of accepted samples tells how many stood in blocks between the last one seen and here. Those that
   * are settled, as having been missed by an earlier life of the spool, are not counted again. Before the first block
   * nothing is known to be missing unless there is a state.
   */
  #missUntil(accepted: number): void {
    const seen = this.#last?.tally.accepted ?? (this.#state ? 0 : undefined);
    if (seen === undefined) return;
    const gap = { from: seen, to: accepted };
    this.#newlyLost += this.#settled.missingIn(gap);
    this.#settled.add(gap);
  }
}
