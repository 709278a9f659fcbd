/**
 * Holds every sample: the newest in memory, the others in segment files, and answers for both.
 *
 * Invariants:
 * - A sample that was inserted is answered for at every moment: from the live store, from the frozen store while it is
 *   being written, from the segment when that is committed. The change from one to the other happens between two turns.
 * - The samples of a segment are those of the log records in its name, and of no others but for expired ones: what is in
 *   memory after a crash is what the log holds behind the newest segment, so that each sample is there exactly once.
 * - A segment is never changed. A damaged one loses its damaged chunks, is reported, and keeps nobody from starting.
 * - The log is told to drop records only after the segment that holds them is committed.
 * - Segments that were merged are removed after the one that supersedes them is committed and nobody reads them any more.
 *
 *     insert --> live store --(full, or time)--> frozen store --keeper--> segment files --keeper--> fewer, larger ones
 *                    |                               |                                |
 *     scan  <--------+-------------------------------+--------------------------------+
 */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { LOG_START, type LogPosition } from '../ingest/logPosition.ts';
import type { Receipt, SampleStore } from '../ingest/sampleStore.ts';
import type { TagIndex } from '../ingest/storedTag.ts';
import type { StreamLedger } from '../ingest/streamLedger.ts';
import { HotStore } from './hot/hotStore.ts';
import type { LatestColumns, LatestValues } from './hot/latestValues.ts';
import { SLAB_BYTES, SlabPool } from './hot/slabPool.ts';
import { Keeper, type KeeperError, THREAD_ENDED } from './keep/keeper.ts';
import { SegmentShelf, type ShelfLease } from './keep/segmentShelf.ts';
import type { RunSummary } from './runSummary.ts';
import type { SampleRun } from './sampleRun.ts';
import { knownRows } from './scan/knownRows.ts';
import { type ScanDirection, type ScanSource, scanSources } from './scan/scanSources.ts';
import type { ScanRange } from './scan/segmentSource.ts';
import { segmentSources } from './scan/segmentSources.ts';
import { type DayCounts, sumDays } from './segment/dayCounts.ts';
import type { Segment, SegmentDamage } from './segment/segment.ts';
import type { SegmentHead } from './segment/segmentLayout.ts';

export interface ArchiveOptions {
  /** Directory of the segment files; it is there. */
  readonly directory: string;
  readonly clock: Clock;
  readonly events: EventSink;
  /** When the live store has reached this size it is written to disk. While it is, a second one may grow as large. */
  readonly hotBytes: number;
  /** The live store is written to disk at the latest after this time. */
  readonly sealIntervalMs: number;
  /** The part of one processor that merging and checking segments may take, from above 0 to 1. */
  readonly keeperShare: number;
  /** By tag: samples before this time have expired. */
  readonly keepFrom: () => Float64Array;
  /** Whether something was edited in `(from, to]`: what arrived before and after an edit is told apart. */
  readonly editedBetween: (from: number, to: number) => boolean;
}

export interface ArchiveStatistics {
  /** Samples held, wherever they are. */
  readonly samples: number;
  /** Of these, in memory and not in a segment yet; all of them are in the log. */
  readonly hotSamples: number;
  readonly hotBytes: number;
  readonly segments: number;
  readonly segmentBytes: number;
  /** Samples that were let go since the start because their time to be kept had passed. */
  readonly expired: number;
  /** How often a segment has been read for damage since the start. */
  readonly scrubbed: number;
  /** Damaged places found in segments since the start. */
  readonly damage: number;
}

/** Samples, and in place of those that the reader took whole their summaries. */
export type ArchiveScan = AsyncGenerator<SampleRun | readonly RunSummary[], void, undefined>;

/** What the archive asks of those who feed it when it makes a segment durable. */
export interface SealSource {
  /** The accounts of all streams, as of the last sample inserted. */
  ledgers(): readonly StreamLedger[];
  /** Every record before `position` is in a segment: the log need not keep it. */
  covered(position: LogPosition): Promise<void>;
}

interface OpenedParts {
  readonly keeper: Keeper;
  readonly shelf: SegmentShelf;
  readonly latest: LatestValues;
  readonly damage: { count: number };
}

const NEVER = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
/** After a failed write of a segment the next attempt waits this long. */
const RETRY_MS = 5_000;

/** A store that takes no more samples, and what its segment will say of it. */
interface FrozenStore {
  readonly store: HotStore;
  readonly head: SegmentHead;
}

export class Archive implements SampleStore {
  readonly #options: ArchiveOptions;
  readonly #keeper: Keeper;
  readonly #shelf: SegmentShelf;
  readonly #latest: LatestValues;
  readonly #pool: SlabPool;
  #live: HotStore;
  #frozen: FrozenStore | undefined;
  #source: SealSource | undefined;
  /** The record behind the last one inserted, and the first one in the live store. */
  #next: LogPosition;
  #liveFrom: LogPosition;
  /** When the first and the last sample of the live store arrived. */
  #received = NEVER;
  #sealing: Promise<void> | undefined;
  #sealFault: Fault | undefined;
  #cancelTimer: CancelTimer = () => {};
  #closed = false;
  #damage: { count: number };

  private constructor(options: ArchiveOptions, { keeper, shelf, latest, damage }: OpenedParts) {
    this.#options = options;
    this.#keeper = keeper;
    this.#shelf = shelf;
    this.#latest = latest;
    this.#damage = damage;
    this.#pool = new SlabPool(Math.ceil(options.hotBytes / SLAB_BYTES) + 1);
    this.#live = this.#makeStore();
    const newest = shelf.segments.at(-1)?.head;
    this.#liveFrom = newest ? { generation: newest.generation, record: newest.end } : LOG_START;
    this.#next = this.#liveFrom;
  }

  /** Opens what is there; damage is an event, never an error. Rejects where the directory itself cannot be read. */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const { directory, clock, events, keeperShare, keepFrom } = options;
    const damage = { count: 0 };
    const onDamage = ({ file, detail }: SegmentDamage) => {
      damage.count++;
      events({ at: clock.now(), kind: 'archive.damaged', source: file, detail });
    };
    const keeper = new Keeper(onDamage);
    const { shelf, latest } = await SegmentShelf.open({
      ...{ directory, clock, events, keeper, keeperShare, keepFrom, onDamage },
    });
    return new Archive(options, { keeper, shelf, latest, damage });
  }

  /** The first record that is in no segment: the log is to be replayed from here. */
  get covered(): LogPosition {
    return this.#liveFrom;
  }

  /** The accounts as of `covered`, as they were when the archive was opened. */
  get coveredLedgers(): readonly StreamLedger[] {
    return this.#shelf.segments.at(-1)?.ledgers ?? [];
  }

  /** When the newest sample in a segment arrived; `-Infinity` where there is none. */
  get coveredReceipt(): number {
    return this.#shelf.segments.at(-1)?.head.received.last ?? Number.NEGATIVE_INFINITY;
  }

  /** Begins to write segments; until then everything stays in memory. */
  attach(source: SealSource): void {
    this.#source = source;
    this.#arm(this.#options.sealIntervalMs);
    this.#shelf.startWork();
  }

  admit(): undefined | Result<void> | Promise<Result<void>> {
    if (this.#live.bytes < this.#options.hotBytes) return undefined;
    if (this.#sealFault) return { ok: false, fault: this.#sealFault };
    return this.#sealing?.then(() => this.admit() ?? success(undefined));
  }

  /**
   * What may wait does, before it takes the room that what must not wait needs: while a segment is being written, half of
   * the live store is kept for the gateways.
   */
  async roomForBackfill(): Promise<void> {
    while (this.#sealing && this.#live.bytes >= this.#options.hotBytes / 2) await this.#sealing;
  }

  insert(at: LogPosition, receipt: Receipt, tags: Uint32Array, block: SampleBlock): void {
    this.#next = { generation: at.generation, record: at.record + 1 };
    const { receivedAt } = receipt;
    this.#received = {
      first: Math.min(this.#received.first, receivedAt),
      last: Math.max(this.#received.last, receivedAt),
    };
    this.#live.insert(receipt, tags, block);
    this.#latest.takeBlock(tags, block);
    if (this.#live.bytes >= this.#options.hotBytes) this.#startSeal();
  }

  latest(tag: TagIndex): Sample | undefined {
    return this.#latest.get(tag);
  }

  /** As `LatestValues.columns`. */
  latestColumns(tags: ArrayLike<TagIndex>, all = false): LatestColumns {
    return this.#latest.columns(tags, all);
  }

  /** The samples that `tag` has in `range` when the first batch is asked for, in order of time; see `scanSources`. */
  async *scan(tag: TagIndex, range: ScanRange, direction: ScanDirection = 'forward'): ArchiveScan {
    const lease = this.#shelf.lease();
    const sources = [...segmentSources(lease.segments, tag, range), ...this.#hotSources(tag, range)];
    yield* scanSources(sources, direction, lease.release);
  }

  /** Where the segment files lie. */
  get directory(): string {
    return this.#options.directory;
  }

  /** The segments as they are now; none of their files is removed until it is released. */
  lease(): ShelfLease {
    return this.#shelf.lease();
  }

  /** Of what is in segments: samples by the day of their time. It changes whenever something of a day is added. */
  sealedDays(): DayCounts {
    return sumDays(this.#shelf.segments.map(({ head }) => head.days));
  }

  statistics(): ArchiveStatistics {
    const { segments, expired, scrubbed } = this.#shelf;
    const hotSamples = this.#live.samples + (this.#frozen?.store.samples ?? 0);
    return {
      samples: segments.reduce((sum, segment) => sum + segment.samples, hotSamples),
      hotSamples,
      hotBytes: this.#live.bytes + (this.#frozen?.store.bytes ?? 0),
      segments: segments.length,
      segmentBytes: segments.reduce((sum, segment) => sum + segment.fileBytes, 0),
      expired,
      scrubbed,
      damage: this.#damage.count,
    };
  }

  /** Writes what is in memory as a segment now; resolves when that is committed or an attempt has failed. */
  async seal(): Promise<Result<void>> {
    await this.#sealing;
    if (this.#frozen) {
      this.#startSeal();
      await this.#sealing;
    }
    if (!this.#sealFault) this.#startSeal();
    await this.#sealing;
    return this.#sealFault ? { ok: false, fault: this.#sealFault } : success(undefined);
  }

  /** Resolves when segments that were to be merged are, and what is not needed any more is removed. */
  settle(): Promise<void> {
    return this.#shelf.settle();
  }

  /** Waits for a segment that is being written; what is in memory stays in the log. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#sealing;
    await this.#keeper.close();
    await this.#shelf.close();
  }

  /** Memory is copied now: a store may be written and its slabs used again before the scan comes to it. */
  #hotSources(tag: TagIndex, { start, end, receivedBefore, withReceived }: ScanRange): ScanSource<RunSummary>[] {
    const sources: ScanSource<RunSummary>[] = [];
    const needsReceived = withReceived === true || receivedBefore !== undefined;
    for (const [age, store] of [this.#frozen?.store, this.#live].entries()) {
      const read = store?.read(tag, start, end, needsReceived);
      const run = read && receivedBefore !== undefined ? knownRows(read, receivedBefore) : read;
      if (!run || run.times.length === 0) continue;
      const rank = Number.MAX_SAFE_INTEGER - 1 + age;
      sources.push({ minTime: run.times[0], maxTime: run.times[run.times.length - 1], rank, read: () => run });
    }
    return sources;
  }

  #arm(delayMs: number): void {
    this.#cancelTimer();
    if (!this.#closed) this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#startSeal());
  }

  #startSeal(): void {
    if (this.#sealing || this.#closed || !this.#source) return;
    if (!this.#frozen && this.#live.samples === 0) {
      this.#arm(this.#options.sealIntervalMs);
      return;
    }
    const source = this.#source;
    this.#frozen ??= this.#freeze(source);
    this.#sealing = this.#write(this.#frozen, source).then((fault) => {
      this.#sealing = undefined;
      this.#sealFault = fault;
      if (!fault && this.#live.bytes >= this.#options.hotBytes) this.#startSeal();
      else this.#arm(fault ? RETRY_MS : this.#options.sealIntervalMs);
    });
  }

  #makeStore(): HotStore {
    const { editedBetween, hotBytes } = this.#options;
    return new HotStore({ pool: this.#pool, editedBetween, hotBytes, tags: this.#latest.tags });
  }

  #freeze(source: SealSource): FrozenStore {
    const { generation, record: end } = this.#next;
    // A log that began anew left no samples of its old life in memory: the archive was opened since.
    const from = this.#liveFrom.generation === generation ? this.#liveFrom.record : 0;
    const head = {
      generation,
      from,
      end,
      revision: 0,
      received: this.#received,
      ledgers: source.ledgers(),
      days: this.#live.days,
    };
    const frozen = { store: this.#live, head };
    this.#live = this.#makeStore();
    this.#liveFrom = this.#next;
    this.#received = NEVER;
    return frozen;
  }

  async #write({ store, head }: FrozenStore, source: SealSource): Promise<Fault | undefined> {
    const { directory, events, clock } = this.#options;
    let segment: Segment | undefined;
    try {
      const name = await this.#keeper.run<'seal'>({ kind: 'seal', directory, head, store: store.snapshot() });
      segment = await this.#shelf.open(name);
      if (!segment) return failure('archive.unwritable', `${name} could not be read after it was written`).fault;
    } catch (error) {
      const { code, message } = error as KeeperError;
      if (code === THREAD_ENDED) events({ at: clock.now(), kind: 'worker.crashed', source: 'keeper', detail: message });
      return failure(isFull(code) ? 'archive.full' : 'archive.unwritable', message).fault;
    }
    // One turn, in which nobody else reads: no scan finds the samples in both, or in neither.
    this.#shelf.add(segment);
    this.#frozen = undefined;
    store.release();
    await source.covered({ generation: head.generation, record: head.end });
    this.#shelf.startWork();
    return undefined;
  }
}

function isFull(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
