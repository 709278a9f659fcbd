/**
 * The manifest of a backup: which files it consists of, and what is in them. It is written last, so that a directory without
 * one is no backup, and replaced at once, so that the one before is good until the next is whole. See
 * `docs/formats/backup.md`.
 */

import { open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { z } from 'zod';
import { isEvidenceName } from '../../ingest/ledger/evidenceStore.ts';
import {
  BESIDE_FILES,
  EVIDENCE_DIRECTORY,
  METADATA_FILE,
  PHOTO_DIRECTORY,
  PHOTO_NAME,
  parseSegmentFileName,
  SEGMENT_DIRECTORY,
  TEMPORARY_SUFFIX,
} from '../archiveFiles.ts';

export const BACKUP_MANIFEST = 'backup.json';
/** Below the directory of a backup, as below a data directory. */
export const BACKUP_DIRECTORIES: readonly string[] = [SEGMENT_DIRECTORY, EVIDENCE_DIRECTORY, PHOTO_DIRECTORY];
const FORMAT = 'tidegate-backup';
const VERSION = 1;
/** The copy of a database bears a part of its digest, so that the one of the backup before stays beside it. */
const DATABASE_NAME = /^([a-z-]+)-[0-9a-f]{16}\.sqlite$/;
const DATABASES: ReadonlySet<string> = new Set([METADATA_FILE, ...BESIDE_FILES]);

const Count = z.int().nonnegative();
const BackupPath = z.string().refine(isBackupPath, 'is no name of a file of a backup');
const BackupFile = z.object({ path: BackupPath, bytes: Count, sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const Manifest = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** RFC 3339. */
  madeAt: z.string(),
  /** Version of the program. */
  product: z.string(),
  samples: Count,
  tags: Count,
  /** The samples are those of the records of the log before this one. */
  covered: z.object({ generation: Count, record: Count }),
  /** RFC 3339: when the last of them arrived. */
  receivedUntil: z.string().nullable(),
  streams: z.array(z.object({ gateway: z.string(), lane: z.enum(LANES), stored: Count, lost: Count })),
  metadata: BackupFile,
  /** What other stages keep beside the samples. */
  beside: z.array(BackupFile),
  /** In the order of the log. */
  segments: z.array(BackupFile),
  /** Files of the log that are kept as evidence, oldest first, and the note of each. */
  evidence: z.array(BackupFile),
  /** Of health cases; a backup that was made without them has none. */
  photos: z.array(BackupFile).default([]),
});

export type BackupFile = Readonly<z.infer<typeof BackupFile>>;
export type BackupManifest = Readonly<z.infer<typeof Manifest>>;
export const MANIFEST_KIND = { format: FORMAT, version: VERSION } as const;

/** The name in a backup of a database that is `name` in a data directory. */
export function databaseCopyName(name: string, sha256: string): string {
  return name.replace('.sqlite', `-${sha256.slice(0, 16)}.sqlite`);
}

/** The name in a data directory of a database that is `path` in a backup; `undefined` where it is none. */
export function databaseNameOf(path: string): string | undefined {
  const name = `${DATABASE_NAME.exec(path)?.[1]}.sqlite`;
  return DATABASES.has(name) ? name : undefined;
}

/** Whether a file of this name, below the directory of a backup, is one that a backup consists of. */
export function isBackupPath(path: string): boolean {
  const [folder, name, ...rest] = path.split('/');
  if (name === undefined) return databaseNameOf(folder) !== undefined;
  if (rest.length > 0) return false;
  if (folder === EVIDENCE_DIRECTORY) return isEvidenceName(name);
  if (folder === PHOTO_DIRECTORY) return PHOTO_NAME.test(name);
  return folder === SEGMENT_DIRECTORY && parseSegmentFileName(name) !== undefined;
}

/** Never throws: bytes that are no manifest are a fault, `backup.damaged` or `backup.newer`. */
export function decodeBackupManifest(text: string): Result<BackupManifest> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failure('backup.damaged', `${BACKUP_MANIFEST} is not JSON`);
  }
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format === FORMAT && typeof version === 'number' && version > VERSION) {
    return failure('backup.newer', `${BACKUP_MANIFEST} is of version ${version}; this program knows ${VERSION}`);
  }
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return success(parsed.data);
  const { path, message } = parsed.error.issues[0];
  return failure('backup.damaged', `${BACKUP_MANIFEST}: ${path.join('.') || 'it'}: ${message}`);
}

/** Faults: `backup.damaged`, also where there is none, and `backup.newer`. */
export async function readBackupManifest(directory: string): Promise<Result<BackupManifest>> {
  try {
    const decoded = decodeBackupManifest(await readFile(join(directory, BACKUP_MANIFEST), 'utf8'));
    return decoded.ok ? decoded : failure(decoded.fault.code, `${directory}: ${decoded.fault.detail}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const detail = code === 'ENOENT' ? `${directory} has no ${BACKUP_MANIFEST}` : message;
    return failure('backup.damaged', detail);
  }
}

/** After a cut the old manifest is there or the new one, whole. Throws as the file system. */
export async function writeBackupManifest(directory: string, manifest: BackupManifest): Promise<void> {
  const temporary = join(directory, BACKUP_MANIFEST + TEMPORARY_SUFFIX);
  await writeFile(temporary, `${JSON.stringify(manifest, null, 1)}\n`);
  const handle = await open(temporary, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(temporary, join(directory, BACKUP_MANIFEST));
  await syncDirectory(directory);
}

/** All files of a backup. */
export function filesOf({ metadata, beside, segments, evidence, photos }: BackupManifest): readonly BackupFile[] {
  return [metadata, ...beside, ...segments, ...evidence, ...photos];
}

/** The files in the directory of a backup, as paths below it; those that are none of a backup included. */
export async function listBackupFiles(directory: string): Promise<readonly string[]> {
  const paths = (await readdir(directory)).filter((name) => !BACKUP_DIRECTORIES.includes(name));
  for (const folder of BACKUP_DIRECTORIES) {
    const names = await readdir(join(directory, folder)).catch(() => []);
    paths.push(...names.map((name) => `${folder}/${name}`));
  }
  return paths;
}
