/**
 * Holds every sample: the newest in memory, the others in segment files, and answers for both.
 *
 * Invariants:
 * - A sample that was inserted is answered for at every moment: from the live store, from the frozen store while it is
 *   being written, from the segment when that is committed. The change from one to the other happens between two turns.
 * - The samples of a segment are those of the log records in its name, and of no others: what is in memory after a crash
 *   is what the log holds behind the newest segment, so that each sample is there exactly once.
 * - A segment is never changed. A damaged one loses its damaged chunks, is reported, and keeps nobody from starting.
 * - The log is told to drop records only after the segment that holds them is committed.
 *
 *     insert --> live store --(full, or time)--> frozen store --write, rename--> segment files
 *                    |                               |                                |
 *     scan  <--------+-------------------------------+--------------------------------+
 */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { LOG_START, type LogPosition } from '../ingest/logPosition.ts';
import type { SampleStore } from '../ingest/sampleStore.ts';
import type { TagIndex } from '../ingest/storedTag.ts';
import type { StreamLedger } from '../ingest/streamLedger.ts';
import { HotStore } from './hotStore.ts';
import { LatestValues } from './latestValues.ts';
import { OpenFiles } from './openFiles.ts';
import type { SampleRun } from './sampleRun.ts';
import { type ScanDirection, type ScanSource, scanSources } from './scanSources.ts';
import type { Segment, SegmentDamage } from './segment.ts';
import { addSegment, openSegments } from './segmentDirectory.ts';
import type { SegmentHead } from './segmentLayout.ts';
import { SLAB_BYTES, SlabPool } from './slabPool.ts';
import { writeSegment } from './writeSegment.ts';

export interface ArchiveOptions {
  /** Directory of the segment files; it is there. */
  readonly directory: string;
  readonly clock: Clock;
  readonly events: EventSink;
  /** When the live store has reached this size it is written to disk. While it is, a second one may grow as large. */
  readonly hotBytes: number;
  /** The live store is written to disk at the latest after this time. */
  readonly sealIntervalMs: number;
}

export interface ArchiveStatistics {
  /** Samples held, wherever they are. */
  readonly samples: number;
  /** Of these, in memory and not in a segment yet; all of them are in the log. */
  readonly hotSamples: number;
  readonly hotBytes: number;
  readonly segments: number;
  readonly segmentBytes: number;
  /** Damaged places found in segments since the start. */
  readonly damage: number;
}

/** What the archive asks of those who feed it when it makes a segment durable. */
export interface SealSource {
  /** The accounts of all streams, as of the last sample inserted. */
  ledgers(): readonly StreamLedger[];
  /** Every record before `position` is in a segment: the log need not keep it. */
  covered(position: LogPosition): Promise<void>;
}

/** After a failed write of a segment the next attempt waits this long. */
const RETRY_MS = 5_000;
/** Chunks of one segment have ranks of their own within that of the segment. */
const RANKS_PER_SEGMENT = 2 ** 24;

/** A store that takes no more samples, and what its segment will say of it. */
interface FrozenStore {
  readonly store: HotStore;
  readonly head: SegmentHead;
}

export class Archive implements SampleStore {
  readonly #options: ArchiveOptions;
  readonly #files = new OpenFiles();
  readonly #pool: SlabPool;
  #latest = new LatestValues();
  #segments: readonly Segment[] = [];
  #live: HotStore;
  #frozen: FrozenStore | undefined;
  #source: SealSource | undefined;
  /** The record behind the last one inserted, and the first one in the live store. */
  #next: LogPosition = LOG_START;
  #liveFrom: LogPosition = LOG_START;
  #sealing: Promise<void> | undefined;
  #sealFault: Fault | undefined;
  #cancelTimer: CancelTimer = () => {};
  #closed = false;
  #damage = 0;

  private constructor(options: ArchiveOptions) {
    this.#options = options;
    this.#pool = new SlabPool(Math.ceil(options.hotBytes / SLAB_BYTES) + 1);
    this.#live = new HotStore(this.#pool);
  }

  /** Opens what is there; damage is an event, never an error. Rejects where the directory itself cannot be read. */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const archive = new Archive(options);
    const { directory } = options;
    const opened = await openSegments(directory, archive.#files, (damage) => archive.#report(damage));
    archive.#segments = opened.segments;
    archive.#latest = opened.latest;
    const newest = opened.segments.at(-1)?.head;
    if (newest) archive.#liveFrom = { generation: newest.generation, record: newest.end };
    archive.#next = archive.#liveFrom;
    return archive;
  }

  /** The first record that is in no segment: the log is to be replayed from here. */
  get covered(): LogPosition {
    return this.#liveFrom;
  }

  /** The accounts as of `covered`, as they were when the archive was opened. */
  get coveredLedgers(): readonly StreamLedger[] {
    return this.#segments.at(-1)?.head.ledgers ?? [];
  }

  /** Begins to write segments; until then everything stays in memory. */
  attach(source: SealSource): void {
    this.#source = source;
    this.#arm(this.#options.sealIntervalMs);
  }

  admit(): undefined | Result<void> | Promise<Result<void>> {
    if (this.#live.bytes < this.#options.hotBytes) return undefined;
    if (this.#sealFault) return { ok: false, fault: this.#sealFault };
    return this.#sealing?.then(() => this.admit() ?? success(undefined));
  }

  insert(at: LogPosition, tags: Uint32Array, block: SampleBlock): void {
    this.#next = { generation: at.generation, record: at.record + 1 };
    this.#live.insert(tags, block);
    this.#latest.takeBlock(tags, block);
    if (this.#live.bytes >= this.#options.hotBytes) this.#startSeal();
  }

  latest(tag: TagIndex): Sample | undefined {
    return this.#latest.get(tag);
  }

  /** The samples of `tag` with `start <= time < end`, in batches; see `scanSources`. */
  scan(
    tag: TagIndex,
    start: number,
    end: number,
    direction: ScanDirection,
  ): AsyncGenerator<SampleRun, void, undefined> {
    const sources: ScanSource[] = [];
    for (const [ordinal, segment] of this.#segments.entries()) {
      if (segment.minTime < end && segment.maxTime >= start) {
        sources.push(segmentSource(segment, tag, start, end, ordinal * RANKS_PER_SEGMENT));
      }
    }
    // Memory is copied now: a store may be written and its slabs used again before the scan comes to it.
    let rank = this.#segments.length * RANKS_PER_SEGMENT;
    for (const store of [this.#frozen?.store, this.#live]) {
      const run = store?.read(tag, start, end, rank++);
      if (run) sources.push({ minTime: run.times[0], maxTime: run.times[run.times.length - 1], read: () => run });
    }
    return scanSources(sources, direction);
  }

  statistics(): ArchiveStatistics {
    const hotSamples = this.#live.samples + (this.#frozen?.store.samples ?? 0);
    return {
      samples: this.#segments.reduce((sum, segment) => sum + segment.samples, hotSamples),
      hotSamples,
      hotBytes: this.#live.bytes + (this.#frozen?.store.bytes ?? 0),
      segments: this.#segments.length,
      segmentBytes: this.#segments.reduce((sum, segment) => sum + segment.fileBytes, 0),
      damage: this.#damage,
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

  /** Waits for a segment that is being written; what is in memory stays in the log. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#sealing;
    await this.#files.close();
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

  #freeze(source: SealSource): FrozenStore {
    const { generation, record: end } = this.#next;
    // A log that began anew left no samples of its old life in memory: the archive was opened since.
    const from = this.#liveFrom.generation === generation ? this.#liveFrom.record : 0;
    const frozen = { store: this.#live, head: { generation, from, end, ledgers: source.ledgers() } };
    this.#live = new HotStore(this.#pool);
    this.#liveFrom = this.#next;
    return frozen;
  }

  async #write({ store, head }: FrozenStore, source: SealSource): Promise<Fault | undefined> {
    try {
      const name = await writeSegment(this.#options.directory, head, store);
      const segment = await addSegment(this.#options.directory, name, this.#files, this.#segments.at(-1), (damage) =>
        this.#report(damage),
      );
      if (!segment) return failure('archive.unwritable', `${name} could not be read after it was written`).fault;
      this.#segments = [...this.#segments, segment];
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure(isFull(code) ? 'archive.full' : 'archive.unwritable', message).fault;
    }
    this.#frozen = undefined;
    store.release();
    await source.covered({ generation: head.generation, record: head.end });
    return undefined;
  }

  #report({ file, detail }: SegmentDamage): void {
    this.#damage++;
    this.#options.events({ at: this.#options.clock.now(), kind: 'archive.damaged', source: file, detail });
  }
}

function isFull(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

function segmentSource(segment: Segment, tag: TagIndex, start: number, end: number, rank: number): ScanSource {
  return {
    minTime: segment.minTime,
    maxTime: segment.maxTime,
    read: async () => {
      const entries = await segment.entries(tag);
      return entries.flatMap((entry, ordinal) =>
        entry.minTime < end && entry.maxTime >= start
          ? { ...entry, read: () => segment.chunk(entry, rank + ordinal, start, end) }
          : [],
      );
    },
  };
}
