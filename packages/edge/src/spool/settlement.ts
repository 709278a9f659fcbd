/**
 * What of a spool no longer waits: it has been acknowledged, has expired or is lost. Notes that on disk, and drops the
 * segments in which nothing waits.
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Journal } from '@tidegate/journal/journal.ts';
import type { StateFile } from '@tidegate/journal/stateFile.ts';
import type { BlockIndex, RemovedBlocks } from './blockIndex.ts';
import type { LaneLedger } from './laneLedger.ts';
import type { SettledSamples } from './settledSamples.ts';
import type { RecoveredSpool } from './spoolRecovery.ts';
import type { SpoolState } from './spoolState.ts';

export interface SettlementParts {
  readonly journal: Journal;
  readonly stateFile: StateFile<SpoolState>;
  readonly index: BlockIndex;
  readonly ledger: LaneLedger;
  readonly clock: Clock;
}

/** How much later than an acknowledgement it is noted on disk. */
const STATE_DELAY_MS = 200;

export class Settlement {
  readonly #parts: SettlementParts;
  readonly #settled: SettledSamples;
  /** The newest durable block. */
  newest: SpoolState['newest'];
  #acknowledged: SpoolState['acknowledged'];
  #droppedBelow: number;
  #settling: Promise<void> = Promise.resolve();
  #writes: Promise<void> = Promise.resolve();
  #cancelSettling: CancelTimer | undefined;

  constructor(parts: SettlementParts, { newest, acknowledged, settled, droppedBelow }: RecoveredSpool) {
    this.#parts = parts;
    this.newest = newest;
    this.#acknowledged = acknowledged;
    this.#settled = settled;
    this.#droppedBelow = droppedBelow;
  }

  /** The newest block that the other side is known to hold. */
  get acknowledged(): BlockPosition | undefined {
    return this.#acknowledged;
  }

  acknowledge(first: BlockPosition, last: BlockPosition): void {
    const isNewest = this.#acknowledged === undefined || comparePositions(last, this.#acknowledged) > 0;
    if (isNewest) this.#acknowledged = { epoch: last.epoch, sequence: last.sequence };
    const removed = this.#parts.index.removeThrough(first, last);
    if (removed) this.#settled.add(removed);
    if (removed || isNewest) this.#settleSoon();
  }

  /** The first `accepted` samples of the lane, which is empty, are of no concern to a server that holds `position`. */
  moveBehind(position: BlockPosition, accepted: number): void {
    this.#acknowledged = { epoch: position.epoch, sequence: position.sequence };
    this.#settled.add({ from: 0, to: accepted });
    this.#settleSoon();
  }

  /** Gives up what waits in the records below `record`, and the records. */
  async expireBelow(record: number): Promise<RemovedBlocks | undefined> {
    const { index, ledger } = this.#parts;
    const expired = index.removeBelow(record);
    if (expired) {
      ledger.expire(expired.samples);
      this.#settled.add(expired);
    }
    this.#droppedBelow = record;
    await this.settle();
    return expired;
  }

  /** The records from `first` to below `end` cannot be read. */
  countLoss(first: number, end: number): void {
    const { index, ledger } = this.#parts;
    const lost = index.removeRange(first, end);
    if (!lost) return;
    ledger.damage(lost.samples);
    this.#settled.add(lost);
    void this.note(true);
  }

  /**
   * Drops the segments in which nothing waits. What they held is noted before they go: where the process ends in
   * between, or right after, nothing is counted twice or taken for damage.
   */
  async settle(): Promise<void> {
    const { index, journal } = this.#parts;
    const below = index.oldestRecord ?? journal.durableEnd;
    await this.note((journal.oldestSegmentEnd ?? Number.POSITIVE_INFINITY) <= below);
    await journal.dropBefore(below);
  }

  /** Where the disk is full the older state stays: it costs repetitions only. */
  note(durable: boolean): Promise<void> {
    this.#writes = this.#writes.then(() => {
      const { stateFile, ledger } = this.#parts;
      const { expired, damaged } = ledger.tally();
      const state = {
        acknowledged: this.#acknowledged,
        newest: this.newest,
        settled: this.#settled.stretches,
        expired,
        damaged,
        droppedBelow: this.#droppedBelow,
      };
      return stateFile.write(state, durable).catch(() => undefined);
    });
    return this.#writes;
  }

  /** Settles and notes the last time. */
  async close(): Promise<void> {
    this.#cancelSettling?.();
    await this.#settling;
    await this.settle();
    await this.note(true);
  }

  /** Once for all that is acknowledged within a short time. */
  #settleSoon(): void {
    this.#cancelSettling ??= this.#parts.clock.after(STATE_DELAY_MS, () => {
      this.#cancelSettling = undefined;
      this.#settling = this.#settling.then(() => this.settle());
    });
  }
}
