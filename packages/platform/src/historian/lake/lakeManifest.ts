/** The manifest: the one truth about which files make up the lake. Whoever reads the lake takes its files from here. */

import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { z } from 'zod';
import { dayStart, isLakeFile, MANIFEST_FILE, TEMPORARY_SUFFIX } from './lakeFiles.ts';

const FORMAT = 'tidegate-lake';
const VERSION = 1;

const Count = z.int().nonnegative();
const LakePath = z.string().refine(isLakeFile, 'is no name of a lake file');
const File = z.object({ path: LakePath, rows: Count, bytes: Count, sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const Part = File.extend({ firstTag: Count, lastTag: Count, firstTime: z.string(), lastTime: z.string() });
const Day = z.object({
  day: z.string().refine((day) => dayStart(day) !== undefined, 'is no day'),
  /** That of the manifest in which the day was published last. */
  revision: Count,
  publishedAt: z.string(),
  /** What the caller said of the state of its samples; a day whose mark has changed is published again. */
  mark: z.string(),
  rows: Count,
  /** Sorted by tag, then time, from the first row of the first file to the last row of the last one. */
  files: z.array(Part),
});
const Manifest = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  revision: Count,
  publishedAt: z.string(),
  tags: File.nullable(),
  /** In order of time. */
  days: z.array(Day),
  /** No longer part of the lake, kept for readers that are under way. */
  retired: z.array(z.object({ path: LakePath, retiredAt: z.string() })),
});

export type LakeFile = Readonly<z.infer<typeof File>>;
export type LakePart = Readonly<z.infer<typeof Part>>;
export type LakeDay = Readonly<z.infer<typeof Day>>;
export type LakeManifest = Readonly<z.infer<typeof Manifest>>;

export const EMPTY_MANIFEST: LakeManifest = {
  ...{ format: FORMAT, version: VERSION, revision: 0, publishedAt: '1970-01-01T00:00:00.000Z' },
  ...{ tags: null, days: [], retired: [] },
};

/** Never throws: bytes that are no manifest are a fault. */
export function decodeManifest(text: string): Result<LakeManifest> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failure('lake.manifest', `${MANIFEST_FILE} is not JSON.`);
  }
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return success(parsed.data);
  const { path, message } = parsed.error.issues[0];
  return failure('lake.manifest', `${MANIFEST_FILE}: ${path.join('.') || 'it'}: ${message}.`);
}

/** The empty manifest where there is none yet. */
export async function readManifest(directory: string): Promise<Result<LakeManifest>> {
  try {
    return decodeManifest(await readFile(join(directory, MANIFEST_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return success(EMPTY_MANIFEST);
    return failure('lake.unwritable', `${MANIFEST_FILE} cannot be read: ${(error as Error).message}.`);
  }
}

/** After a cut the old manifest is there or the new one, whole. Throws as the file system. */
export async function writeManifest(directory: string, manifest: LakeManifest): Promise<void> {
  const temporary = join(directory, MANIFEST_FILE + TEMPORARY_SUFFIX);
  await writeFile(temporary, `${JSON.stringify(manifest, null, 1)}\n`);
  const handle = await open(temporary, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(temporary, join(directory, MANIFEST_FILE));
  await syncDirectory(directory);
}
