/** A segment file as queries see it: little of it in memory, chunks read when they are asked for. */

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ChunkSamples } from './chunkColumns.ts';
import { checkChunk, decodeChunk } from './decodeChunk.ts';
import type { OpenFiles } from './openFiles.ts';
import { EMPTY_RUN, kindOf, lowerBound, type SampleRun, sliceRun, upperBound } from './sampleRun.ts';
import { type IndexEntry, readEntry, SegmentIndexBuilder } from './segmentIndex.ts';
import {
  decodeHead,
  decodeTrailer,
  ENTRY_BYTES,
  headLength,
  type SegmentHead,
  type SegmentTrailer,
  TRAILER_BYTES,
} from './segmentLayout.ts';

/** A part of a segment file that cannot be read, and in one sentence what is lost with it. */
export interface SegmentDamage {
  readonly file: string;
  readonly detail: string;
}

export interface SegmentOptions {
  readonly path: string;
  readonly files: OpenFiles;
  readonly onDamage: (damage: SegmentDamage) => void;
  /** Called while opening for every chunk, in order. */
  readonly onEntry?: (entry: IndexEntry) => void;
}

/** What is found of a segment's index; `bytes` in memory only where the file's own index is damaged. */
interface FoundIndex {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly salvaged: boolean;
}

export class Segment {
  readonly head: SegmentHead;
  readonly fileBytes: number;
  readonly samples: number;
  readonly minTime: number;
  readonly maxTime: number;
  /** The tag of each chunk, ascending; shared with the segment before where they are equal. */
  readonly tags: Uint32Array;
  readonly #path: string;
  readonly #files: OpenFiles;
  readonly #onDamage: (damage: SegmentDamage) => void;
  readonly #indexOffset: number;
  readonly #salvagedIndex: Uint8Array | undefined;
  /** Chunks whose damage has been reported. */
  readonly #reported = new Set<number>();

  private constructor(
    { path, files, onDamage, onEntry }: SegmentOptions,
    head: SegmentHead,
    fileBytes: number,
    index: FoundIndex,
    tagsBefore: Uint32Array | undefined,
  ) {
    this.#path = path;
    this.#files = files;
    this.#onDamage = onDamage;
    this.#indexOffset = index.offset;
    this.#salvagedIndex = index.salvaged ? index.bytes : undefined;
    this.head = head;
    this.fileBytes = fileBytes;
    const tags = new Uint32Array(index.bytes.length / ENTRY_BYTES);
    let samples = 0;
    let minTime = Number.POSITIVE_INFINITY;
    let maxTime = Number.NEGATIVE_INFINITY;
    for (let number = 0; number < tags.length; number++) {
      const entry = readEntry(index.bytes, number);
      tags[number] = entry.tag;
      samples += entry.count;
      minTime = Math.min(minTime, entry.minTime);
      maxTime = Math.max(maxTime, entry.maxTime);
      onEntry?.(entry);
    }
    this.tags = tagsBefore && equal(tagsBefore, tags) ? tagsBefore : tags;
    this.samples = samples;
    this.minTime = minTime;
    this.maxTime = maxTime;
  }

  /** `undefined` where neither copy of the head can be read; other damage is reported and read around. */
  static async open(options: SegmentOptions, tagsBefore: Uint32Array | undefined): Promise<Segment | undefined> {
    const { path, files, onDamage } = options;
    try {
      const fileBytes = (await stat(path)).size;
      const trailerOffset = Math.max(fileBytes - TRAILER_BYTES, 0);
      const trailer = decodeTrailer(await files.read(path, trailerOffset, TRAILER_BYTES), fileBytes);
      const front = await readHead(path, files);
      const copy = front ?? (trailer && (await readHeadCopy(path, files, trailer, trailerOffset)));
      if (!copy) return undefined;
      if (!front) onDamage({ file: basename(path), detail: 'the head cannot be read; its copy is used' });
      const index =
        (trailer && (await readIndex(path, files, trailer))) ??
        (await salvageIndex(path, files, front?.length ?? copy.length, trailer?.indexOffset ?? fileBytes));
      if (index.salvaged) {
        const chunks = index.bytes.length / ENTRY_BYTES;
        onDamage({ file: basename(path), detail: `the index cannot be read; ${chunks} chunks were found without it` });
      }
      return new Segment(options, copy.head, fileBytes, index, tagsBefore);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return undefined;
    }
  }

  /** The chunks of `tag`, in order of arrival. */
  async entries(tag: number): Promise<IndexEntry[]> {
    const [from, to] = rangeOf(this.tags, tag);
    if (from === to) return [];
    let bytes = this.#salvagedIndex?.subarray(from * ENTRY_BYTES, to * ENTRY_BYTES);
    bytes ??= await this.#read(this.#indexOffset + from * ENTRY_BYTES, (to - from) * ENTRY_BYTES);
    const entries: IndexEntry[] = [];
    for (let number = 0; (number + 1) * ENTRY_BYTES <= bytes.length; number++) {
      const entry = readEntry(bytes, number);
      if (entry.tag === tag) entries.push(entry);
      else this.#reportOnce(from + number, `an entry of the index of tag ${tag} has changed since the start`);
    }
    return entries;
  }

  /** The samples of a chunk with `start <= time < end`, each of rank `rank`; none where the chunk is damaged. */
  async chunk(entry: IndexEntry, rank: number, start: number, end: number): Promise<SampleRun> {
    const bytes = await this.#read(entry.offset, entry.length);
    const run = checkChunk(bytes)?.tag === entry.tag ? decodeChunk(bytes, rank) : undefined;
    if (!run) {
      const place = `the chunk at ${entry.offset} with ${entry.count} samples of tag ${entry.tag}`;
      this.#reportOnce(entry.offset, `${place} cannot be read`);
      return EMPTY_RUN;
    }
    return sliceRun(run, lowerBound(run.times, start), lowerBound(run.times, end));
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    try {
      return await this.#files.read(this.#path, offset, length);
    } catch (error) {
      this.#reportOnce(-1, `it cannot be read: ${(error as Error).message}`);
      return new Uint8Array(0);
    }
  }

  #reportOnce(place: number, detail: string): void {
    if (this.#reported.has(place)) return;
    this.#reported.add(place);
    this.#onDamage({ file: basename(this.#path), detail });
  }
}

async function readHead(path: string, files: OpenFiles) {
  const length = headLength(await files.read(path, 0, 12));
  return length === undefined ? undefined : decodeHead(await files.read(path, 0, length));
}

async function readHeadCopy(path: string, files: OpenFiles, { headCopyOffset }: SegmentTrailer, end: number) {
  return decodeHead(await files.read(path, headCopyOffset, end - headCopyOffset));
}

async function readIndex(
  path: string,
  files: OpenFiles,
  { indexOffset, entries, indexCrc }: SegmentTrailer,
): Promise<FoundIndex | undefined> {
  const bytes = await files.read(path, indexOffset, entries * ENTRY_BYTES);
  return crc32(bytes) === indexCrc ? { offset: indexOffset, bytes, salvaged: false } : undefined;
}

/** Walks from chunk to chunk, as far as they are undamaged, and makes the index anew. */
async function salvageIndex(path: string, files: OpenFiles, from: number, to: number): Promise<FoundIndex> {
  const bytes = await files.read(path, from, to - from);
  const index = new SegmentIndexBuilder();
  for (let at = 0, header = checkChunk(bytes, 0); header; at += header.length, header = checkChunk(bytes, at)) {
    const run = decodeChunk(bytes.subarray(at, at + header.length), 0);
    if (!run) break;
    index.add(header.tag, from + at, header.length, columnsOf(run));
    if (at + header.length >= bytes.length) break;
  }
  return { offset: 0, bytes: index.bytes, salvaged: true };
}

function columnsOf({ times, values, statuses }: SampleRun): ChunkSamples {
  return {
    count: times.length,
    times,
    values: Float64Array.from(values, (value) => (typeof value === 'number' ? value : 0)),
    kinds: Uint8Array.from(values, kindOf),
    statuses,
    strings: [],
  };
}

function rangeOf(tags: Uint32Array, tag: number): [number, number] {
  return [lowerBound(tags, tag), upperBound(tags, tag)];
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf(array: Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
