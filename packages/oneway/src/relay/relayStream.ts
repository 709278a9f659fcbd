/**
 * One lane of one gateway in a relay: keeps its blocks, byte for byte, until the other side has them.
 *
 * Invariants:
 * - A block is acknowledged to the gateway, and given to a reader, only when it is durable, and only as it came.
 * - What is acknowledged stays until the other side has it, or until it expires or is found damaged: then its samples are
 *   counted, and the count is durable before the block is gone.
 * - What waits here comes from one spool of the gateway: blocks of another one are taken when all of it has been delivered.
 * - A state that is older than the journal costs repetitions only, which the other side drops.
 */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Heartbeat, Role, SpoolClaim, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { SpoolDepth, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { judgeSpool } from '@tidegate/core/port/judgeSpool.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { Journal } from '@tidegate/journal/journal.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { PatientReader } from '@tidegate/journal/patientReader.ts';
import { StateFile } from '@tidegate/journal/stateFile.ts';
import { PositionStretches } from './positionStretches.ts';
import type { BudgetedStream, RelayBudget } from './relayBudget.ts';
import { RelayQueues } from './relayQueues.ts';
import type { RelayState } from './relayState.ts';
import { type NewestBlock, oldestAtGateway, toldHeartbeat } from './toldHeartbeat.ts';
import { blocksIn } from './waitingBlocks.ts';

export interface RelayStreamOptions extends StreamName {
  /** Of this stream alone; made if it is not there. */
  readonly directory: string;
  readonly budget: RelayBudget;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** More stretches than this with something missing between them are not kept apart: a gateway says what will not come. */
const MAX_STRETCHES = 1024;
/** How much later than a change it is noted on disk. */
const STATE_DELAY_MS = 2_000;
/** Of a stream whose spool has not said which it is. */
const NO_INSTANCE = '0'.repeat(32);
const NOTHING: SpoolDepth = { blocks: 0, samples: 0, bytes: 0 };

export class RelayStream implements BudgetedStream {
  readonly gateway: string;
  readonly lane: Lane;
  readonly queues = new RelayQueues();
  readonly #options: RelayStreamOptions;
  readonly #stateFile: StateFile<RelayState>;
  /** Set once the journal is open. */
  #journal!: Journal;
  #reader!: PatientReader;
  /** What is durable here, or was. */
  readonly #taken: PositionStretches;
  readonly #settled: PositionStretches;
  readonly #underWay = new Map<string, Promise<Result<void>>>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #instance: string | undefined;
  #newest: NewestBlock | undefined;
  #heard: Heartbeat | undefined;
  #arrived = NOTHING;
  #endRecord: number;
  #expired: number;
  #damaged: number;
  #noting: Promise<unknown> = Promise.resolve();
  #cancelNote: CancelTimer | undefined;

  private constructor(options: RelayStreamOptions, stateFile: StateFile<RelayState>) {
    const { instance, settled, endRecord = 0, expired = 0, damaged = 0, heard } = stateFile.found ?? {};
    this.gateway = options.gateway;
    this.lane = options.lane;
    this.#options = options;
    this.#stateFile = stateFile;
    this.#settled = new PositionStretches(settled);
    this.#taken = new PositionStretches(settled);
    this.#instance = instance;
    this.#endRecord = endRecord;
    this.#expired = expired;
    this.#damaged = damaged;
    this.#heard = heard;
  }

  /** Faults: those of the journal. */
  static async open(options: RelayStreamOptions): Promise<Result<RelayStream>> {
    const { directory, budget, clock, events } = options;
    await makeDirectory(directory, 0o700);
    const stateFile = await StateFile.open<RelayState>(directory);
    const state = stateFile.found;
    const stream = new RelayStream(options, stateFile);
    let isOpen = false;
    const opened = await Journal.open({
      directory,
      segmentBytes: budget.segmentBytes,
      onDamage({ file, offset, bytes, firstNumber, endNumber }) {
        const detail = `${bytes} bytes from ${offset} on cannot be read: records from ${firstNumber} to below ${endNumber}`;
        events({ at: clock.now(), kind: 'journal.damaged', source: file, detail });
        if (isOpen) stream.#countDamaged(firstNumber, endNumber);
      },
      onRecord: (record, payload) => stream.#recover(record, payload, state?.endRecord ?? 0),
    });
    if (!opened.ok) return opened;
    stream.#journal = opened.value;
    stream.#reader = new PatientReader({ journal: opened.value, source: stream.#source, clock, events });
    stream.#missSince(state);
    isOpen = true;
    budget.join(stream);
    return success(stream);
  }

  /** Of the spool that the stream comes from. */
  get instance(): string {
    return this.#instance ?? NO_INSTANCE;
  }

  get diskBytes(): number {
    return this.#journal.bytes;
  }

  get depth(): SpoolDepth {
    return this.queues.depth;
  }

  /** Samples that were lost in the relay, since it began. */
  get lost(): { readonly expired: number; readonly damaged: number } {
    return { expired: this.#expired, damaged: this.#damaged };
  }

  /** See `BlockSink.admit`. */
  async admit(claim: SpoolClaim): Promise<Result<void>> {
    const judged = judgeSpool({ instance: this.#instance, newest: this.#newest }, claim);
    if (!judged.ok) return judged;
    if (judged.value === 'known') return success(undefined);
    const { blocks } = this.queues.depth;
    if (this.#instance !== undefined && blocks > 0) {
      const detail = `${blocks} blocks of another gateway of this name wait in the relay and go first`;
      return failure('boundary.twin', detail);
    }
    return this.#adopt(claim.instance);
  }

  /** See `BlockSink.position`. */
  position(first: BlockPosition): BlockPosition | undefined {
    return this.#taken.around(first)?.last;
  }

  /** See `BlockSink.append`. */
  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    if (this.#taken.around(header)) return Promise.resolve(success(undefined));
    const place = `${header.epoch}/${header.sequence}`;
    const underWay = this.#underWay.get(place);
    if (underWay) return underWay;
    if (this.#taken.stretches.length >= MAX_STRETCHES) {
      return Promise.resolve(failure('boundary.not-stored', `${MAX_STRETCHES} stretches are missing before it`));
    }
    const appended = this.#append(header, bytes).finally(() => this.#underWay.delete(place));
    this.#underWay.set(place, appended);
    return appended;
  }

  /** The gateway has been heard. */
  hear(heartbeat: Heartbeat): void {
    this.#heard = heartbeat;
    this.#arrived = NOTHING;
    const oldest = oldestAtGateway(heartbeat, this.#newest);
    if (oldest) this.#taken.closeBefore(oldest);
    else if (this.#newest) this.#taken.closeBefore(this.#newest);
    this.#closeSettled();
    this.#noteSoon();
    this.#wake();
  }

  /** What the other side is told of the stream. */
  told(): Heartbeat {
    const { oldest, depth } = this.queues;
    return toldHeartbeat(this.#heard, { newest: this.#newest, oldest, depth, arrived: this.#arrived, ...this.lost });
  }

  /** Whether blocks of a run before the newest may still come from the gateway. */
  get expectsBacklog(): boolean {
    const oldest = oldestAtGateway(this.#heard, this.#newest);
    return oldest !== undefined && this.#newest !== undefined && oldest.epoch < this.#newest.epoch;
  }

  /** Resolves when something has come, or the gateway has been heard, or when `signal` aborts. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        this.#listeners.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.#listeners.add(finish);
      signal.addEventListener('abort', finish);
    });
  }

  /** The blocks of a queue behind `after`, as `BlockSource.read`. */
  async read(role: Role, after: BlockPosition | undefined, maxBytes: number): Promise<readonly SpooledBlock[]> {
    for (;;) {
      const waiting = this.queues[role].next(after, maxBytes);
      if (waiting.length === 0) return [];
      const [{ record }] = waiting;
      const records = await this.#reader.read(record, maxBytes);
      if (!records) return [];
      const blocks = blocksIn(records, waiting);
      if (blocks.length > 0) return blocks;
      // A block may expire during the read; one that has not has no readable record any more.
      if (this.queues.has(waiting[0])) this.#countDamaged(record, record + 1);
    }
  }

  /** The other side holds the blocks of a queue from `first` up to and including `last`. */
  settle(role: Role, first: BlockPosition, last: BlockPosition): void {
    this.queues[role].removeThrough(first, last, (block) => this.#settled.add(block));
    this.#closeSettled();
    this.#noteSoon();
  }

  async expireOldest(why: string): Promise<boolean> {
    const end = this.#journal.oldestSegmentEnd;
    if (end === undefined) return false;
    let samples = 0;
    this.queues.removeRecords(0, end, (block) => {
      this.#settled.add(block);
      samples += block.samples;
    });
    this.#expired += samples;
    if (samples > 0) this.#emit('spool.expired', `${samples} samples: undelivered, and ${why}`);
    await this.#note();
    return this.#journal.oldestSegmentEnd !== end;
  }

  /** Waits for what is under way, notes the state and lets go of the directory. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#reader.close();
    await Promise.all(this.#underWay.values());
    this.#cancelNote?.();
    await this.#note();
    await this.#journal.close();
    this.#wake();
  }

  async #append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    const { budget } = this.#options;
    for (;;) {
      const admitted = await budget.admit(this.lane);
      if (!admitted.ok) return admitted;
      const appended = await this.#journal.append(bytes);
      if (appended.ok) {
        this.#take(header, bytes.length, appended.value);
        return success(undefined);
      }
      if (appended.fault.code !== 'journal.full' || !(await budget.makeRoom(this.lane))) return appended;
    }
  }

  /** What the spool before said of itself holds no more. */
  async #adopt(instance: string): Promise<Result<void>> {
    const before = this.#instance;
    this.#instance = instance;
    this.#heard = undefined;
    this.#arrived = NOTHING;
    const noted = await this.#note(true);
    if (!noted.ok) this.#instance = before;
    return noted;
  }

  #take(header: BlockHeader, bytes: number, record: number): void {
    const { epoch, sequence, count: samples } = header;
    this.#taken.add(header);
    this.#know(header);
    this.queues.add({ epoch, sequence, record, samples, bytes });
    this.#endRecord = Math.max(this.#endRecord, record + 1);
    const { blocks, samples: before, bytes: bytesBefore } = this.#arrived;
    this.#arrived = { blocks: blocks + 1, samples: before + samples, bytes: bytesBefore + bytes };
    this.#wake();
  }

  /** What is no block, or of another stream, is as good as damaged. */
  #recover(record: number, payload: Uint8Array, endRecord: number): void {
    const checked = checkBlock(payload, crc32);
    if (!checked.ok || checked.value.gateway !== this.gateway || checked.value.lane !== this.lane) return;
    const { epoch, sequence, count: samples } = checked.value;
    const isSettled = record < endRecord && this.#settled.around(checked.value) !== undefined;
    this.#know(checked.value);
    this.#endRecord = Math.max(this.#endRecord, record + 1);
    if (isSettled || this.queues.has(checked.value)) return;
    this.#taken.add(checked.value);
    this.queues.add({ epoch, sequence, record, samples, bytes: payload.length }, true);
  }

  /** What waited when the state was written, and neither waits now nor can have been delivered since, is damaged. */
  #missSince(state: RelayState | undefined): void {
    const delivered = this.#settled.stretches.at(-1);
    if (delivered) this.queues.knowDelivered(delivered.last);
    if (!state) return;
    let found = 0;
    for (const block of this.queues.backlog.next(undefined, Number.POSITIVE_INFINITY)) {
      if (block.record < state.endRecord) found += block.samples;
    }
    this.#damaged = Math.max(this.#damaged, state.damaged + Math.max(0, state.waitingSamples - found));
  }

  #know({ epoch, sequence, sealedAt, tally }: BlockHeader): void {
    if (this.#newest && comparePositions({ epoch, sequence }, this.#newest) <= 0) return;
    this.#newest = { epoch, sequence, sealedAt, tally };
  }

  #countDamaged(first: number, end: number): void {
    this.queues.removeRecords(first, end, (block) => {
      this.#settled.add(block);
      this.#damaged += block.samples;
    });
    this.#noteSoon();
  }

  /** What lies before all that waits here or may still come is settled, with whatever gaps there are in it. */
  #closeSettled(): void {
    const oldest = this.told().oldest ?? this.#newest;
    if (oldest) this.#settled.closeBefore(oldest);
  }

  #wake(): void {
    for (const wake of this.#listeners) wake();
  }

  #noteSoon(): void {
    if (this.#closing.signal.aborted) return;
    this.#cancelNote ??= this.#options.clock.after(STATE_DELAY_MS, () => void this.#note());
  }

  /** Notes the state, durably where that is asked for, or before segments are dropped in which nothing waits. */
  #note(durably = false): Promise<Result<void>> {
    this.#cancelNote?.();
    this.#cancelNote = undefined;
    const noted = this.#noting.then(async (): Promise<Result<void>> => {
      const below = this.queues.oldestRecord ?? this.#endRecord;
      try {
        const drops = (this.#journal.oldestSegmentEnd ?? Number.POSITIVE_INFINITY) <= below;
        await this.#stateFile.write(this.#state(), durably || drops);
      } catch (error) {
        // Where the disk is full the older state stays, and with it what it does not know to be delivered.
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        return failure('boundary.not-stored', message);
      }
      await this.#journal.dropBefore(below);
      return success(undefined);
    });
    this.#noting = noted;
    return noted;
  }

  #state(): RelayState {
    return {
      instance: this.#instance,
      settled: this.#settled.stretches,
      endRecord: this.#endRecord,
      waitingSamples: this.queues.depth.samples,
      expired: this.#expired,
      damaged: this.#damaged,
      heard: this.#heard,
    };
  }

  #emit(kind: EventKind, detail: string): void {
    const { clock, events } = this.#options;
    events({ at: clock.now(), kind, source: this.#source, detail });
  }

  get #source(): string {
    return `${this.gateway}, ${this.lane} lane, in the relay`;
  }
}
