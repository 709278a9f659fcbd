/**
 * Copies an archive that is in use to another directory, so that it can be restored as it was at one moment.
 *
 * Invariants:
 * - The segments are held by the caller: what is ingested and merged meanwhile neither waits nor harms.
 * - The manifest comes last. Until it has its name the backup before, in the same directory, is whole and is what counts.
 * - A file that is there already is taken over only when its digest is that of the archive's own.
 */

import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DirectoryLock } from '@tidegate/journal/directoryLock.ts';
import { LOCK_LINK } from '@tidegate/journal/journalFiles.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import {
  EVIDENCE_DIRECTORY,
  METADATA_FILE,
  PHOTO_DIRECTORY,
  SEGMENT_DIRECTORY,
  TEMPORARY_SUFFIX,
} from '../archiveFiles.ts';
import {
  BACKUP_DIRECTORIES,
  BACKUP_MANIFEST,
  type BackupFile,
  type BackupManifest,
  databaseCopyName,
  filesOf,
  isBackupPath,
  listBackupFiles,
  MANIFEST_KIND,
  writeBackupManifest,
} from './backupManifest.ts';
import { copyFile, digestOf, type FileDigest, type Transfer } from './copiedFile.ts';
import type { HeldArchive } from './heldArchive.ts';

export interface CopyProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface BackupOptions {
  readonly at: Timestamp;
  /** Version of the program. */
  readonly product: string;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** When it aborts, the backup rejects with its reason. Whole files stay for the next attempt. */
  readonly signal?: AbortSignal;
}

export interface BackupOutcome {
  readonly manifest: BackupManifest;
  readonly copiedFiles: number;
  readonly copiedBytes: number;
}

/**
 * Makes `directory`, which is made where it is not there, a backup of the archive. Faults: `backup.target` where it holds
 * something else or is in use, `backup.unwritable`.
 */
export async function writeBackup(
  held: HeldArchive,
  directory: string,
  options: BackupOptions,
): Promise<Result<BackupOutcome>> {
  try {
    for (const name of BACKUP_DIRECTORIES) await makeDirectory(join(directory, name));
    const locked = await DirectoryLock.acquire(directory);
    if (!locked.ok) return failure('backup.target', locked.fault.detail);
    try {
      const stranger = (await listBackupFiles(directory)).find((path) => !isOurs(path));
      if (stranger !== undefined) return failure('backup.target', `${directory} holds ${stranger}, which is no backup`);
      return success(await copyAll(held, directory, options));
    } finally {
      await locked.value.release();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    return failure('backup.unwritable', message);
  }
}

async function copyAll(held: HeldArchive, directory: string, options: BackupOptions): Promise<BackupOutcome> {
  const { onProgress = () => {}, signal = new AbortController().signal } = options;
  const segmentFiles = held.segments.map((name) => join(held.directory, name));
  const evidenceFiles = held.evidence.map((name) => join(held.evidenceDirectory, name));
  const photoFiles = held.photos.map((name) => join(held.photoDirectory, name));
  const copies = held.beside.map(({ copy }) => copy);
  const sizes = await Promise.all(
    [held.metadata, ...copies, ...segmentFiles, ...evidenceFiles, ...photoFiles].map(
      async (path) => (await stat(path)).size,
    ),
  );
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  let doneBytes = 0;
  const onBytes = (bytes: number) => {
    doneBytes += bytes;
    onProgress({ doneBytes, totalBytes });
  };
  const copying = new Copying(directory, { onBytes, signal });
  const metadata = await copying.takeDatabase(held.metadata, METADATA_FILE);
  const beside: BackupFile[] = [];
  for (const { name, copy } of held.beside) beside.push(await copying.takeDatabase(copy, name));
  const segments = await copying.takeAll(segmentFiles, SEGMENT_DIRECTORY);
  const evidence = await copying.takeAll(evidenceFiles, EVIDENCE_DIRECTORY);
  const photos = await copying.takeAll(photoFiles, PHOTO_DIRECTORY);
  await syncDirectory(directory);
  const manifest = manifestOf(held, options, { metadata, beside, segments, evidence, photos });
  await writeBackupManifest(directory, manifest);
  await removeOthers(directory, new Set(filesOf(manifest).map(({ path }) => path)));
  return { manifest, copiedFiles: copying.files, copiedBytes: copying.bytes };
}

class Copying {
  readonly #directory: string;
  readonly #transfer: Transfer;
  files = 0;
  bytes = 0;

  constructor(directory: string, transfer: Transfer) {
    this.#directory = directory;
    this.#transfer = transfer;
  }

  /** Brings files into a folder of the backup, durably. */
  async takeAll(files: readonly string[], folder: string): Promise<BackupFile[]> {
    const taken: BackupFile[] = [];
    for (const file of files) taken.push(await this.take(file, `${folder}/${basename(file)}`));
    await syncDirectory(join(this.#directory, folder));
    return taken;
  }

  /** Brings the copy of a database into the backup, which has the name `name` in a data directory. */
  async takeDatabase(copy: string, name: string): Promise<BackupFile> {
    const { sha256 } = await digestOf(copy, { ...this.#transfer, onBytes: () => {} });
    return this.take(copy, databaseCopyName(name, sha256));
  }

  /** Brings the file `from` into the backup as `path`, unless it is there. */
  async take(from: string, path: string): Promise<BackupFile> {
    const to = join(this.#directory, path);
    const there = await this.#digestThere(to);
    if (there) {
      const source = await digestOf(from, this.#transfer);
      if (source.sha256 === there.sha256) return { path, ...source };
    }
    // Of a file that turned out to be another one the bytes are read twice, and counted once.
    const transfer = there ? { ...this.#transfer, onBytes: () => {} } : this.#transfer;
    const digest = (await copyFile(from, to, transfer)) as FileDigest;
    this.files++;
    this.bytes += digest.bytes;
    return { path, ...digest };
  }

  async #digestThere(path: string): Promise<FileDigest | undefined> {
    const isThere = await stat(path).then(
      (file) => file.isFile(),
      () => false,
    );
    return isThere ? digestOf(path, { ...this.#transfer, onBytes: () => {} }) : undefined;
  }
}

function manifestOf(
  held: HeldArchive,
  { at, product }: BackupOptions,
  files: Pick<BackupManifest, 'metadata' | 'beside' | 'segments' | 'evidence' | 'photos'>,
): BackupManifest {
  const { samples, tags, covered, receivedUntil, ledgers } = held;
  return {
    ...MANIFEST_KIND,
    madeAt: formatTimestamp(at),
    product,
    ...{ samples, tags, covered: { generation: covered.generation, record: covered.record } },
    receivedUntil: receivedUntil === null ? null : formatTimestamp(receivedUntil as Timestamp),
    streams: ledgers.map(({ gateway, lane, stored, lost }) => ({ gateway, lane, stored, lost })),
    ...files,
  };
}

/** What backups leave in a directory: whole files, pieces of files, and the lock of the one that is under way. */
function isOurs(path: string): boolean {
  const whole = path.endsWith(TEMPORARY_SUFFIX) ? path.slice(0, -TEMPORARY_SUFFIX.length) : path;
  return whole === BACKUP_MANIFEST || path === LOCK_LINK || isBackupPath(whole);
}

/** What the manifest does not name is of backups before it, or of one that was cut short. */
async function removeOthers(directory: string, named: ReadonlySet<string>): Promise<void> {
  for (const path of await listBackupFiles(directory)) {
    if (path !== BACKUP_MANIFEST && path !== LOCK_LINK && !named.has(path)) await rm(join(directory, path));
  }
}
