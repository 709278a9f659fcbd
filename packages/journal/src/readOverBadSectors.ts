/** Reads a stretch of a file, over the places that the disk cannot read any more. */

import { setTimeout } from 'node:timers/promises';

/** What is needed of a file; `FileHandle` has it. */
export interface ByteReader {
  read(into: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

/** The kernel reads, and fails, by pages; a sector is no longer than one. */
export const PAGE_BYTES = 4096;
/** A cable that slips or a controller that resets must not cost records: the disk is asked again after these pauses. */
const PAUSES_MS: readonly number[] = [100, 1_000];

/**
 * Fills `bytes` from `position` of the file on and gives how many there were before its end. A page that gives EIO at each
 * attempt is zeros, which no record survives and which costs no other; once one has, the rest get a single attempt.
 * Throws every other error of the file system.
 */
export async function readOverBadSectors(
  file: ByteReader,
  bytes: Buffer,
  position: number,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<number> {
  let filled = 0;
  let failures = 0;
  let patience = pausesMs.length;
  while (filled < bytes.length) {
    const toPageEnd = PAGE_BYTES - ((position + filled) % PAGE_BYTES);
    const length = Math.min(bytes.length - filled, failures === 0 ? bytes.length : toPageEnd);
    try {
      const { bytesRead } = await file.read(bytes, filled, length, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
      failures = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error;
      // The first failure may be that of any page in a long read; from the second on it is this one's.
      if (failures++ < patience) await setTimeout(pausesMs[failures - 1]);
      else if (length <= toPageEnd) {
        bytes.fill(0, filled, filled + length);
        filled += length;
        failures = 0;
        patience = 0;
      }
    }
  }
  return filled;
}
