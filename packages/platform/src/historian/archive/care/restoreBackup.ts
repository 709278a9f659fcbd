/**
 * Makes a data directory of a backup. Everything is copied beside the place where it is to stand, each file checked against
 * its digest, and then moved there as a whole: a restore that fails, or is cut, leaves no directory that would start.
 */

import { mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { generationDirectory } from '../../ingest/writeAheadLog.ts';
import { LOG_DIRECTORY } from '../archiveFiles.ts';
import type { BackupOptions, CopyProgress } from './backup.ts';
import {
  BACKUP_DIRECTORIES,
  type BackupFile,
  type BackupManifest,
  databaseNameOf,
  filesOf,
  readBackupManifest,
} from './backupManifest.ts';
import { copyFile, type Transfer } from './copiedFile.ts';

/** Between the name of the directory and letters of chance, while it is being filled. */
const UNFINISHED = '.restoring-';

/**
 * Restores the backup in `from` to the directory `to`, which is empty or not there. Faults: `backup.damaged`,
 * `backup.newer`, `backup.target`, `backup.unwritable`. Rejects with the reason of the signal.
 */
export async function restoreBackup(
  from: string,
  to: string,
  { onProgress = () => {}, signal = new AbortController().signal }: Pick<BackupOptions, 'onProgress' | 'signal'> = {},
): Promise<Result<BackupManifest>> {
  const manifest = await readBackupManifest(from);
  if (!manifest.ok) return manifest;
  const target = resolve(to);
  let unfinished: string | undefined;
  try {
    const entries = await readdir(target).catch(() => []);
    if (entries.length > 0) return failure('backup.target', `${to} is not empty: it holds ${entries[0]}`);
    await makeDirectory(dirname(target));
    unfinished = await mkdtemp(join(dirname(target), basename(target) + UNFINISHED));
    const damage = await fill(unfinished, from, manifest.value, {
      onBytes: counter(manifest.value, onProgress),
      signal,
    });
    if (damage) return failure('backup.damaged', `${join(from, damage.path)} is not the file that was backed up`);
    await rmdir(target).catch(() => undefined);
    await rename(unfinished, target);
    unfinished = undefined;
    await syncDirectory(dirname(target));
    return manifest;
  } catch (error) {
    const { code, message, path } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    if (code === 'ENOENT' && path?.startsWith(resolve(from))) return failure('backup.damaged', `${path} is missing`);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return failure('backup.target', `${to} has been taken meanwhile`);
    return failure('backup.unwritable', message);
  } finally {
    if (unfinished) await rm(unfinished, { recursive: true, force: true });
  }
}

/** The file that is not what it was, if there is one. */
async function fill(
  directory: string,
  from: string,
  manifest: BackupManifest,
  transfer: Transfer,
): Promise<BackupFile | undefined> {
  const source = resolve(from);
  const { covered } = manifest;
  for (const name of BACKUP_DIRECTORIES) await makeDirectory(join(directory, name));
  for (const file of filesOf(manifest)) {
    const name = databaseNameOf(file.path) ?? file.path;
    if (!(await copyFile(join(source, file.path), join(directory, name), transfer, file))) return file;
  }
  // A log of the old generation would seem to have lost what it held behind the backup.
  await makeDirectory(generationDirectory(join(directory, LOG_DIRECTORY), covered.generation + 1));
  for (const name of BACKUP_DIRECTORIES) await syncDirectory(join(directory, name));
  await syncDirectory(directory);
  return undefined;
}

function counter(manifest: BackupManifest, onProgress: (progress: CopyProgress) => void) {
  const totalBytes = filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
  let doneBytes = 0;
  return (bytes: number) => {
    doneBytes += bytes;
    onProgress({ doneBytes, totalBytes });
  };
}
