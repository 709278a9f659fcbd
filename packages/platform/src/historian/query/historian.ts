/** The process historian as one thing: what the boundary writes into, and what the rest of the platform reads from. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { Archive, type ArchiveStatistics } from '../archive/archive.ts';
import { METADATA_FILE, SEGMENT_DIRECTORY } from '../archive/archiveFiles.ts';
import { type ArchiveHold, holdArchive } from '../archive/care/holdArchive.ts';
import { FreeSpace } from '../archive/freeSpace.ts';
import type { LatestColumns } from '../archive/hot/latestValues.ts';
import { Retention, type RetentionRule } from '../archive/keep/retention.ts';
import { RetentionClock } from '../archive/keep/retentionClock.ts';
import type { ShelfLease } from '../archive/keep/segmentShelf.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { DayCounts } from '../archive/segment/dayCounts.ts';
import { Annotations } from '../archive/versions/annotations.ts';
import { type EditOutcome, type EditRequest, editedFrom } from '../archive/versions/edit.ts';
import { EditLog } from '../archive/versions/editLog.ts';
import type { Admission } from '../ingest/admission.ts';
import { Ingest } from '../ingest/ingest.ts';
import type { EvidenceStore } from '../ingest/ledger/evidenceStore.ts';
import type { SignedLedger } from '../ingest/ledger/signedLedger.ts';
import { MetadataDatabase } from '../ingest/metadataDatabase.ts';
import { RecordingClock } from '../ingest/recordingClock.ts';
import type { StateNames } from '../ingest/stateNames.ts';
import type { TagVersion } from '../ingest/storedTag.ts';
import type { StreamLedger } from '../ingest/streamLedger.ts';
import { StreamSpools } from '../ingest/streamSpools.ts';
import { TagCatalogue } from '../ingest/tagCatalogue.ts';
import { Watermarks } from '../ingest/watermark.ts';
import type { WriteAheadLog } from '../ingest/writeAheadLog.ts';
import { AccountedLog } from './accountedLog.ts';
import { EditMoments } from './editMoments.ts';
import type { HistorianReader, LiveBatch, RangeEnd, StoredTag, TagIndex } from './historianReader.ts';
import { History, readBase } from './history.ts';
import { HistoryImport, type ImportedSeries, type ImportedTag } from './historyImport.ts';
import { HistoryQueries } from './historyQueries.ts';
import { LatestSamples } from './latestSamples.ts';
import { LiveFeed } from './liveFeed.ts';
import { RunBuilder } from './runBuilder.ts';

export interface HistorianOptions {
  /** Data directory, made if it is not there; one process at a time holds it. */
  readonly directory: string;
  readonly clock: Clock;
  /** Told of damage that was found (`archive.damaged`, `journal.damaged`); what is undamaged is served all the same. */
  readonly events: EventSink;
  /**
   * Samples are kept in memory up to this size and then written to disk as a segment; meanwhile the next ones may take as
   * much again. 48 MiB by default.
   */
  readonly hotBytes?: number;
  /** Samples are written to disk as a segment at the latest after this time. 10 minutes by default. */
  readonly sealIntervalMs?: number;
  /** The part of one processor that merging and checking what is on disk may take. A half by default. */
  readonly keeperShare?: number;
  /** The first rule that fits a tag holds for it; a tag that none fits is kept for ever. */
  readonly retention?: readonly RetentionRule[];
  /** Which tags are taken from gateways; all, where it is left out. */
  readonly admission?: Admission;
  /** Of which paths of the plant several gateways may have a tag; of none, where it is left out. */
  readonly isShared?: (path: string) => boolean;
  /** So much of the log is kept as evidence when the archive needs it no more; nothing where it is left out, or 0. */
  readonly evidenceBytes?: number;
  /** PEM text of the authorities that gateways have their certificates from; without it nothing is settled. */
  readonly authorities?: () => string | undefined;
}

export interface HistorianStatistics extends ArchiveStatistics {
  readonly tags: number;
  /** Size of the write-ahead log. */
  readonly logBytes: number;
  /** Size of segments and log together. */
  readonly diskBytes: number;
}

interface HistorianParts {
  readonly metadata: MetadataDatabase;
  readonly catalogue: TagCatalogue;
  readonly archive: Archive;
  readonly edits: EditLog;
  readonly annotations: Annotations;
  readonly history: History;
  readonly queries: HistoryQueries;
  readonly latest: LatestSamples;
  readonly imports: HistoryImport;
  readonly accounted: AccountedLog;
  readonly ingest: Ingest;
  readonly live: LiveFeed;
  readonly freeSpace: FreeSpace;
  readonly keepFrom: () => Float64Array;
  /** The data directory. */
  readonly directory: string;
}

const DEFAULT_HOT_BYTES = 48 * 1024 * 1024;
const DEFAULT_SEAL_INTERVAL_MS = 10 * 60_000;
const DEFAULT_KEEPER_SHARE = 0.5;
const NOTHING_EXPIRES = new Float64Array(0);

/** `from` is the earliest time (µs) that has changed. */
export type EditListener = (tag: TagIndex, from: number) => void;

export class Historian implements HistorianReader {
  readonly #parts: HistorianParts;
  readonly #editListeners = new Set<EditListener>();
  #closing: Promise<void> | undefined;

  private constructor(parts: HistorianParts) {
    this.#parts = parts;
  }

  /**
   * Opens what the directory holds and brings back what the log has beyond the segments. Faults: `archive.in-use`,
   * `archive.full`, `archive.unwritable`, and those of the journal. Damaged segments and records are events.
   */
  static async open(options: HistorianOptions): Promise<Result<Historian>> {
    const closers: (() => unknown)[] = [];
    const opened = await openParts(options, closers).catch((error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error;
      return failure('archive.unwritable', error.message);
    });
    if (opened.ok) return success(new Historian(opened.value));
    for (const close of closers) await close();
    return opened;
  }

  /** Where the receiving end of the boundary hands over blocks, tag lists and heartbeats. */
  get sink(): BlockSink {
    return this.#parts.ingest;
  }

  ledgers(): readonly StreamLedger[] {
    return this.#parts.ingest.ledgers();
  }

  /** What gateways have signed, and what the server holds of it. */
  get signedLedger(): SignedLedger {
    return this.#parts.accounted.signed;
  }

  /** Files of the log that are kept; `undefined` where none are. */
  get evidence(): EvidenceStore | undefined {
    return this.#parts.accounted.evidence;
  }

  /** What came, as it came: blocks that the archive does not hold yet, and perhaps others. */
  get log(): Pick<WriteAheadLog, 'blocks'> {
    return this.#parts.accounted.log;
  }

  statistics(): HistorianStatistics {
    const { archive, accounted, catalogue } = this.#parts;
    const statistics = archive.statistics();
    const logBytes = accounted.log.bytes;
    return { ...statistics, tags: catalogue.tags.length, logBytes, diskBytes: statistics.segmentBytes + logBytes };
  }

  /** As `FreeSpace.bytes`. */
  freeDiskBytes(): Promise<number | null> {
    return this.#parts.freeSpace.bytes();
  }

  tags(): readonly StoredTag[] {
    return this.#parts.catalogue.tags;
  }

  /** Another number after any tag has been added or defined anew. */
  get tagRevision(): number {
    return this.#parts.catalogue.revision;
  }

  tag(index: TagIndex): StoredTag | undefined {
    return this.#parts.catalogue.tags[index];
  }

  latest(index: TagIndex): Sample | undefined {
    return this.#parts.latest.get(index);
  }

  latestColumns(tags: ArrayLike<TagIndex>): LatestColumns {
    return this.#parts.latest.columns(tags);
  }

  /** Every question about history. */
  get queries(): HistoryQueries {
    return this.#parts.queries;
  }

  /** Every definition of a tag, oldest first. Fault: `archive.unwritable`. */
  definitions(index: TagIndex): Result<readonly TagVersion[]> {
    return this.#parts.catalogue.versions(index);
  }

  /** What the values of a digital tag stand for, at any time. */
  stateNames(index: TagIndex): Result<StateNames> {
    return this.#parts.catalogue.stateNames(index);
  }

  /** The notes of people on samples. */
  get annotations(): Annotations {
    return this.#parts.annotations;
  }

  /** The samples of tags, edits applied. */
  get history(): History {
    return this.#parts.history;
  }

  /** As `EditLog.apply`. */
  async edit(request: EditRequest): Promise<Result<EditOutcome>> {
    const applied = await this.#parts.edits.apply(request);
    if (!applied.ok || !applied.value.edit) return applied;
    await this.#parts.latest.refresh(request.tag);
    for (const listener of this.#editListeners) listener(request.tag, editedFrom(request));
    return applied;
  }

  /** Calls `listener` with each change of history that is made by `edit` from now on; returns the way to stop it. */
  onEdit(listener: EditListener): () => void {
    const own: EditListener = (tag, from) => listener(tag, from);
    this.#editListeners.add(own);
    return () => this.#editListeners.delete(own);
  }

  /** As `HistoryImport.importSamples`. */
  importSamples(series: readonly ImportedSeries[], by: string): Promise<Result<readonly ImportedTag[]>> {
    return this.#parts.imports.importSamples(series, by);
  }

  async raw(
    index: TagIndex,
    start: Timestamp,
    end: Timestamp,
    limit: number,
    first: RangeEnd = 'oldest',
  ): Promise<SampleRun> {
    const runs = new RunBuilder(limit, first);
    if (limit <= 0) return runs.build();
    const direction = first === 'oldest' ? 'forward' : 'backward';
    for await (const run of this.history.scan(index, { start, end }, direction)) {
      if ('times' in run) runs.add(run);
      if (runs.isFull) break;
    }
    return runs.build();
  }

  subscribe(listener: (batch: LiveBatch) => void): () => void {
    return this.#parts.live.subscribe(listener);
  }

  /** Of what is in segments: samples by the day of their time. */
  sealedDays(): DayCounts {
    return this.#parts.archive.sealedDays();
  }

  /** By tag the time (µs) before which samples have expired, whether they have been let go yet or not; empty where none do. */
  keepFrom(): Float64Array {
    return this.#parts.keepFrom();
  }

  /** The segments as they are now; none of their files is removed until the lease is released. */
  leaseSegments(): ShelfLease {
    return this.#parts.archive.lease();
  }

  /** Every change of history. */
  get edits(): EditLog {
    return this.#parts.edits;
  }

  /** As `holdArchive`: what a backup is made of. */
  hold(metadataCopy: string): Promise<Result<ArchiveHold>> {
    return holdArchive(this.#parts, metadataCopy);
  }

  /** Writes what is in memory to disk as a segment now. Faults: `archive.full`, `archive.unwritable`. */
  seal(): Promise<Result<void>> {
    return this.#parts.archive.seal();
  }

  /** Resolves when what was to be merged on disk is. */
  settle(): Promise<void> {
    return this.#parts.archive.settle();
  }

  /** Waits for blocks that are under way. Needs no seal: the log holds what no segment does. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { ingest, archive, accounted, metadata } = this.#parts;
    await ingest.close();
    await archive.close();
    await accounted.close();
    metadata.close();
  }
}

/** Adds to `closers` the way to close each part that has been opened. */
async function openParts(options: HistorianOptions, closers: (() => unknown)[]): Promise<Result<HistorianParts>> {
  const { directory, clock, events, retention: rules = [], evidenceBytes = 0, authorities = () => undefined } = options;
  const segments = join(directory, SEGMENT_DIRECTORY);
  await makeDirectory(segments);
  const opened = MetadataDatabase.open(join(directory, METADATA_FILE));
  if (!opened.ok) return opened;
  const metadata = opened.value;
  closers.push(() => metadata.close());
  const recording = new RecordingClock(clock, metadata.lastRecordedAt());
  const catalogue = new TagCatalogue(metadata, recording.stamp, options);
  const retention = new Retention(rules);
  const retentionClock = new RetentionClock(metadata, clock);
  const expiry = () =>
    rules.length === 0 ? NOTHING_EXPIRES : retention.keepFrom(catalogue.tags, retentionClock.now());
  const moments = new EditMoments();
  const archive = await Archive.open({
    ...{ directory: segments, clock, events },
    hotBytes: options.hotBytes ?? DEFAULT_HOT_BYTES,
    sealIntervalMs: options.sealIntervalMs ?? DEFAULT_SEAL_INTERVAL_MS,
    keeperShare: options.keeperShare ?? DEFAULT_KEEPER_SHARE,
    keepFrom: expiry,
    editedBetween: moments.between,
  });
  closers.push(() => archive.close());
  const { covered, coveredReceipt, coveredLedgers: ledgers } = archive;
  recording.advanceTo(coveredReceipt);
  const edits = new EditLog({
    database: metadata,
    // The archive must know the moment before any record that comes later, while the edit is still being checked.
    stamp: () => moments.add(recording.stamp()),
    readBase: (...range) => readBase(archive, ...range),
  });
  const edited = edits.since(coveredReceipt);
  if (!edited.ok) return edited;
  for (const { edit } of edited.value) moments.add(edit.at);
  const spools = new StreamSpools(metadata);
  let accounts: () => readonly StreamLedger[] = () => ledgers;
  const parts = { metadata, catalogue, covered, evidenceBytes, authorities, ledgers: () => accounts() };
  const opening = await AccountedLog.open({ directory, clock, events, ...parts });
  if (!opening.ok) return opening;
  const accounted = opening.value;
  const { log, account } = accounted;
  closers.push(() => accounted.close());
  const live = new LiveFeed();
  const history = new History(archive, edits);
  const latest = new LatestSamples(archive, edits, history);
  const ingest = new Ingest({
    ...{ log, store: archive, catalogue, spools, clock, recording, events, ledgers, account },
    publish(tags, block) {
      latest.take(tags, block);
      live.publish({ tags, block });
    },
  });
  accounts = () => ingest.ledgers();
  archive.attach({ ledgers: accounts, covered: accounted.letGo });
  const replayed = await ingest.replay(covered);
  if (!replayed.ok) return replayed;
  await latest.load();
  accounted.start();
  const annotations = new Annotations(metadata, recording.stamp);
  const watermarks = () => new Watermarks(ingest.ledgers(), clock.now());
  const queries = new HistoryQueries({ history, edits, annotations, watermarks });
  const imports = new HistoryImport({ catalogue, ingest, archive, clock });
  return success({
    ...{ metadata, catalogue, archive, edits, annotations, history, queries, latest },
    ...{ imports, accounted, ingest, live, freeSpace: new FreeSpace(directory, clock), keepFrom: expiry, directory },
  });
}
