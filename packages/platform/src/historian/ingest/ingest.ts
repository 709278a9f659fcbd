/**
 * Takes blocks from the boundary: into the log first, then into the store, each exactly once and in the order of its stream.
 *
 * Invariants:
 * - `append` succeeds only when the block's record is durable and its samples are in the store.
 * - The store gets the records in the order of the log, and each account moves in the same turn as the store: whenever the
 *   store is written to disk, the accounts belong to exactly the samples in it.
 * - Of one stream no block is kept behind one that failed. Where a record became durable behind a failed one (they were
 *   under way together), the stream takes nothing until that record has been made void in the log: a start would
 *   otherwise bring it back, and the failed block, when it came again, would pass for a repetition.
 */

import { crc32 } from 'node:zlib';
import { decodeBlock, decodeColumns } from '@tidegate/core/block/decodeBlock.ts';
import {
  type BlockHeader,
  type BlockPosition,
  comparePositions,
  type SampleBlock,
} from '@tidegate/core/block/sampleBlock.ts';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, Heartbeat, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { LogPosition } from './logPosition.ts';
import type { RecordingClock } from './recordingClock.ts';
import type { SampleStore } from './sampleStore.ts';
import { addBlock, isRepetition, type StreamLedger } from './streamLedger.ts';
import type { AdmittedBlock, TagCatalogue } from './tagCatalogue.ts';
import type { WriteAheadLog } from './writeAheadLog.ts';

export interface IngestOptions {
  readonly log: Pick<WriteAheadLog, 'append' | 'makeVoid' | 'replay'>;
  readonly store: SampleStore;
  readonly catalogue: TagCatalogue;
  readonly clock: Clock;
  /** Says when something is taken. */
  readonly recording: RecordingClock;
  readonly events: EventSink;
  /** The accounts as of the first record that will be replayed. */
  readonly ledgers: readonly StreamLedger[];
  /** Told of samples when they are durable and in the store; row `i` belongs to tag `tags[i]`. */
  readonly publish: (tags: Uint32Array, block: SampleBlock) => void;
}

/** A block on its way through the log. */
interface Passage extends BlockPosition {
  readonly done: Promise<Result<void>>;
}

interface Stream {
  ledger: StreamLedger | undefined;
  heartbeat: Heartbeat | undefined;
  /** In the order of the stream, all behind the position of the ledger. */
  readonly underWay: Passage[];
  /** The first block under way that failed; those behind it fail for the same reason. */
  failure: StreamFailure | undefined;
  /** Records that have to be made void before the stream may go on. */
  voiding: number;
}

interface StreamFailure {
  readonly position: BlockPosition;
  readonly fault: Fault;
}

/** A block ready for the log: its samples, and the promise of its record. */
interface Submission {
  readonly tags: Uint32Array;
  /** What of it may be stored. */
  readonly admitted: AdmittedBlock;
  readonly receivedAt: Timestamp;
  readonly logged: Promise<Result<LogPosition>>;
}

type Arrival = Pick<Submission, 'tags' | 'admitted' | 'receivedAt'>;

const VOID_RETRY_MS = 1_000;

export class Ingest implements BlockSink {
  readonly #options: IngestOptions;
  readonly #streams = new Map<string, Stream>();
  /** Settles when the last block has been handed to the log, and when it has been applied: both keep the order of calls. */
  #submitted: Promise<unknown> = Promise.resolve();
  #applied: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: IngestOptions) {
    this.#options = options;
    for (const ledger of options.ledgers) {
      const stream = this.#stream(ledger);
      stream.ledger = ledger;
      stream.heartbeat = ledger.heartbeat;
    }
  }

  /**
   * Brings back what the log holds behind the archive; before the first `append`. Resolves with the number of samples.
   * Faults: `archive.unwritable` where the system does not let the log be read, and those of the catalogue.
   */
  async replay(from: LogPosition): Promise<Result<number>> {
    try {
      return await this.#replay(from);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure('archive.unwritable', `the log of what the archive does not hold yet cannot be read: ${message}`);
    }
  }

  async #replay(from: LogPosition): Promise<Result<number>> {
    let samples = 0;
    for await (const { at, receivedAt, payload } of this.#options.log.replay(from)) {
      const decoded = decodeBlock(payload, crc32);
      if (!decoded.ok) {
        const detail = `record ${at.record} is no block: ${decoded.fault.detail}`;
        this.#options.events({ at: this.#options.clock.now(), kind: 'journal.damaged', source: 'log', detail });
        continue;
      }
      const { header, block } = decoded.value;
      const stream = this.#stream(header);
      if (isRepetition(stream.ledger?.position, header)) continue;
      // A full disk is no reason not to start: what the log holds was in memory before, too.
      await this.#options.store.admit();
      const admitted = this.#options.catalogue.admit(header.gateway, block);
      const tags = this.#options.catalogue.resolve(header.gateway, admitted.block);
      if (!tags.ok) return tags;
      this.#options.recording.advanceTo(receivedAt);
      this.#apply(stream, header, at, { tags: tags.value, admitted, receivedAt: receivedAt as Timestamp });
      samples += admitted.block.count;
    }
    const expelled = await this.#expelStrangers();
    return expelled.ok ? success(samples) : expelled;
  }

  /** A policy that has become stricter holds from the first new block on, and takes nothing back. */
  async #expelStrangers(): Promise<Result<void>> {
    const { catalogue, store } = this.#options;
    if (!catalogue.hasStrangers) return success(undefined);
    const sealed = await store.seal();
    return sealed.ok ? catalogue.expel() : sealed;
  }

  /** One account for each stream that has brought a block. */
  ledgers(): readonly StreamLedger[] {
    const ledgers: StreamLedger[] = [];
    for (const { ledger, heartbeat } of this.#streams.values()) if (ledger) ledgers.push({ ...ledger, heartbeat });
    return ledgers;
  }

  position(stream: StreamName): BlockPosition | undefined {
    return this.#streams.get(keyOf(stream))?.ledger?.position;
  }

  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    const stream = this.#stream(header);
    if (isRepetition(stream.ledger?.position, header)) return countRepeated(stream, header, success(undefined));
    const first = stream.underWay.find((passage) => comparePositions(header, passage) <= 0);
    if (first) return countRepeated(stream, header, first.done);
    if (stream.failure) return Promise.resolve({ ok: false, fault: stream.failure.fault });
    const done = this.#take(stream, header, bytes);
    stream.underWay.push({ epoch: header.epoch, sequence: header.sequence, done });
    return done;
  }

  defineTags(gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>> {
    // The complete list comes again with each connection; mostly it says nothing new.
    const before = this.#applied;
    const defined = this.#submitted.then(async () => {
      const { catalogue, store } = this.#options;
      if (catalogue.renumbers(gateway, tags)) {
        // What is logged under the old numbers must not be replayed under the new ones.
        await before;
        const sealed = await store.seal();
        if (!sealed.ok) return sealed;
      }
      return catalogue.define(gateway, tags);
    });
    this.#submitted = defined;
    return defined;
  }

  heartbeat(stream: StreamName, heartbeat: Heartbeat): void {
    this.#stream(stream).heartbeat = heartbeat;
  }

  /** Waits for the blocks that are under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#applied;
  }

  #take(stream: Stream, header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    const submission = this.#submitted.then(() => this.#submit(stream, header, bytes));
    this.#submitted = submission;
    const done = Promise.all([submission, this.#applied]).then(async ([submitted]) => {
      const result = submitted.ok ? await this.#finish(stream, header, submitted.value) : submitted;
      stream.underWay.shift();
      goOn(stream);
      return result;
    });
    this.#applied = done;
    return done;
  }

  /** Hands a block to the log and does not wait for it, so that those behind can share its sync. */
  async #submit(stream: Stream, header: BlockHeader, bytes: Uint8Array): Promise<Result<Submission>> {
    const { catalogue, log, recording, store } = this.#options;
    const room = await store.admit();
    if (room && !room.ok) return fail(stream, header, room.fault);
    if (stream.failure) return { ok: false, fault: stream.failure.fault };
    const block = decodeColumns(bytes, header);
    if (!block.ok) return fail(stream, header, block.fault);
    const admitted = catalogue.admit(header.gateway, block.value);
    const tags = catalogue.resolve(header.gateway, admitted.block);
    if (!tags.ok) return fail(stream, header, tags.fault);
    const receivedAt = recording.stamp();
    return success({ admitted, tags: tags.value, receivedAt, logged: log.append(bytes, receivedAt) });
  }

  async #finish(stream: Stream, header: BlockHeader, submission: Submission): Promise<Result<void>> {
    const result = await submission.logged;
    if (!result.ok) return fail(stream, header, result.fault);
    if (stream.failure && comparePositions(header, stream.failure.position) > 0) {
      stream.voiding++;
      void this.#makeVoid(stream, result.value);
      return { ok: false, fault: stream.failure.fault };
    }
    this.#apply(stream, header, result.value, submission);
    const { tags, admitted } = submission;
    this.#options.publish(tags, admitted.block);
    this.#options.catalogue.account(header.gateway, header.lane, admitted, tags);
    return success(undefined);
  }

  async #makeVoid(stream: Stream, at: LogPosition): Promise<void> {
    const { log, clock } = this.#options;
    for (let made = await log.makeVoid(at); !made.ok; made = await log.makeVoid(at)) {
      if (this.#closed) return;
      await delay(clock, VOID_RETRY_MS);
    }
    stream.voiding--;
    goOn(stream);
  }

  /** The account and the store move together, and nothing may come between them. */
  #apply(stream: Stream, header: BlockHeader, at: LogPosition, { tags, admitted, receivedAt }: Arrival): void {
    const { block } = admitted;
    stream.ledger = addBlock(stream.ledger, header, receivedAt, header.count - block.count);
    const receipt = { receivedAt, stream: keyOf(header), reaches: reachOf(header, block) };
    this.#options.store.insert(at, receipt, tags, block);
  }

  #stream(name: StreamName): Stream {
    const key = keyOf(name);
    let stream = this.#streams.get(key);
    if (!stream) {
      const nothing = { ledger: undefined, heartbeat: undefined, failure: undefined };
      stream = { ...nothing, underWay: [], voiding: 0 };
      this.#streams.set(key, stream);
    }
    return stream;
  }
}

/** A repetition has the fate of the first coming of its block. */
async function countRepeated(
  stream: Stream,
  { count }: BlockHeader,
  fate: Result<void> | Promise<Result<void>>,
): Promise<Result<void>> {
  const result = await fate;
  if (result.ok && stream.ledger) stream.ledger = { ...stream.ledger, repeated: stream.ledger.repeated + count };
  return result;
}

/** Marks the stream as failed from `position` on, unless an earlier block has failed already. */
function fail(stream: Stream, position: BlockPosition, fault: Fault): { readonly ok: false; readonly fault: Fault } {
  if (!stream.failure || comparePositions(position, stream.failure.position) < 0) {
    stream.failure = { position: { epoch: position.epoch, sequence: position.sequence }, fault };
  }
  return { ok: false, fault };
}

/** When everything that was under way at a failure has ended, the stream goes on. */
function goOn(stream: Stream): void {
  if (!stream.failure || stream.underWay.length > 0 || stream.voiding > 0) return;
  stream.failure = undefined;
}

/** How far a stream has come with this block. A clock that is ahead at a device does not take the stream along. */
function reachOf({ sealedAt }: BlockHeader, { times, count }: SampleBlock): number {
  if (count === 0) return sealedAt;
  let latest = times[0];
  for (let row = 1; row < count; row++) if (times[row] > latest) latest = times[row];
  return Math.min(latest, sealedAt);
}

function keyOf({ gateway, lane }: StreamName): string {
  return `${lane}/${gateway}`;
}
