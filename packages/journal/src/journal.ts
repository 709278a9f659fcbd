/**
 * A crash-safe, append-only log of records in segment files.
 *
 * Invariants:
 * - A record is acknowledged only after fdatasync has returned; an acknowledged record is found again after any crash.
 * - Records are read as they were written or not at all: both checksums are verified on every read.
 * - Numbers ascend by one while a journal is open, and none is ever used for two acknowledged records, even where the
 *   newest files are lost. After an end without `close` numbering jumps to the next multiple of 2^20.
 * - Damage costs the damaged records only, is reported once with its place, and never keeps a journal from opening.
 * - A descriptor on which a write or a sync has failed is not used again: what the kernel still holds of it is unknown,
 *   and a second fsync would report success. The records of that write are refused, and the next go to a new segment.
 * - With a key, payloads are encrypted and authenticated; headers stay plain, so that what is above holds without it.
 * - A segment is written by one life of the journal only; what an earlier one wrote is read and dropped, not changed.
 *
 * Files (named in `journalFiles.ts`; records are drawn in `recordLayout.ts`):
 *
 *     DIRECTORY/
 *       0000000000000000-5f3a9c21.segment     records 0, 1, 2, ...
 *       0000000000000731-c07710e4.segment     records 731, ...           the newest is being written
 *       numbers                               up to where numbers are set aside
 *       lock -> PID-START-BOOT                the process that has the journal open
 */

import { setImmediate } from 'node:timers/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DirectoryLock } from './directoryLock.ts';
import type { JournalDamage } from './journalDamage.ts';
import { makeDirectory } from './makeDirectory.ts';
import { MAX_PAYLOAD_BYTES } from './recordLayout.ts';
import { type RecoveredJournal, recoverJournal } from './recovery.ts';
import type { JournalRecord, Segment, TakeSegment } from './segment.ts';
import { KEY_BYTES, SEAL_BYTES } from './segmentCipher.ts';
import { MAX_BATCH_RECORDS, SegmentWriter } from './segmentWriter.ts';
import { syncDirectory } from './syncDirectory.ts';

/** Payloads on disk that only the holder of a key can read, or change unnoticed. */
export interface JournalEncryption {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Whether new segments are sealed; those that are there are read either way. */
  readonly sealsNew: boolean;
}

export interface JournalOptions {
  /** Made if it is not there. */
  readonly directory: string;
  /** A segment that has reached this size is followed by another; one record may exceed it. 32 MiB by default. */
  readonly segmentBytes?: number;
  readonly encryption?: JournalEncryption | undefined;
  /** Called once for each damaged place, while opening or when a read meets it. */
  readonly onDamage?: (damage: JournalDamage) => void;
  /** Called while opening for every good record in order; the payload is only lent for the call. */
  readonly onRecord?: (number: number, payload: Uint8Array) => void;
}

const DEFAULT_SEGMENT_BYTES = 32 * 1024 * 1024;
/** Of a payload, so that it may be sealed. */
const MAX_RECORD_BYTES = MAX_PAYLOAD_BYTES - SEAL_BYTES;

interface WaitingAppend {
  readonly payloads: readonly Uint8Array[];
  readonly bytes: number;
  readonly resolve: (result: Result<number>) => void;
}

interface JournalParts {
  readonly writer: SegmentWriter;
  readonly damage: { count: number };
}

export class Journal {
  readonly #directory: string;
  readonly #lock: DirectoryLock;
  readonly #segments: Segment[];
  readonly #writer: SegmentWriter;
  readonly #damage: { count: number };
  #waiting: WaitingAppend[] = [];
  #waitingBytes = 0;
  #waitingRecords = 0;
  #committing: Promise<void> | undefined;
  #closed = false;
  /** Bytes of a write that the end of the process before this one interrupted, and that were cut off while opening. */
  readonly tornBytes: number;
  /** Whether the life before this one ended without `close`. */
  readonly wasInterrupted: boolean;

  private constructor(directory: string, lock: DirectoryLock, recovered: RecoveredJournal, parts: JournalParts) {
    this.#directory = directory;
    this.#lock = lock;
    this.#segments = recovered.segments;
    this.#writer = parts.writer;
    this.#damage = parts.damage;
    this.tornBytes = recovered.tornBytes;
    this.wasInterrupted = recovered.reserved !== undefined && recovered.reserved.end === undefined;
  }

  /**
   * Faults: `journal.directory` where the directory cannot be used, `journal.locked` where another has it open,
   * `journal.key` where there are sealed segments which the key does not open: then nothing has been changed.
   */
  static async open(options: JournalOptions): Promise<Result<Journal>> {
    const { directory, segmentBytes = DEFAULT_SEGMENT_BYTES, encryption } = options;
    if (encryption && encryption.key.length !== KEY_BYTES)
      throw new RangeError(`${encryption.key.length} bytes of key`);
    const sealKey = encryption?.sealsNew ? encryption.key : undefined;
    const damage = { count: 0 };
    const onDamage = (found: JournalDamage) => {
      damage.count++;
      options.onDamage?.(found);
    };
    let lock: DirectoryLock | undefined;
    try {
      await makeDirectory(directory);
      const locked = await DirectoryLock.acquire(directory);
      if (!locked.ok) return locked;
      lock = locked.value;
      const onRecord = options.onRecord ?? (() => undefined);
      const recovered = await recoverJournal(directory, encryption?.key, { onDamage, onRecord });
      if (!recovered.ok) {
        await lock.release();
        return recovered;
      }
      const { segments, nextNumber } = recovered.value;
      const writer = new SegmentWriter({ directory, segmentBytes, nextNumber, segments, sealKey, onDamage });
      return success(new Journal(directory, lock, recovered.value, { writer, damage }));
    } catch (error) {
      await lock?.release();
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure('journal.directory', `${directory}: ${message}`);
    }
  }

  /** Number of the oldest record that is held; `endRecord` where there is none. */
  get firstRecord(): number {
    const oldest = this.#segments.find((segment) => segment.durableBytes > 0);
    return oldest?.firstNumber ?? this.endRecord;
  }

  /** Number that the next append will get if every one before it succeeds. */
  get endRecord(): number {
    return this.#writer.nextNumber + this.#waitingRecords;
  }

  /** Every durable record is below this number. */
  get durableEnd(): number {
    return this.#writer.nextNumber;
  }

  /** Bytes of all segments, headers and damaged places included. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.durableBytes, 0);
  }

  /** Bytes of payload that have been appended and are not durable yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** How many damaged places have been found since the journal was opened. */
  get damage(): number {
    return this.#damage.count;
  }

  /** The number behind the last record of the oldest segment; `undefined` where that is the newest, too. */
  get oldestSegmentEnd(): number | undefined {
    return this.#segments.length > 1 ? this.#segments[0].limit : undefined;
  }

  /**
   * Takes a record, which must not be changed until the promise settles, and gives its number when it is durable.
   * Appends that are made while others are being written go into the next write together. Faults: `journal.full`,
   * `journal.write`, `journal.closed`; such a record will not be read, and later appends try anew. Throws where the
   * payload exceeds 64 MiB less 16 bytes.
   */
  append(payload: Uint8Array): Promise<Result<number>> {
    return this.appendAll([payload]);
  }

  /**
   * Takes several records, at most 512, that stand together: either all of them become durable, under successive numbers
   * from the one that is given, or none does. Otherwise as `append`.
   */
  appendAll(payloads: readonly Uint8Array[]): Promise<Result<number>> {
    if (payloads.length < 1 || payloads.length > MAX_BATCH_RECORDS) throw new RangeError(`${payloads.length} records`);
    let bytes = 0;
    for (const { length } of payloads) {
      if (length > MAX_RECORD_BYTES) throw new RangeError(`a record of ${length} bytes`);
      bytes += length;
    }
    if (this.#closed) return Promise.resolve(failure('journal.closed', this.#directory));
    return new Promise((resolve) => {
      this.#waiting.push({ payloads, bytes, resolve });
      this.#waitingBytes += bytes;
      this.#waitingRecords += payloads.length;
      this.#committing ??= this.#commit();
    });
  }

  /**
   * The durable records from number `from` on, in order, whose payloads fit into `maxBytes` together; the first one even
   * where it alone does not. Empty only where there is no good record left, or the journal is closed. Throws what the
   * file system throws where it does not let the journal read (too many open files): nothing is lost then, and a later
   * read may succeed.
   */
  async read(from: number, maxBytes: number): Promise<readonly JournalRecord[]> {
    const found: JournalRecord[] = [];
    let budget = maxBytes;
    for (let segment = this.#segmentWith(from); segment; segment = this.#segmentWith(segment.endNumber)) {
      const records = await segment.read(from, budget);
      for (const record of records) {
        if (found.length > 0 && record.payload.length > budget) return found;
        found.push(record);
        budget -= record.payload.length;
      }
      const last = records.at(-1)?.number ?? segment.endNumber - 1;
      if (budget <= 0 || last + 1 < segment.endNumber) break;
    }
    return found;
  }

  /**
   * Deletes the segments that hold only records below `number`, or hands their files to `take`, which moves or deletes them;
   * never the newest, and none where the file system refuses.
   */
  async dropBefore(number: number, take?: TakeSegment): Promise<void> {
    let dropped = 0;
    while (this.#segments.length > 1 && this.#segments[0].limit <= number) {
      const [oldest] = this.#segments;
      if (!(await oldest.remove(take))) break;
      if (this.#segments[0] === oldest) this.#segments.shift();
      dropped++;
    }
    // Where the directory cannot be synced, a power cut may bring segments back: they are then dropped once more.
    if (dropped > 0) await syncDirectory(this.#directory).catch(() => undefined);
  }

  /** Waits for the appends that have been made, and lets go of the directory. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committing;
    await this.#writer.close();
    for (const segment of this.#segments) await segment.close();
    await this.#lock.release();
  }

  async #commit(): Promise<void> {
    // Appends made in one go share the first write, too.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#writer.batchLength(this.#waiting));
      const written = await this.#writer.write(batch.flatMap(({ payloads }) => payloads));
      let first = written.ok ? written.value : 0;
      for (const { payloads, bytes, resolve } of batch) {
        this.#waitingBytes -= bytes;
        this.#waitingRecords -= payloads.length;
        resolve(written.ok ? success(first) : written);
        first += payloads.length;
      }
      // Those who have been waiting for this write get to append again before the next is put together: otherwise two
      // groups of appenders would take turns, each with a sync of its own.
      await setImmediate();
    }
    this.#committing = undefined;
  }

  #segmentWith(from: number): Segment | undefined {
    return this.#segments.find((segment) => segment.endNumber > from);
  }
}
