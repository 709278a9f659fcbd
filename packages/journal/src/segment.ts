/** One file of a journal as readers see it: which records it holds durably, and where. */

import { type FileHandle, open, rm } from 'node:fs/promises';
import type { JournalDamage } from './journalDamage.ts';
import { type SegmentName, segmentFileName } from './journalFiles.ts';
import { readOverBadSectors } from './readOverBadSectors.ts';
import { blankHeader, findHeader, HEADER_BYTES, payloadIsGood, readHeader } from './recordLayout.ts';
import type { SegmentCipher } from './segmentCipher.ts';

/** A record as it was appended. The payload is a view into a larger read: copy it to keep it for long. */
export interface JournalRecord {
  readonly number: number;
  readonly payload: Uint8Array;
}

/** Moves or deletes the file of a segment that the journal lets go of; throws what the file system throws. */
export type TakeSegment = (segment: Pick<Segment, 'path' | 'firstNumber' | 'limit'>) => Promise<void>;

/** Record `number` begins at `offset`, unless it is damaged. */
interface Place {
  number: number;
  offset: number;
}

/** One entry of the index stands for about this many bytes. */
const INDEX_INTERVAL_BYTES = 64 * 1024;

export class Segment {
  readonly path: string;
  readonly name: SegmentName;
  /** Where the payloads are sealed, what opens them. */
  readonly cipher: SegmentCipher | undefined;
  /** Bytes that are durable and may be read; the file may be longer while it is being written. */
  durableBytes = 0;
  /** Number of the first and behind the last durable record; equal where there is none. */
  firstNumber: number;
  endNumber: number;
  /** First number of the next segment; a record from here on is void. */
  limit = Number.MAX_SAFE_INTEGER;

  readonly #onDamage: (damage: JournalDamage) => void;
  /** Every so often, the number of a record and where its header stands; both ascend. */
  readonly #indexNumbers: number[] = [];
  readonly #indexOffsets: number[] = [];
  /** Unreadable places that have been reported: where each begins, and where to read on. */
  readonly #unreadable = new Map<number, number>();
  /** Where the last read ended, because the next one mostly goes on there. */
  #cursor: Place = { number: -1, offset: 0 };
  #handle: Promise<FileHandle> | undefined;
  #readers = 0;
  /** No read begins any more, and the last one that is under way lets go of the file. */
  #over = false;

  constructor(
    directory: string,
    name: SegmentName,
    cipher: SegmentCipher | undefined,
    onDamage: (damage: JournalDamage) => void,
  ) {
    this.name = name;
    this.cipher = cipher;
    this.path = `${directory}/${segmentFileName(name)}`;
    this.firstNumber = name.firstNumber;
    this.endNumber = name.firstNumber;
    this.#onDamage = onDamage;
  }

  /** Takes note of a record at `offset` that ends at `end` and is durable, or known to be good. Called in order. */
  admit(number: number, offset: number, end: number): void {
    const last = this.#indexOffsets.at(-1);
    if (last === undefined) this.firstNumber = number;
    if (last === undefined || offset - last >= INDEX_INTERVAL_BYTES) {
      this.#indexNumbers.push(number);
      this.#indexOffsets.push(offset);
    }
    this.endNumber = number + 1;
    this.durableBytes = end;
  }

  /** Reports a place from `offset` to `end` as damaged, once. */
  damaged(offset: number, end: number, firstNumber: number, endNumber: number): void {
    if (this.#unreadable.has(offset)) return;
    if (end > offset) this.#unreadable.set(offset, end);
    this.#onDamage({ file: this.path, offset, bytes: end - offset, firstNumber, endNumber });
  }

  /**
   * The good records from number `from` on whose payloads fit into `maxBytes` together; the first one even where it
   * alone does not. Empty only where there is no good record left, or the segment is closed. Throws what the file system
   * throws, damage excepted.
   */
  async read(from: number, maxBytes: number): Promise<JournalRecord[]> {
    if (from >= this.endNumber || this.#over) return [];
    this.#readers++;
    try {
      return await this.#readFrom(from, maxBytes);
    } finally {
      this.#readers--;
      if (this.#over && this.#readers === 0) await this.#letGo();
    }
  }

  /** Ends the reading; a read that is under way still ends well. */
  async close(): Promise<void> {
    this.#over = true;
    if (this.#readers === 0) await this.#letGo();
  }

  /** Deletes the file; a read that is under way still ends well. False where the file system refuses. */
  async remove(take: TakeSegment = ({ path }) => rm(path, { force: true })): Promise<boolean> {
    const wasOver = this.#over;
    this.#over = true;
    try {
      await take(this);
    } catch {
      this.#over = wasOver;
      return false;
    }
    await this.close();
    return true;
  }

  async #readFrom(from: number, maxBytes: number): Promise<JournalRecord[]> {
    const found: JournalRecord[] = [];
    const place = this.#locate(from);
    let chunkBytes = Math.max(maxBytes + 16 * HEADER_BYTES, INDEX_INTERVAL_BYTES);
    while (place.offset < this.durableBytes) {
      const start = place.offset;
      const chunk = await this.#readBytes(start, Math.min(chunkBytes, this.durableBytes - start));
      const known = this.#takeFrom(chunk, place, from, maxBytes, found);
      if (found.length > 0) break;
      if (!known) await this.#examine(place);
      else if (place.offset === start) {
        // Not even one record in the chunk: the next is longer than it.
        if (start + chunk.length >= this.durableBytes) break;
        chunkBytes *= 2;
      }
    }
    if (found.length > 0) this.#cursor = place;
    return found;
  }

  /**
   * Puts the good records of a chunk of the file, which begins at `place`, into `found` and moves `place` behind them.
   * False where it stopped at bytes that are no record and that nobody has reported yet.
   */
  #takeFrom(chunk: Buffer, place: Place, from: number, maxBytes: number, found: JournalRecord[]): boolean {
    const header = blankHeader();
    const start = place.offset;
    let budget = maxBytes;
    let at = 0;
    while (at + HEADER_BYTES <= chunk.length && (found.length === 0 || budget > 0)) {
      const skipTo = this.#unreadable.get(start + at);
      if (skipTo !== undefined) at = skipTo - start;
      else if (!readHeader(chunk, at, this.name.salt + start, header)) break;
      else {
        const end = at + HEADER_BYTES + header.length;
        if (end > chunk.length || (found.length > 0 && header.length > budget)) return true;
        const wanted = header.number >= from;
        const payload = payloadIsGood(chunk, at, header)
          ? this.#opened(header.number, chunk.subarray(at + HEADER_BYTES, end), wanted)
          : undefined;
        if (payload === undefined) this.damaged(start + at, start + end, header.number, header.number + 1);
        else if (wanted) {
          found.push({ number: header.number, payload });
          budget -= header.length;
        }
        place.number = header.number + 1;
        at = end;
      }
      place.offset = start + at;
    }
    return at + HEADER_BYTES > chunk.length || budget <= 0;
  }

  /** The payload as it was appended; `undefined` where it is not what was sealed. What nobody wants stays closed. */
  #opened(number: number, stored: Uint8Array, wanted: boolean): Uint8Array | undefined {
    return this.cipher && wanted ? this.cipher.open(number, stored) : stored;
  }

  /** Where to begin to read so as to find record `from`: the place itself, or one not far before it. */
  #locate(from: number): Place {
    if (from === this.#cursor.number) return { ...this.#cursor };
    let low = 0;
    let high = this.#indexNumbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#indexNumbers[middle] <= from) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return { number: this.name.firstNumber, offset: 0 };
    return { number: this.#indexNumbers[low - 1], offset: this.#indexOffsets[low - 1] };
  }

  /** What was good at `place` when it was written has no header any more: finds where records begin again. */
  async #examine({ number, offset }: Place): Promise<void> {
    const bytes = await this.#readBytes(offset, this.durableBytes - offset);
    const header = blankHeader(this.endNumber);
    const origin = this.name.salt + offset;
    const next = findHeader(bytes, 1, origin, number, this.endNumber);
    if (next >= 0) readHeader(bytes, next, origin, header);
    this.damaged(offset, offset + (next < 0 ? bytes.length : next), number, header.number);
  }

  async #readBytes(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const filled = await this.#fill(bytes, offset);
    return filled === length ? bytes : bytes.fill(0, filled);
  }

  /** A file that is gone is damage, all of it. Any other error (too many open files) says nothing about the records. */
  async #fill(bytes: Buffer, offset: number): Promise<number> {
    try {
      this.#handle ??= open(this.path, 'r');
      return await readOverBadSectors(await this.#handle, bytes, offset);
    } catch (error) {
      await this.#letGo();
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }

  /** A descriptor that nobody closes ends the process when it is collected; one that cannot be closed is no loss. */
  async #letGo(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.then((file) => file.close()).catch(() => undefined);
  }
}
