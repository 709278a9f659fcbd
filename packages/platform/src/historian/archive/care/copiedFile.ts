/** Copies a file, durably and with its digest, or not at all. */

import { createHash } from 'node:crypto';
import { copyFile as cloneFile, constants, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { TEMPORARY_SUFFIX } from '../archiveFiles.ts';

export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

export interface Transfer {
  /** Told of bytes as they have been read. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** So much is read at once: a processor has digested it in about a millisecond. */
const PIECE_BYTES = 1024 * 1024;

/** Throws as the file system, and the reason of the signal. */
export async function digestOf(path: string, transfer: Transfer): Promise<FileDigest> {
  const handle = await open(path, 'r');
  try {
    return await readThrough(handle, undefined, transfer);
  } finally {
    await handle.close();
  }
}

/**
 * Copies `from` to `to`, where it stands only when it is whole and synced; its name is durable when the caller has synced the
 * directory. A file system that can lets both share their blocks. `undefined`, and no copy, where the file is not what is
 * `expected`. Throws as the file system, and the reason of the signal; leaves nothing behind then.
 */
export async function copyFile(
  from: string,
  to: string,
  transfer: Transfer,
  expected?: FileDigest,
): Promise<FileDigest | undefined> {
  const temporary = to + TEMPORARY_SUFFIX;
  try {
    const digest = await copyTo(from, temporary, transfer);
    const isExpected = !expected || (digest.bytes === expected.bytes && digest.sha256 === expected.sha256);
    if (isExpected) await rename(temporary, to);
    else await rm(temporary);
    return isExpected ? digest : undefined;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function copyTo(from: string, temporary: string, transfer: Transfer): Promise<FileDigest> {
  await rm(temporary, { force: true });
  const isCloned = await cloneFile(from, temporary, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
  const copy = await open(temporary, isCloned ? 'r+' : 'w');
  try {
    const source = isCloned ? copy : await open(from, 'r');
    try {
      const digest = await readThrough(source, isCloned ? undefined : copy, transfer);
      await copy.sync();
      return digest;
    } finally {
      if (!isCloned) await source.close();
    }
  } finally {
    await copy.close();
  }
}

/** Digests a file from its beginning, and writes what it reads to `copy`. */
async function readThrough(file: FileHandle, copy: FileHandle | undefined, transfer: Transfer): Promise<FileDigest> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let bytes = 0;
  for (;;) {
    transfer.signal.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, bytes);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const read = piece.subarray(0, bytesRead);
    hash.update(read);
    for (let at = 0; copy && at < bytesRead; )
      at += (await copy.write(read, at, bytesRead - at, bytes + at)).bytesWritten;
    bytes += bytesRead;
    transfer.onBytes(bytesRead);
  }
}
