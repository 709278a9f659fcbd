/**
 * Evidence: files of the write-ahead log that the archive needs no more, kept as they are because they hold the blocks that
 * gateways signed for. Beside each stands a note of what it holds; the oldest are deleted when they are more than allowed.
 */

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseSegmentFileName } from '@tidegate/journal/journalFiles.ts';
import { HEADER_BYTES } from '@tidegate/journal/recordLayout.ts';
import { scanRecords } from '@tidegate/journal/recordScan.ts';
import { isLogNote, type KeptLogFile, type LogSpan, readReceivedNote } from '../writeAheadLog.ts';

export interface EvidenceFile extends LogSpan {
  readonly generation: number;
  readonly name: string;
  /** Records of the log: `end` is not in it. */
  readonly first: number;
  readonly end: number;
  readonly bytes: number;
}

export interface EvidenceStatistics {
  readonly files: number;
  readonly bytes: number;
  readonly limitBytes: number;
  /** When its oldest block was sealed, µs; `undefined` where there is none. */
  readonly sealedFrom: number | undefined;
}

export interface KeptBlock {
  readonly payload: Uint8Array;
  readonly receivedAt: number;
}

/** Files that stay until they are let go. */
export interface HeldEvidence {
  /** Files of the log and their notes, oldest first. */
  readonly names: readonly string[];
  release(): void;
}

const NOTE_SUFFIX = '.json';
/** `000001-` before the name that the file had in the log. */
const GENERATION = /^\d{6}-/;

export class EvidenceStore {
  readonly #directory: string;
  readonly #maxBytes: number;
  /** Oldest first. */
  #files: EvidenceFile[];
  #holds = 0;

  private constructor(directory: string, maxBytes: number, files: EvidenceFile[]) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    this.#files = files;
  }

  /** What is there without a note was moved when the process ended: it is deleted. Throws what the file system throws. */
  static async open(directory: string, maxBytes: number): Promise<EvidenceStore> {
    await mkdir(directory, { recursive: true });
    const files: EvidenceFile[] = [];
    for (const name of (await readdir(directory)).sort()) {
      if (name.endsWith(NOTE_SUFFIX)) continue;
      const note = await readNote(join(directory, name + NOTE_SUFFIX));
      if (note) files.push(note);
      else await rm(join(directory, name), { force: true });
    }
    const store = new EvidenceStore(directory, maxBytes, files.sort(byRecord));
    await store.#prune();
    return store;
  }

  statistics(): EvidenceStatistics {
    return {
      files: this.#files.length,
      bytes: this.#bytes,
      limitBytes: this.#maxBytes,
      sealedFrom: this.#files[0]?.sealedFrom,
    };
  }

  /** Takes over a file of the log. Throws what the file system throws: then the log still has it. */
  readonly keep = async ({ path, generation, first, end, span }: KeptLogFile): Promise<void> => {
    const { size } = await stat(path);
    const name = `${String(generation).padStart(6, '0')}-${basename(path)}`;
    const file: EvidenceFile = { generation, name, first, end, bytes: size, ...span };
    await writeFile(join(this.#directory, name + NOTE_SUFFIX), JSON.stringify(file));
    await rename(path, join(this.#directory, name));
    this.#files.push(file);
    await this.#prune();
  };

  /** The payloads of the log's records, notes among them, of the files for which `wanted` holds. */
  async *records(wanted: (file: EvidenceFile) => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (const file of this.#files.filter(wanted)) {
      const bytes = await readFile(join(this.#directory, file.name)).catch(() => undefined);
      const name = parseSegmentFileName(file.name.replace(GENERATION, ''));
      if (!bytes || !name) continue;
      const payloads: Uint8Array[] = [];
      const bounds = { ...name, limit: file.end };
      scanRecords(bytes, bounds, {
        record: (_number, offset, end) => payloads.push(bytes.subarray(offset + HEADER_BYTES, end)),
        damage() {},
      });
      yield* payloads;
      await nextTurn();
    }
  }

  /** The blocks of the files for which `wanted` holds, each with when it was received (µs). */
  async *blocks(wanted: (file: EvidenceFile) => boolean): AsyncGenerator<KeptBlock, void, undefined> {
    let receivedAt = 0;
    for await (const payload of this.records(wanted)) {
      receivedAt = readReceivedNote(payload) ?? receivedAt;
      if (!isLogNote(payload)) yield { payload, receivedAt };
    }
  }

  /** What there is now. While it is held, more may be kept than is allowed. */
  hold(): HeldEvidence {
    this.#holds++;
    return {
      names: this.#files.flatMap(({ name }) => [name, name + NOTE_SUFFIX]),
      release: () => {
        this.#holds--;
      },
    };
  }

  get #bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #prune(): Promise<void> {
    while (this.#holds === 0 && this.#bytes > this.#maxBytes) {
      const [{ name }] = this.#files;
      this.#files.shift();
      await rm(join(this.#directory, name), { force: true });
      await rm(join(this.#directory, name + NOTE_SUFFIX), { force: true });
    }
  }
}

/** Whether a file of this name is one of the evidence, or the note of one. */
export function isEvidenceName(name: string): boolean {
  const file = name.endsWith(NOTE_SUFFIX) ? name.slice(0, -NOTE_SUFFIX.length) : name;
  return GENERATION.test(file) && parseSegmentFileName(file.replace(GENERATION, '')) !== undefined;
}

function byRecord(a: EvidenceFile, b: EvidenceFile): number {
  return a.generation - b.generation || a.first - b.first;
}

async function readNote(path: string): Promise<EvidenceFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as EvidenceFile;
  } catch {
    return undefined;
  }
}
