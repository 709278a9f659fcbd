/** Writes batches of records durably to the newest segment, and begins another where it is full or has failed. */

import { randomInt } from 'node:crypto';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { JournalDamage } from './journalDamage.ts';
import { ceilingAbove, writeReservation } from './numberReservation.ts';
import { HEADER_BYTES, writeHeader } from './recordLayout.ts';
import { Segment } from './segment.ts';
import { SEAL_BYTES, SegmentCipher } from './segmentCipher.ts';
import { syncDirectory } from './syncDirectory.ts';

/** Two buffers for each record: this is as many as one writev takes (IOV_MAX on Linux). */
export const MAX_BATCH_RECORDS = 512;
/** Bounds how long a batch takes, and so the latency of what comes behind it. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** No space, no quota, or a limit on the size of files: what an operator cures by making room. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const MAX_SALT = 2 ** 32;

export interface SegmentWriterOptions {
  readonly directory: string;
  readonly segmentBytes: number;
  readonly nextNumber: number;
  /** All segments of the journal; the writer adds those that it begins. */
  readonly segments: Segment[];
  /** Seals what is written from now on; `undefined` where it stands as it is given. */
  readonly sealKey: Uint8Array | undefined;
  readonly onDamage: (damage: JournalDamage) => void;
}

interface OpenSegment {
  readonly segment: Segment;
  readonly file: FileHandle;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #nextNumber: number;
  /** Numbers below this are set aside durably; 0 until the first write of this life. */
  #ceiling = 0;
  #newest: OpenSegment | undefined;
  /** The newest segment where the first write to it failed: nothing is in it, and nothing will be. */
  #failed: Segment | undefined;
  #lastName = { firstNumber: -1, salt: 0 };
  #headers = Buffer.alloc(0);

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#nextNumber = options.nextNumber;
  }

  /** Number of the next record; every durable one is below it. */
  get nextNumber(): number {
    return this.#nextNumber;
  }

  /** Bytes that a record takes besides its payload. */
  get #overhead(): number {
    return this.#options.sealKey ? HEADER_BYTES + SEAL_BYTES : HEADER_BYTES;
  }

  /** How many of the waiting groups of records go into one write: at least one, whatever its size. */
  batchLength(waiting: readonly { readonly payloads: readonly Uint8Array[]; readonly bytes: number }[]): number {
    const used = this.#newest?.segment.durableBytes ?? 0;
    const roomLeft = this.#options.segmentBytes - used;
    const room = Math.min(MAX_BATCH_BYTES, roomLeft > 0 ? roomLeft : this.#options.segmentBytes);
    let records = 0;
    let bytes = 0;
    let count = 0;
    for (const group of waiting) {
      records += group.payloads.length;
      bytes += group.bytes + group.payloads.length * this.#overhead;
      if (count > 0 && (records > MAX_BATCH_RECORDS || bytes > room)) break;
      count++;
    }
    return count;
  }

  /**
   * Writes all of `payloads` or none, under the numbers from `nextNumber` on. Faults: `journal.full`, `journal.write`.
   * What fails leaves the numbers free for the next write, which goes to a new segment: records that have reached the
   * disk all the same are void, because a later segment begins at or below their number.
   */
  async write(payloads: readonly Uint8Array[]): Promise<Result<number>> {
    const first = this.#nextNumber;
    try {
      const bytes = payloads.reduce((sum, payload) => sum + this.#overhead + payload.length, 0);
      const newest = await this.#segmentWithRoom(bytes);
      await this.#reserve(first + payloads.length);
      const { cipher } = newest.segment;
      const stored = cipher ? payloads.map((payload, index) => cipher.seal(first + index, payload)) : payloads;
      await this.#writeRecords(newest, stored);
      await newest.file.datasync();
      this.#admit(newest.segment, stored);
      return success(first);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      await this.#abandon();
      const fault: FaultCode = FULL.has(code) ? 'journal.full' : 'journal.write';
      return failure(fault, `${this.#options.directory}: ${message}`);
    }
  }

  /** Notes the number that has been reached, so that the next life of the journal goes on there. */
  async close(): Promise<void> {
    const newest = this.#newest;
    this.#newest = undefined;
    await newest?.file.close();
    if (this.#ceiling === 0) return;
    // Where it cannot be noted, the next life jumps over what was set aside, as after a crash.
    const reached = { ceiling: this.#ceiling, end: this.#nextNumber };
    await writeReservation(this.#options.directory, reached).catch(() => undefined);
  }

  async #segmentWithRoom(bytes: number): Promise<OpenSegment> {
    const { directory, segmentBytes, segments, sealKey, onDamage } = this.#options;
    const used = this.#newest?.segment.durableBytes ?? 0;
    if (this.#newest && (used === 0 || used + bytes <= segmentBytes)) return this.#newest;
    const full = this.#newest;
    this.#newest = undefined;
    await full?.file.close();

    const cipher = sealKey && SegmentCipher.fresh(sealKey);
    const segment = new Segment(directory, { ...this.#nextName(), seal: cipher?.name }, cipher, onDamage);
    const file = await open(segment.path, 'wx');
    this.#newest = { segment, file };
    const previous = segments.at(-1);
    if (previous) previous.limit = segment.firstNumber;
    segments.push(segment);
    await this.#remove(this.#failed);
    this.#failed = undefined;
    await syncDirectory(directory);
    return this.#newest;
  }

  /** Names sort in the order in which segments were begun, even where one that has failed could not be removed. */
  #nextName() {
    const firstNumber = this.#nextNumber;
    const again = firstNumber === this.#lastName.firstNumber;
    const salt = again ? this.#lastName.salt + 1 : randomInt(MAX_SALT / 2);
    this.#lastName = { firstNumber, salt };
    return this.#lastName;
  }

  async #reserve(end: number): Promise<void> {
    if (end <= this.#ceiling) return;
    const ceiling = ceilingAbove(end);
    await writeReservation(this.#options.directory, { ceiling, end: undefined });
    this.#ceiling = ceiling;
  }

  async #writeRecords({ segment, file }: OpenSegment, payloads: readonly Uint8Array[]): Promise<void> {
    const headerBytes = payloads.length * HEADER_BYTES;
    if (this.#headers.length < headerBytes) this.#headers = Buffer.alloc(headerBytes * 2);
    const buffers: Uint8Array[] = [];
    let total = headerBytes;
    for (const [index, payload] of payloads.entries()) {
      const at = index * HEADER_BYTES;
      const seed = segment.name.salt + segment.durableBytes + total - headerBytes + at;
      writeHeader(this.#headers, at, { number: this.#nextNumber + index, payload, continues: index > 0, seed });
      buffers.push(this.#headers.subarray(at, at + HEADER_BYTES), payload);
      total += payload.length;
    }
    const { bytesWritten } = await file.writev(buffers, segment.durableBytes);
    if (bytesWritten === total) return;
    // A short write is how a full disk begins to show: writing the rest gives its error, or succeeds.
    const rest = Buffer.concat(buffers).subarray(bytesWritten);
    await file.write(rest, 0, rest.length, segment.durableBytes + bytesWritten);
  }

  #admit(segment: Segment, payloads: readonly Uint8Array[]): void {
    for (const payload of payloads) {
      const offset = segment.durableBytes;
      segment.admit(this.#nextNumber++, offset, offset + HEADER_BYTES + payload.length);
    }
  }

  /**
   * Gives up the newest segment after a failure, and cuts what the failed write may have left in it. One in which nothing
   * is durable stays until the next is begun: those before it can be dropped meanwhile, which is how a full disk gets room.
   */
  async #abandon(): Promise<void> {
    const failed = this.#newest;
    this.#newest = undefined;
    if (!failed) return;
    const { segment, file } = failed;
    await file.close().catch(() => undefined);
    if (segment.durableBytes === 0) this.#failed = segment;
    await truncate(segment.path, segment.durableBytes).catch(() => undefined);
  }

  async #remove(segment: Segment | undefined): Promise<void> {
    const { segments } = this.#options;
    if (segment && segments.includes(segment)) segments.splice(segments.indexOf(segment), 1);
    await segment?.remove();
  }
}
