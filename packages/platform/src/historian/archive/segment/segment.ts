/** A segment file as its readers see it: little of it in memory, chunks read when they are asked for. */

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import type { StreamLedger } from '../../ingest/streamLedger.ts';
import { type Chunk, openChunk } from '../chunk/chunk.ts';
import { foretellRows, type Receipts } from '../receipts.ts';
import type { SampleRun } from '../sampleRun.ts';
import { type ChunkEntry, ENTRY_BYTES, EntryTable } from './chunkEntry.ts';
import type { OpenFiles } from './openFiles.ts';
import { decodeReceipts } from './receiptSection.ts';
import { salvageEntries } from './salvage.ts';
import {
  decodeHead,
  decodeTrailer,
  HEAD_LENGTH_BYTES,
  headLength,
  type SegmentHead,
  type SegmentTrailer,
  TRAILER_BYTES,
} from './segmentLayout.ts';
import { encodeTagRows, readTagRows, rowOfTag, TAG_ROW_BYTES, type TagDirectory, type TagRow } from './tagDirectory.ts';
import { TagSpans } from './tagSpans.ts';

/** A part of a segment file that cannot be read, and in one sentence what is lost with it. */
export interface SegmentDamage {
  readonly file: string;
  readonly detail: string;
}

export interface SegmentOptions {
  readonly path: string;
  readonly files: OpenFiles;
  readonly onDamage: (damage: SegmentDamage) => void;
  /** Whether a read that the system refuses rejects; otherwise what it should have brought counts as damaged. */
  readonly isStrict?: boolean;
  /** Called while opening for every tag, ascending. */
  readonly onTag?: (row: TagRow) => void;
}

/** What was found of the entries: bytes in memory only where those of the file cannot be found. */
interface FoundIndex {
  readonly directory: TagDirectory;
  readonly samples: number;
  readonly spans: TagSpans;
  readonly entriesOffset: number;
  readonly salvaged: Uint8Array | undefined;
}

const NO_BYTES = new Uint8Array(0);
const NO_ENTRIES = new EntryTable(NO_BYTES);
/** A head that was read, and how long it is. */
type FoundHead = NonNullable<ReturnType<typeof decodeHead>>;

/** Chunks that lie closer together than this are read at once, with what lies between them. */
const MAX_GAP_BYTES = 32 * 1024;
/** One read brings at most this much, unless a chunk alone is longer. */
const MAX_READ_BYTES = 1024 * 1024;
/** What this process lacks to read a file that may well be sound. */
const LACKS = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EACCES', 'EPERM']);

export class Segment {
  readonly path: string;
  readonly head: Omit<SegmentHead, 'ledgers'>;
  readonly fileBytes: number;
  readonly samples: number;
  readonly spans: TagSpans;
  readonly directory: TagDirectory;
  readonly #files: OpenFiles;
  readonly #onDamage: (damage: SegmentDamage) => void;
  readonly #isStrict: boolean;
  readonly #entriesOffset: number;
  readonly #salvaged: Uint8Array | undefined;
  readonly #trailer: SegmentTrailer | undefined;
  /** The reading of receipts that is under way, or has found that they are damaged. */
  #receipts: Promise<Receipts | undefined> | undefined;
  #ledgers: readonly StreamLedger[];
  /** Places whose damage has been reported. */
  readonly #reported = new Set<number>();
  #isRetired = false;

  private constructor(
    { path, files, onDamage, isStrict = false }: SegmentOptions,
    { ledgers, ...head }: SegmentHead,
    fileBytes: number,
    trailer: SegmentTrailer | undefined,
    { directory, samples, spans, entriesOffset, salvaged }: FoundIndex,
  ) {
    this.path = path;
    this.head = head;
    this.#ledgers = ledgers;
    this.fileBytes = fileBytes;
    this.samples = samples;
    this.spans = spans;
    this.directory = directory;
    this.#files = files;
    this.#onDamage = onDamage;
    this.#isStrict = isStrict;
    this.#entriesOffset = entriesOffset;
    this.#salvaged = salvaged;
    this.#trailer = trailer;
  }

  /**
   * `undefined` where neither copy of the head can be read; other damage is reported and read around. Rejects where this
   * process lacks what it needs to read the file.
   */
  static async open(options: SegmentOptions): Promise<Segment | undefined> {
    const { path, files, onDamage } = options;
    try {
      const fileBytes = (await stat(path)).size;
      const trailerOffset = Math.max(fileBytes - TRAILER_BYTES, 0);
      const trailer = decodeTrailer(await files.read(path, trailerOffset, TRAILER_BYTES), fileBytes);
      const front = await readHead(path, files);
      const copy = front ?? (trailer && (await readHeadCopy(path, files, trailer, trailerOffset)));
      if (!copy) return undefined;
      if (!front) onDamage({ file: basename(path), detail: 'the head cannot be read; its copy is used' });
      const index = (trailer && (await readIndex(options, trailer, copy))) ?? (await salvageIndex(options, copy));
      return new Segment(options, copy.head, fileBytes, trailer, index);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || LACKS.has(code)) throw error;
      return undefined;
    }
  }

  /** Size of the receipts in the file; 0 where they cannot be found. */
  get receiptsBytes(): number {
    return this.#trailer ? this.#trailer.headCopyOffset - this.#trailer.receiptsOffset : 0;
  }

  /** The accounts of all streams as of its end, as long as they have not been forgotten. */
  get ledgers(): readonly StreamLedger[] {
    return this.#ledgers;
  }

  /** There is a newer segment, and so there are newer accounts: of many streams and segments they would be much. */
  forgetLedgers(): void {
    this.#ledgers = [];
  }

  /** The file is about to be removed: reads ahead for those who have left may fail, and that is no damage. */
  retire(): void {
    this.#isRetired = true;
  }

  /** The chunks of `tag` in order of time; none where the segment has none or they cannot be found. */
  async entries(tag: number): Promise<ChunkEntry[]> {
    const table = await this.entryTable(tag);
    return Array.from({ length: table.count }, (_, number) => table.entry(number));
  }

  /** The same, to be read where they stand. */
  async entryTable(tag: number): Promise<EntryTable> {
    const row = rowOfTag(this.directory, tag);
    if (row < 0) return NO_ENTRIES;
    const [from, to] = [this.directory.firstEntry[row], this.directory.firstEntry[row + 1]];
    let bytes = this.#salvaged?.subarray(from * ENTRY_BYTES, to * ENTRY_BYTES);
    bytes ??= await this.#readEntries(from, to);
    if (crc32(bytes) !== this.directory.entriesCrc[row]) {
      this.#reportOnce(from, `the entries of the chunks of tag ${tag} cannot be read`);
      return NO_ENTRIES;
    }
    return new EntryTable(bytes);
  }

  /** The chunks of `entries`, which ascend; `undefined` in place of each that is damaged. */
  async chunks(entries: readonly ChunkEntry[]): Promise<(Chunk | undefined)[]> {
    const pieces = await this.readChunks(entries);
    return entries.map((entry, at) => this.openChunk(entry, pieces[at]));
  }

  /** The bytes of the chunks of `entries`, which ascend, as far as they can be read: see `openChunk`. */
  async readChunks(entries: readonly ChunkEntry[]): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    for (let from = 0; from < entries.length; ) {
      const to = endOfRead(entries, from);
      const wanted = entries.slice(from, to);
      const pieces = await this.#reading(this.#files.readPieces(this.path, wanted));
      for (let at = 0; at < wanted.length; at++) found.push(pieces?.[at] ?? NO_BYTES);
      from = to;
    }
    return found;
  }

  /** The chunk of `entry` whose bytes were read; `undefined` where they are damaged, which is reported. */
  openChunk(entry: ChunkEntry, bytes: Uint8Array): Chunk | undefined {
    const chunk = openChunk(bytes);
    if (chunk?.tag === entry.tag && chunk.count === entry.count) return chunk;
    const place = `the chunk at ${entry.offset} with ${entry.count} samples of tag ${entry.tag}`;
    this.#reportOnce(entry.offset, `${place} cannot be read`);
    return undefined;
  }

  /** The bytes of one chunk as they stand in the file; `undefined` where they are damaged. */
  async chunkBytes(entry: ChunkEntry): Promise<Uint8Array | undefined> {
    const bytes = await this.#read(entry.offset, entry.length);
    return this.openChunk(entry, bytes) && bytes;
  }

  /** `undefined` where they are damaged, which is reported. */
  async receipts(): Promise<Receipts | undefined> {
    // Entries that were made anew do not know their receipts.
    if (this.#salvaged) return undefined;
    const kept = this.#files.receipts.get(this.path);
    if (kept) return kept;
    this.#receipts ??= this.#readReceipts();
    const read = await this.#receipts;
    if (read) {
      this.#files.receipts.add(this.path, read);
      this.#receipts = undefined;
    }
    return read;
  }

  /** By sample of `run`, which is all of `chunk`, the row of its receipt; `undefined` where they are damaged. */
  async receiptRows(entry: ChunkEntry, chunk: Chunk, run: SampleRun): Promise<Uint32Array | undefined> {
    const receipts = await this.receipts();
    const lags = chunk.lags();
    if (!receipts || entry.last >= receipts.receivedAt.length) return undefined;
    const rows = foretellRows(receipts, entry, run.times);
    for (let at = 0; at < rows.length; at++) rows[at] += lags[at];
    return rows;
  }

  /** As of `run`, which is all of `chunk`, with the time at which each sample was received. */
  async withReceived(entry: ChunkEntry, chunk: Chunk, run: SampleRun): Promise<SampleRun> {
    const rows = await this.receiptRows(entry, chunk, run);
    const receipts = await this.receipts();
    // What is not known any more is taken for the latest that it can have been: nothing is then known too early.
    if (!rows || !receipts)
      return { ...run, received: new Float64Array(run.times.length).fill(this.head.received.last) };
    return { ...run, received: Float64Array.from(rows, (row) => receipts.receivedAt[row] ?? this.head.received.last) };
  }

  async #readReceipts(): Promise<Receipts | undefined> {
    const { receiptsOffset, headCopyOffset, receiptsCrc } = this.#trailer ?? {};
    if (receiptsOffset === undefined || headCopyOffset === undefined) return undefined;
    const bytes = await this.#read(receiptsOffset, headCopyOffset - receiptsOffset);
    const receipts = crc32(bytes) === receiptsCrc ? decodeReceipts(bytes) : undefined;
    if (!receipts) this.#reportOnce(receiptsOffset, 'when its samples arrived cannot be read; the samples can');
    return receipts;
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    return (await this.#reading(this.#files.read(this.path, offset, length))) ?? NO_BYTES;
  }

  async #readEntries(from: number, to: number): Promise<Uint8Array> {
    const [offset, length] = [this.#entriesOffset + from * ENTRY_BYTES, (to - from) * ENTRY_BYTES];
    return (await this.#reading(this.#files.readIndex(this.path, offset, length))) ?? NO_BYTES;
  }

  /** What was read; where that cannot be, it is reported. */
  async #reading<Read>(read: Promise<Read>): Promise<Read | undefined> {
    try {
      return await read;
    } catch (error) {
      if (this.#isStrict) throw error;
      this.#reportOnce(-1, `it cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  #reportOnce(place: number, detail: string): void {
    if (this.#isRetired || this.#reported.has(place)) return;
    this.#reported.add(place);
    this.#onDamage({ file: basename(this.path), detail });
  }
}

function endOfRead(entries: readonly ChunkEntry[], from: number): number {
  const start = entries[from].offset;
  let to = from + 1;
  for (let end = start + entries[from].length; to < entries.length; to++) {
    const { offset, length } = entries[to];
    if (offset < end || offset - end > MAX_GAP_BYTES || offset + length - start > MAX_READ_BYTES) break;
    end = offset + length;
  }
  return to;
}

async function readHead(path: string, files: OpenFiles) {
  const length = headLength(await files.read(path, 0, HEAD_LENGTH_BYTES));
  return length === undefined ? undefined : decodeHead(await files.read(path, 0, length));
}

async function readHeadCopy(path: string, files: OpenFiles, { headCopyOffset }: SegmentTrailer, end: number) {
  return decodeHead(await files.read(path, headCopyOffset, end - headCopyOffset));
}

async function readIndex({ path, files, onTag }: SegmentOptions, trailer: SegmentTrailer, { head }: FoundHead) {
  const { entriesOffset, entries, tagsOffset, tags, tagsCrc } = trailer;
  const rows = await files.read(path, tagsOffset, tags * TAG_ROW_BYTES);
  if (crc32(rows) !== tagsCrc || entriesOffset + entries * ENTRY_BYTES !== tagsOffset) return undefined;
  return indexOf(head, rows, entries, entriesOffset, undefined, onTag);
}

/** Walks from chunk to chunk, as far as they are undamaged, and makes the index anew. */
async function salvageIndex(
  { path, files, onDamage, onTag }: SegmentOptions,
  { head, length: from }: FoundHead,
): Promise<FoundIndex> {
  const { size } = await stat(path);
  const entries = salvageEntries(await files.read(path, from, size - from), from);
  const count = entries.length / ENTRY_BYTES;
  onDamage({ file: basename(path), detail: `the index cannot be read; ${count} chunks were found without it` });
  const index = indexOf(head, encodeTagRows(entries), count, 0, entries, onTag);
  if (!index) throw new Error('an index made of entries contradicts them');
  return index;
}

function indexOf(
  { received }: SegmentHead,
  rows: Uint8Array,
  entries: number,
  entriesOffset: number,
  salvaged: Uint8Array | undefined,
  onTag: ((row: TagRow) => void) | undefined,
): FoundIndex | undefined {
  let samples = 0;
  const spans = new TagSpans(received);
  const directory = readTagRows(rows, entries, (row) => {
    samples += row.count;
    spans.add(row.tag, row);
    onTag?.(row);
  });
  return directory && { directory, samples, spans, entriesOffset, salvaged };
}
