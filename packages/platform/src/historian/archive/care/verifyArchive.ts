/**
 * Reads everything that an archive has on disk and tells what is wrong with it, and changes nothing. It may be in use: a
 * segment never changes, and one that nobody held and that was merged away is looked for in the one that took its place.
 */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DAMAGED_SUFFIX,
  EVIDENCE_DIRECTORY,
  LOG_DIRECTORY,
  METADATA_FILE,
  parseSegmentFileName,
  SEGMENT_DIRECTORY,
  type SegmentRange,
  supersedes,
} from '../archiveFiles.ts';
import { OpenFiles } from '../segment/openFiles.ts';
import type { CopyProgress } from './backup.ts';
import { type BackupFile, filesOf, readBackupManifest } from './backupManifest.ts';
import { digestOf } from './copiedFile.ts';
import { type OnFinding, REMEDY } from './finding.ts';
import { verifyEvidence, verifyLog } from './verifyLog.ts';
import { verifyMetadata } from './verifyMetadata.ts';
import { type VerifiedSegment, verifySegment } from './verifySegment.ts';

export interface VerifyOptions {
  readonly onFinding: OnFinding;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Names of the segments, where they are held: those that are there when it begins, where they are not. */
  readonly segments?: readonly string[];
  /** When it aborts, the verification rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface VerifyOutcome {
  readonly segments: number;
  readonly chunks: number;
  readonly samples: number;
  readonly tags: number;
  /** Blocks in the log; `undefined` of a backup, which has none. */
  readonly logBlocks: number | undefined;
  /** Blocks that are kept as evidence; `undefined` of a backup without a manifest. */
  readonly evidenceBlocks: number | undefined;
  readonly bytes: number;
  readonly findings: number;
}

/**
 * Verifies the data directory `directory`; `metadataCopy` is a copy of its database that nobody else uses. Throws as the file
 * system where a directory cannot be read.
 */
export async function verifyArchive(
  directory: string,
  metadataCopy: string,
  options: VerifyOptions,
): Promise<VerifyOutcome> {
  const verification = new Verification(directory, options);
  for (const name of [LOG_DIRECTORY, EVIDENCE_DIRECTORY]) {
    await verification.expectBytes(await sizeBelow(join(directory, name)));
  }
  const tags = verification.metadata(METADATA_FILE, metadataCopy);
  const logBlocks = await verification.log();
  const evidenceBlocks = await verification.evidence();
  return { ...(await verification.segments(tags)), tags: tags ?? 0, logBlocks, evidenceBlocks };
}

/** The same for a backup, whose files must also be those that its manifest names. Fault of the manifest as a finding. */
export async function verifyBackup(
  directory: string,
  copyMetadata: (path: string) => Promise<string>,
  options: VerifyOptions,
): Promise<VerifyOutcome> {
  const verification = new Verification(directory, options);
  const manifest = await readBackupManifest(directory);
  if (!manifest.ok) {
    verification.find('backup.json', manifest.fault.detail, REMEDY.backup);
    return { ...(await verification.segments(undefined)), tags: 0, logBlocks: undefined, evidenceBlocks: undefined };
  }
  const { metadata } = manifest.value;
  const files = filesOf(manifest.value);
  await verification.expectBytes(files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const file of files) await verification.digest(file);
  const copy = await copyMetadata(join(directory, metadata.path)).catch(() => undefined);
  const tags = copy === undefined ? undefined : verification.metadata(metadata.path, copy);
  const evidenceBlocks = await verification.evidence();
  return { ...(await verification.segments(tags)), tags: tags ?? 0, logBlocks: undefined, evidenceBlocks };
}

class Verification {
  readonly #directory: string;
  readonly #options: VerifyOptions;
  readonly #signal: AbortSignal;
  readonly #files = new OpenFiles();
  #doneBytes = 0;
  #totalBytes = 0;
  #findings = 0;

  constructor(directory: string, options: VerifyOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  /** The segments, and `more` than those. */
  async expectBytes(more: number): Promise<void> {
    this.#totalBytes += more + (await sizeBelow(join(this.#directory, SEGMENT_DIRECTORY)));
  }

  find(place: string, defect: string, remedy: string): void {
    this.#findings++;
    this.#options.onFinding({ place, defect, remedy });
  }

  metadata(name: string, copy: string): number | undefined {
    return verifyMetadata(copy, (defect) => this.find(name, defect, REMEDY.metadata));
  }

  log(): Promise<number> {
    return verifyLog({
      directory: join(this.#directory, LOG_DIRECTORY),
      onDefect: (file, defect) => this.find(`${LOG_DIRECTORY}/${file}`, defect, REMEDY.log),
      ...this.#transfer,
    });
  }

  evidence(): Promise<number> {
    return verifyEvidence({
      directory: join(this.#directory, EVIDENCE_DIRECTORY),
      onDefect: (file, defect) => this.find(`${EVIDENCE_DIRECTORY}/${file}`, defect, REMEDY.evidence),
      ...this.#transfer,
    });
  }

  /** Whether the file of a backup is what was backed up. */
  async digest({ path, bytes, sha256 }: BackupFile): Promise<void> {
    try {
      const found = await digestOf(join(this.#directory, path), this.#transfer);
      if (found.bytes === bytes && found.sha256 === sha256) return;
      this.find(path, 'it is not the file that was backed up: its digest is another', REMEDY.backup);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (typeof code !== 'string') throw error;
      this.find(path, code === 'ENOENT' ? 'it is missing' : message, REMEDY.backup);
    }
  }

  async segments(tags: number | undefined) {
    const directory = join(this.#directory, SEGMENT_DIRECTORY);
    const names = await readdir(directory);
    for (const name of names.filter((one) => one.endsWith(DAMAGED_SUFFIX))) {
      this.find(`${SEGMENT_DIRECTORY}/${name}`, 'it could not be read when the server started', REMEDY.segment);
    }
    const verified = new Map<string, VerifiedSegment>();
    try {
      const queue = current(this.#options.segments ?? names);
      for (const segment of queue) {
        const found = await this.#segment(directory, segment, tags);
        if ('chunks' in found) verified.set(segment.name, found);
        else if (!queue.some(({ name }) => name === found.name)) queue.push(found);
      }
    } finally {
      await this.#files.close();
    }
    this.#findGaps(current([...verified.keys()]));
    return { ...totalOf(verified), bytes: this.#doneBytes, findings: this.#findings };
  }

  /** What was found in the segment, or the one that has taken its place. */
  async #segment(directory: string, segment: PresentSegment, tags: number | undefined) {
    const path = join(directory, segment.name);
    const onDefect = (defect: string) => this.find(`${SEGMENT_DIRECTORY}/${segment.name}`, defect, REMEDY.segment);
    const verified = await verifySegment({ path, files: this.#files, tags, onDefect, ...this.#transfer });
    if (verified) return verified;
    const isThere = await stat(path).catch(() => undefined);
    const present = current(await readdir(directory));
    const successor = isThere ? undefined : present.find(({ range }) => supersedes(range, segment.range));
    if (!successor) onDefect(isThere ? 'it cannot be read at all' : 'it is gone');
    return successor ?? { chunks: 0, samples: 0 };
  }

  #findGaps(present: readonly PresentSegment[]): void {
    for (const [at, { name, range }] of present.entries()) {
      const before = present[at - 1]?.range;
      if (!before || before.generation !== range.generation || before.end >= range.from) continue;
      const lost = `the samples of the records ${before.end} to ${range.from - 1} of the log are in no segment`;
      this.find(`${SEGMENT_DIRECTORY}/${name}`, `before it, ${lost}`, REMEDY.segment);
    }
  }

  get #transfer() {
    const { onProgress } = this.#options;
    const onBytes = (bytes: number) => {
      this.#doneBytes += bytes;
      onProgress?.({ doneBytes: this.#doneBytes, totalBytes: Math.max(this.#totalBytes, this.#doneBytes) });
    };
    return { onBytes, signal: this.#signal };
  }
}

/** What was merged into another one meanwhile is counted there. */
function totalOf(verified: ReadonlyMap<string, VerifiedSegment>) {
  const total = { segments: 0, chunks: 0, samples: 0 };
  for (const { name } of current([...verified.keys()])) {
    const { chunks, samples } = verified.get(name)!;
    total.segments++;
    total.chunks += chunks;
    total.samples += samples;
  }
  return total;
}

interface PresentSegment {
  readonly name: string;
  readonly range: SegmentRange;
}

/** Those of which no other one holds everything, in the order of the log. */
function current(names: readonly string[]): PresentSegment[] {
  const all = names.flatMap((name) => {
    const range = parseSegmentFileName(name);
    return range ? [{ name, range }] : [];
  });
  const isCurrent = ({ range }: PresentSegment) => !all.some((other) => supersedes(other.range, range));
  return all.filter(isCurrent).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The size of all files below a directory; 0 where there is none. */
async function sizeBelow(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) =>
      stat(join(directory, entry)).then(
        (file) => (file.isFile() ? file.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
