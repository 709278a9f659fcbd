/**
 * One lane of the store and forward: seals samples into blocks, keeps them on disk until they are acknowledged.
 *
 * Invariants:
 * - A block is given to a reader only when it is durable, and only with the bytes that were sealed.
 * - Positions ascend in the order of reading, and none is ever given to two blocks: with each opening, and with each run,
 *   an epoch begins that is greater than every epoch before. Within an epoch all is sent in order.
 * - Each block's header carries the tally of the lane up to and including its own samples, and balances. A block that
 *   could not be written was never accepted: its samples are refused in every tally from the next block on, and its
 *   sequence is given to that block.
 * - Memory is bounded by `maxPendingSamples`, the disk by the budget of all lanes: what comes on top is refused in the
 *   first case, and in the second the oldest whole segment of the least important lane expires, counted to the sample.
 */

import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import {
  type BlockHeader,
  type BlockPosition,
  comparePositions,
  MAX_BLOCK_SAMPLES,
  type SampleBlock,
} from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { BlockSource, SpoolDepth, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { Journal, type JournalEncryption } from '@tidegate/journal/journal.ts';
import type { JournalDamage } from '@tidegate/journal/journalDamage.ts';
import { PatientReader } from '@tidegate/journal/patientReader.ts';
import { StateFile } from '@tidegate/journal/stateFile.ts';
import type { ConditionedCounts, LaneWriter } from '../conditioning/laneWriter.ts';
import { BlockFiller, type SealedBlock } from './blockFiller.ts';
import type { BlockIndex } from './blockIndex.ts';
import { CountedEvent } from './countedEvent.ts';
import type { DurableListener } from './durableBlock.ts';
import { LaneLedger } from './laneLedger.ts';
import { Settlement } from './settlement.ts';
import type { BudgetedLane, SpoolBudget } from './spoolBudget.ts';
import { type RecoveredSpool, SpoolRecovery } from './spoolRecovery.ts';
import type { SpoolState } from './spoolState.ts';

export interface LaneSpoolOptions {
  readonly gateway: string;
  readonly lane: Lane;
  /** Of the data directory of the gateway, see `BlockSource`. */
  readonly instance: string;
  /** Of this lane alone; made if it is not there. */
  readonly directory: string;
  /** Of all lanes of the gateway. */
  readonly budget: SpoolBudget;
  /** What the blocks are encrypted with, and those were that are there; they are not where it is left out. */
  readonly encryption?: JournalEncryption | undefined;
  readonly clock: Clock;
  readonly events: EventSink;
  /** How long a sample waits for its block to fill: 20 ms, and 100 ms analytical, where it is left out. */
  readonly maxDelayMs?: number | undefined;
  /** A block is sealed when it holds this many samples; 8192 where it is left out, 65536 at most. */
  readonly blockSamples?: number | undefined;
  /** Samples that may wait in memory to be written; 524288 (about 13 MB) where it is left out. */
  readonly maxPendingSamples?: number | undefined;
  /** What the budget says, where it is left out. */
  readonly segmentBytes?: number | undefined;
  readonly onDurable?: DurableListener | undefined;
}

const DEFAULT_DELAY_MS = { operational: 20, analytical: 100, audit: 20 } as const satisfies Record<Lane, number>;
const DEFAULT_BLOCK_SAMPLES = 8192;
const DEFAULT_PENDING_SAMPLES = 524_288;
/** The tally of a lane crosses at least this often, if it changes. */
const TALLY_INTERVAL_MS = 1000;
/** Where this many blocks wait in a run, what comes is late: it is filled for longer, or gets a run of its own. */
const BACKLOG_BLOCKS = 64;
const BACKLOG_DELAY_MS = 500;
/** Blocks that are encoded in one go and written together: a bound on how long the event loop is held up. */
const MAX_GROUP_BLOCKS = 8;

export class LaneSpool implements BlockSource, LaneWriter, BudgetedLane {
  readonly gateway: string;
  readonly lane: Lane;
  readonly instance: string;
  /** Just after the life before this one was heard of last, if it ended without `close`: nobody has read anything since. */
  readonly interruptedAt: Timestamp | undefined;
  readonly #options: LaneSpoolOptions;
  readonly #journal: Journal;
  readonly #reader: PatientReader;
  readonly #index: BlockIndex;
  readonly #ledger: LaneLedger;
  readonly #filler: BlockFiller;
  readonly #encoder = new BlockEncoder(crc32);
  readonly #refusals: CountedEvent;
  readonly #expiries: CountedEvent;
  readonly #waiters = new Set<() => void>();
  #epoch: number;
  /** Of the blocks that are written next: greater than `#epoch` where a run has begun. */
  #nextEpoch: number;
  #nextSequence = 0;
  readonly #settlement: Settlement;
  #closed = false;
  #committing: Promise<void> | undefined;
  #cancelTick: CancelTimer = () => undefined;

  private constructor(
    options: LaneSpoolOptions,
    journal: Journal,
    stateFile: StateFile<SpoolState>,
    recovered: RecoveredSpool,
  ) {
    const { gateway, lane, clock, events } = options;
    const source = `${gateway}, ${lane} lane`;
    this.gateway = gateway;
    this.lane = lane;
    this.instance = options.instance;
    const { sealedAt } = recovered;
    this.interruptedAt = journal.wasInterrupted && sealedAt !== undefined ? ((sealedAt + 1) as Timestamp) : undefined;
    this.#options = options;
    this.#journal = journal;
    this.#reader = new PatientReader({ journal, source, clock, events });
    this.#index = recovered.index;
    this.#epoch = recovered.epoch;
    this.#nextEpoch = recovered.epoch;
    this.#ledger = new LaneLedger(recovered.tally);
    const parts = { journal, stateFile, index: this.#index, ledger: this.#ledger, clock };
    this.#settlement = new Settlement(parts, recovered);
    this.#refusals = new CountedEvent({ kind: 'spool.refused', source, clock, events });
    this.#expiries = new CountedEvent({ kind: 'spool.expired', source, clock, events });
    const maxDelayMs = options.maxDelayMs ?? DEFAULT_DELAY_MS[lane];
    this.#filler = new BlockFiller({
      clock,
      ledger: this.#ledger,
      blockSamples: Math.min(options.blockSamples ?? DEFAULT_BLOCK_SAMPLES, MAX_BLOCK_SAMPLES),
      maxPendingSamples: options.maxPendingSamples ?? DEFAULT_PENDING_SAMPLES,
      delayMs: () => (this.#runIsLate ? Math.max(maxDelayMs, BACKLOG_DELAY_MS) : maxDelayMs),
      onSealed: () => {
        this.#committing ??= this.#commit();
      },
    });
    options.budget.join(this);
    this.#tick();
  }

  /**
   * Faults: `journal.directory`, `journal.locked`, `journal.key`, and `spool.foreign` where the directory holds blocks of another
   * gateway or lane.
   */
  static async open(options: LaneSpoolOptions): Promise<Result<LaneSpool>> {
    const { gateway, lane, directory, budget, encryption, clock } = options;
    const stateFile = await StateFile.open<SpoolState>(directory);
    const state = stateFile.found;
    const recovery = new SpoolRecovery(gateway, lane, state, options.onDurable);
    let spool: LaneSpool | undefined;
    const opened = await Journal.open({
      directory,
      segmentBytes: options.segmentBytes ?? budget.segmentBytes,
      encryption,
      onDamage(damage) {
        reportDamage(options, damage);
        if (spool) spool.#settlement.countLoss(damage.firstNumber, damage.endNumber);
      },
      onRecord: (record, payload) => recovery.visit(record, payload),
    });
    if (!opened.ok) return opened;
    const journal = opened.value;
    if (recovery.foreign !== undefined) {
      await journal.close();
      return failure('spool.foreign', `${directory} holds blocks of ${recovery.foreign}, not of ${gateway}, ${lane}`);
    }
    const recovered = recovery.finish(journal.endRecord, clock.now());
    spool = new LaneSpool(options, journal, stateFile, recovered);
    if (recovered.hasNewLosses || recovered.droppedBelow !== state?.droppedBelow) await spool.#settlement.note(true);
    return success(spool);
  }

  /** The newest block that the other side is known to hold. */
  get acknowledged(): BlockPosition | undefined {
    return this.#settlement.acknowledged;
  }

  /** The newest durable block, whether or not it still waits; `undefined` in a spool that has never held one. */
  head(): BlockPosition | undefined {
    const { newest } = this.#settlement;
    return newest && { epoch: newest.epoch, sequence: newest.sequence };
  }

  get diskBytes(): number {
    return this.#journal.bytes;
  }

  /** How many samples can be taken at this moment: who can wait may wait for it, who cannot is told by the tally. */
  get room(): number {
    return this.#filler.room;
  }

  /** Where a block is sealed while the journal is slow or full, samples wait in memory; beyond its bound they are refused. */
  write(kept: SampleBlock, counts: ConditionedCounts): void {
    const refused = this.#filler.write(kept, counts, !this.#closed);
    if (refused > 0) this.#refusals.add(refused, this.#closed ? 'the spool is closed' : 'the disk is too slow');
  }

  async read(
    after: BlockPosition | undefined,
    maxBytes: number,
    before?: BlockPosition,
  ): Promise<readonly SpooledBlock[]> {
    for (;;) {
      const record = this.#index.recordAfter(after, before);
      const records = record === undefined ? undefined : await this.#reader.read(record, maxBytes);
      if (record === undefined || records === undefined) return [];
      const blocks: SpooledBlock[] = [];
      for (const { number, payload } of records) {
        const position = this.#index.positionOf(number);
        if (before && position && comparePositions(position, before) >= 0) break;
        if (position) blocks.push({ ...position, bytes: payload });
      }
      if (blocks.length > 0) return blocks;
      // Blocks may expire or be acknowledged during the read; one that is neither has no readable record any more.
      if (this.#index.recordAfter(after, before) === record) this.#settlement.countLoss(record, record + 1);
    }
  }

  wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!signal.aborted && this.#index.recordAfter(after) === undefined) return;
        this.#waiters.delete(check);
        signal.removeEventListener('abort', check);
        resolve();
      };
      this.#waiters.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  acknowledge(first: BlockPosition, last: BlockPosition): void {
    const isMade = comparePositions(last, { epoch: this.#epoch, sequence: this.#nextSequence }) < 0;
    if (isMade) this.#settlement.acknowledge(first, last);
    else this.#moveBehind(last);
  }

  /** What is being filled, or waits in memory to be written, belongs to the new run already. */
  beginRun(): BlockPosition {
    if (this.#runIsLate) {
      this.#nextEpoch = Math.max(this.#options.clock.now(), this.#epoch + 1);
      if (!this.#filler.isEmpty) this.#filler.seal();
    }
    return { epoch: this.#nextEpoch, sequence: 0 };
  }

  oldest(): BlockPosition | undefined {
    return this.#index.oldest;
  }

  depth(): SpoolDepth {
    const { blocks, samples, bytes } = this.#index.depth;
    return { blocks, samples: samples + this.#filler.pendingSamples, bytes };
  }

  tally(): Tally {
    return this.#ledger.tally();
  }

  /** Seals what there is, and resolves when everything sealed is durable or has been refused. */
  async flush(): Promise<void> {
    if (this.#filler.hasNews) this.#filler.seal();
    while (this.#committing) await this.#committing;
  }

  /** Flushes, notes the state and lets go of the directory. Samples that still come are refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTick();
    this.#reader.close();
    await this.flush();
    this.#filler.close();
    await this.#settlement.close();
    this.#options.budget.leave(this);
    await this.#journal.close();
  }

  async expireOldest(why: string): Promise<boolean> {
    const end = this.#journal.oldestSegmentEnd;
    if (end === undefined) return false;
    const expired = await this.#settlement.expireBelow(end);
    if (expired) this.#expiries.add(expired.samples, `undelivered, and ${why}`);
    return this.#journal.oldestSegmentEnd !== end;
  }

  async #commit(): Promise<void> {
    while (this.#filler.hasSealed) {
      const group = this.#filler.takeSealed(MAX_GROUP_BLOCKS);
      if (this.#nextEpoch > this.#epoch) this.#startEpoch();
      const written = await this.#append(group);
      if (!written.ok) this.#takeBack(group, written.fault);
      this.#filler.release(group);
      await this.#options.budget.keepWithin(this.lane);
      for (const wake of this.#waiters) wake();
    }
    this.#committing = undefined;
  }

  get #runIsLate(): boolean {
    return this.#index.blocksFrom({ epoch: this.#nextEpoch, sequence: 0 }) >= BACKLOG_BLOCKS;
  }

  #startEpoch(): void {
    this.#epoch = this.#nextEpoch;
    this.#nextSequence = 0;
  }

  /**
   * What fails is tried once more, which goes to a new segment, so that a fault that passes costs nothing; and where the
   * disk is full, for as long as there is something that can make room.
   */
  async #append(group: readonly SealedBlock[]): Promise<Result<void>> {
    const { budget } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const admitted = await budget.admit(this.lane);
      if (!admitted.ok) return admitted;
      const headers = group.map((sealed, index) => this.#headerOf(sealed, this.#nextSequence + index));
      const payloads = group.map(({ block }, index) => this.#encoder.encode(headers[index], block));
      const appended = await this.#journal.appendAll(payloads);
      if (appended.ok) {
        this.#admit(headers, payloads, appended.value);
        return success(undefined);
      }
      const isFull = appended.fault.code === 'journal.full';
      if (attempt > 0 && !(isFull && (await budget.makeRoom(this.lane)))) return appended;
    }
  }

  #headerOf({ block, sealedAt, tally }: SealedBlock, sequence: number): BlockHeader {
    const { gateway, lane } = this;
    return { gateway, lane, epoch: this.#epoch, sequence, sealedAt, tally: tally(), count: block.count };
  }

  #admit(headers: readonly BlockHeader[], payloads: readonly Uint8Array[], firstRecord: number): void {
    for (const [index, { epoch, sequence, count, tally }] of headers.entries()) {
      const size = { samples: count, bytes: payloads[index].length, accepted: tally.accepted };
      this.#index.push({ record: firstRecord + index, epoch, sequence, ...size });
      this.#settlement.newest = { epoch, sequence, tally };
      this.#nextSequence = sequence + 1;
      this.#options.onDurable?.({ epoch, sequence, count, tally }, payloads[index]);
    }
  }

  #takeBack(group: readonly SealedBlock[], fault: Fault): void {
    const samples = group.reduce((sum, { block }) => sum + block.count, 0);
    this.#ledger.takeBack(samples);
    if (samples > 0) this.#refusals.add(samples, fault.detail);
  }

  /**
   * The other side holds a block that this spool has not made yet: the directory was restored from an old copy, or is
   * new while the clock stands before its time. Where nothing waits, what comes gets an epoch behind that block. Where
   * something does, it would be taken for a repetition: it stays, and the forwarder reports `boundary.ahead`.
   */
  #moveBehind(position: BlockPosition): void {
    if (this.#committing || this.#index.depth.blocks > 0) return;
    this.#settlement.moveBehind(position, this.#ledger.tally().accepted - this.#filler.pendingSamples);
    this.#nextEpoch = Math.max(this.#options.clock.now(), position.epoch + 1);
    this.#startEpoch();
  }

  #tick(): void {
    this.#cancelTick = this.#options.clock.after(TALLY_INTERVAL_MS, () => {
      this.#refusals.reportIfDue();
      this.#expiries.reportIfDue();
      if (this.#filler.isEmpty && this.#filler.hasNews) this.#filler.seal();
      this.#tick();
    });
  }
}

function reportDamage({ clock, events }: LaneSpoolOptions, damage: JournalDamage): void {
  const { file, offset, bytes, firstNumber, endNumber } = damage;
  const detail = `${bytes} bytes from ${offset} on cannot be read: records from ${firstNumber} to below ${endNumber}`;
  events({ at: clock.now(), kind: 'journal.damaged', source: file, detail });
}
