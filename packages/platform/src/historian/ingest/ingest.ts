/**
 * Takes blocks from the boundary: into the log first, then into the store, each exactly once.
 *
 * Invariants:
 * - `append` succeeds only when the block's record is durable and its samples are in the store.
 * - The store gets the records in the order of the log, and each account moves in the same turn as the store: whenever the
 *   store is written to disk, the accounts belong to exactly the samples in it.
 * - Where a block failed, or comes by another connection, its place stays open in the account until the gateway says that
 *   it no longer waits: then, and not before, it is lost.
 * - However much comes in one go, nothing here holds the event loop for more than a few milliseconds.
 */

import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { decodeBlock, decodeColumns } from '@tidegate/core/block/decodeBlock.ts';
import {
  type BlockHeader,
  type BlockPosition,
  comparePositions,
  type SampleBlock,
} from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, Heartbeat, Role, SpoolClaim, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { judgeSpool } from '@tidegate/core/port/judgeSpool.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { BlockAdmission, type ResolvedBlock } from './blockAdmission.ts';
import { ColumnPool, type PooledColumns } from './columnPool.ts';
import { isClosedBy, isInside, MAX_HOLES } from './hole.ts';
import type { LogPosition } from './logPosition.ts';
import type { RecordingClock } from './recordingClock.ts';
import type { SampleStore } from './sampleStore.ts';
import { addBlock, closeHoles, heldFrom, isRepetition, type StreamLedger } from './streamLedger.ts';
import type { StreamSpools } from './streamSpools.ts';
import type { TagCatalogue } from './tagCatalogue.ts';
import type { WriteAheadLog } from './writeAheadLog.ts';

export interface IngestOptions {
  readonly log: Pick<WriteAheadLog, 'append' | 'replay'>;
  readonly store: SampleStore;
  readonly catalogue: TagCatalogue;
  readonly spools: StreamSpools;
  readonly clock: Clock;
  /** Says when something is taken. */
  readonly recording: RecordingClock;
  readonly events: EventSink;
  /** The accounts as of the first record that will be replayed. */
  readonly ledgers: readonly StreamLedger[];
  /** Told of each block when it is durable, with how many of its samples are stored. */
  readonly account?: (header: BlockHeader, bytes: Uint8Array, stored: number) => void;
  /** Told of samples when they are durable and in the store; row `i` belongs to tag `tags[i]`. Nothing of it may be kept. */
  readonly publish: (tags: Uint32Array, block: SampleBlock) => void;
}

/** A block on its way through the log. */
interface Passage extends BlockPosition {
  readonly done: Promise<Result<void>>;
}

interface Stream {
  ledger: StreamLedger | undefined;
  heartbeat: Heartbeat | undefined;
  /** By position, as a text. */
  readonly underWay: Map<string, Passage>;
  /** How many of them may leave a hole before them, because the block before each is neither held nor under way. */
  openings: number;
}

/** A block ready for the log: its samples, and the promise of its record. */
interface Submission extends ResolvedBlock {
  readonly bytes: Uint8Array;
  /** Those of the block, to be given back. */
  readonly columns: PooledColumns;
  readonly receivedAt: Timestamp;
  readonly logged: Promise<Result<LogPosition>>;
}

type Arrival = Pick<Submission, 'bytes' | 'tags' | 'admitted' | 'receivedAt'>;

/** The longest that blocks are worked on without a look at what else there is to do. */
const MAX_TURN_MS = 4;
/** Behind the name of a stream: receipts of what comes beside its newest run. */
const BACKLOG = '/backlog';

export class Ingest implements BlockSink {
  readonly #options: IngestOptions;
  readonly #admission: BlockAdmission;
  readonly #streams = new Map<string, Stream>();
  readonly #columns = new ColumnPool();
  /** Settles when the last block has been handed to the log, and when it has been applied: both keep the order of calls. */
  #submitted: Promise<unknown> = Promise.resolve();
  #applied: Promise<unknown> = Promise.resolve();
  #turnBeganAtMs = 0;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#admission = new BlockAdmission(options.catalogue);
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
      if (isRepetition(stream.ledger, header)) continue;
      // A full disk is no reason not to start: what the log holds was in memory before, too.
      await this.#options.store.admit();
      const { clock, recording } = this.#options;
      const agoMs = Math.max(0, (clock.now() - receivedAt) / US_PER_MS);
      const resolved = this.#resolve(stream, header, block, clock.elapsedMs() - agoMs);
      if (!resolved.ok) return resolved;
      recording.advanceTo(receivedAt);
      this.#apply(stream, header, at, {
        ...resolved.value,
        bytes: payload,
        receivedAt: receivedAt as Timestamp,
      });
      samples += resolved.value.admitted.block.count;
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

  async admit(stream: StreamName, claim: SpoolClaim): Promise<Result<void>> {
    const { spools } = this.#options;
    const instance = spools.get(stream);
    if (!instance.ok) return instance;
    const newest = this.#streams.get(keyOf(stream))?.ledger?.position;
    const judged = judgeSpool({ instance: instance.value, newest }, claim);
    if (!judged.ok) return judged;
    return judged.value === 'known' ? success(undefined) : spools.put(stream, claim.instance);
  }

  position(stream: StreamName, first: BlockPosition, role: Role): BlockPosition | undefined {
    return heldFrom(this.#streams.get(keyOf(stream))?.ledger, first, role);
  }

  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    const stream = this.#stream(header);
    if (isRepetition(stream.ledger, header)) return countRepeated(stream, header, success(undefined));
    const passage = stream.underWay.get(placeOf(header));
    if (passage) return countRepeated(stream, header, passage.done);
    const opens = mayLeaveHole(stream, header);
    if (opens && stream.openings + (stream.ledger?.holes.length ?? 0) >= MAX_HOLES) {
      const detail = `${MAX_HOLES} stretches before it are missing, and the gateway has not said yet what of them waits`;
      return Promise.resolve(failure('boundary.not-stored', detail));
    }
    const done = this.#take(stream, header, bytes, opens ? 1 : 0);
    stream.underWay.set(placeOf(header), { epoch: header.epoch, sequence: header.sequence, done });
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

  /** What it says will never come is given up, unless it came by another connection and is under way. */
  heartbeat(name: StreamName, heartbeat: Heartbeat): void {
    const stream = this.#stream(name);
    stream.heartbeat = heartbeat;
    this.#options.catalogue.admission?.heard(name.gateway, heartbeat.policy, heartbeat.at);
    const closed = stream.ledger?.holes.filter((hole) => isClosedBy(hole, heartbeat)) ?? [];
    if (!stream.ledger || closed.length === 0) return;
    for (const passage of stream.underWay.values()) if (closed.some((hole) => isInside(hole, passage))) return;
    stream.ledger = closeHoles(stream.ledger, heartbeat, this.#options.clock.now());
  }

  /** Waits for the blocks that are under way. */
  async close(): Promise<void> {
    await this.#applied;
  }

  #take(stream: Stream, header: BlockHeader, bytes: Uint8Array, openings: number): Promise<Result<void>> {
    stream.openings += openings;
    const submission = this.#submitted.then(() => this.#submit(stream, header, bytes));
    this.#submitted = submission;
    const done = Promise.all([submission, this.#applied]).then(async ([submitted]) => {
      const result = submitted.ok ? await this.#finish(stream, header, submitted.value) : submitted;
      stream.underWay.delete(placeOf(header));
      stream.openings -= openings;
      return result;
    });
    this.#applied = done;
    return done;
  }

  /** Hands a block to the log and does not wait for it, so that those behind can share its sync. */
  async #submit(stream: Stream, header: BlockHeader, bytes: Uint8Array): Promise<Result<Submission>> {
    const { clock, log, recording, store } = this.#options;
    await this.#letOthersWork();
    const room = await store.admit();
    if (room && !room.ok) return room;
    const columns = this.#columns.take(header.count);
    const block = decodeColumns(bytes, header, columns);
    if (!block.ok) return block;
    const resolved = this.#resolve(stream, header, block.value, clock.elapsedMs(), columns.indexes);
    if (!resolved.ok) return resolved;
    const receivedAt = recording.stamp();
    return success({ ...resolved.value, bytes, columns, receivedAt, logged: log.append(bytes, receivedAt) });
  }

  /** What of a block may be stored, and under which tags: the same when the log is read again. */
  #resolve(
    stream: Stream,
    header: BlockHeader,
    block: SampleBlock,
    arrivedMs: number,
    memory?: Uint32Array,
  ): Result<ResolvedBlock> {
    const admitted = this.#admission.admit(header, block);
    const tags = this.#options.catalogue.resolve(header.gateway, admitted.block, memory);
    if (!tags.ok) return tags;
    const { lane, sealedAt } = header;
    const arrival = { lane, sealedAt, arrivedMs, isBehind: isBehind(stream, header) };
    return success(this.#admission.limit(header, arrival, { admitted, tags: tags.value }));
  }

  async #finish(stream: Stream, header: BlockHeader, submission: Submission): Promise<Result<void>> {
    const result = await submission.logged;
    if (!result.ok) return result;
    await this.#letOthersWork();
    this.#apply(stream, header, result.value, submission);
    const { tags, admitted, columns } = submission;
    this.#options.publish(tags, admitted.block);
    this.#admission.account(header, admitted, tags);
    this.#columns.give(columns);
    return success(undefined);
  }

  async #letOthersWork(): Promise<void> {
    if (performance.now() - this.#turnBeganAtMs < MAX_TURN_MS) return;
    await setImmediate();
    this.#turnBeganAtMs = performance.now();
  }

  /** The account and the store move together, and nothing may come between them. */
  #apply(stream: Stream, header: BlockHeader, at: LogPosition, arrival: Arrival): void {
    const { bytes, tags, admitted, receivedAt } = arrival;
    const { block } = admitted;
    const source = keyOf(header) + (isBehind(stream, header) ? BACKLOG : '');
    stream.ledger = addBlock(stream.ledger, header, receivedAt, header.count - block.count);
    const receipt = { receivedAt, stream: source, reaches: reachOf(header, block) };
    this.#options.store.insert(at, receipt, tags, block);
    this.#options.account?.(header, bytes, block.count);
  }

  #stream(name: StreamName): Stream {
    const key = keyOf(name);
    let stream = this.#streams.get(key);
    if (!stream) {
      stream = { ledger: undefined, heartbeat: undefined, underWay: new Map(), openings: 0 };
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

/** Whether the block before this one is neither held nor under way, so that a stretch between them may be missing. */
function mayLeaveHole({ ledger, underWay }: Stream, { epoch, sequence }: BlockPosition): boolean {
  const before = { epoch, sequence: sequence - 1 };
  const isFirst = ledger === undefined && underWay.size === 0;
  return !isFirst && !underWay.has(placeOf(before)) && !isRepetition(ledger, before);
}

/** Whether a newer block of the stream is held. */
function isBehind({ ledger }: Stream, position: BlockPosition): boolean {
  return ledger !== undefined && comparePositions(position, ledger.position) < 0;
}

/** How far a stream has come with this block. A clock that is ahead at a device does not take the stream along. */
function reachOf({ sealedAt }: BlockHeader, { times, count }: SampleBlock): number {
  if (count === 0) return sealedAt;
  let latest = times[0];
  for (let row = 1; row < count; row++) if (times[row] > latest) latest = times[row];
  return Math.min(latest, sealedAt);
}

function placeOf({ epoch, sequence }: BlockPosition): string {
  return `${epoch}/${sequence}`;
}

function keyOf({ gateway, lane }: StreamName): string {
  return `${lane}/${gateway}`;
}
