/** Reads the whole write-ahead log as it lies on the disk, whoever is writing it. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { parseSegmentFileName, type SegmentName } from '@tidegate/journal/journalFiles.ts';
import { HEADER_BYTES } from '@tidegate/journal/recordLayout.ts';
import { scanRecords, withoutTornWrite } from '@tidegate/journal/recordScan.ts';
import { isLogGeneration, isLogNote } from '../../ingest/writeAheadLog.ts';

export interface LogCheck {
  readonly directory: string;
  readonly onDefect: (file: string, defect: string) => void;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

interface LogFile extends SegmentName {
  /** Below the directory of the log. */
  readonly path: string;
}

/** Resolves with the number of blocks that can be read. What is written while it is read does not count as damage. */
export async function verifyLog(check: LogCheck): Promise<number> {
  let blocks = 0;
  for (const generation of (await readdir(check.directory).catch(() => [])).filter(isLogGeneration).sort()) {
    const files = await filesOf(check.directory, generation);
    for (const [at, file] of files.entries()) {
      check.signal.throwIfAborted();
      const limit = files[at + 1]?.firstNumber;
      blocks += await verifyFile(check, file, limit);
      await nextTurn();
    }
  }
  return blocks;
}

/** The same of the files of the log that are kept as evidence: what is only a note of a file is no file. */
export async function verifyEvidence(check: LogCheck): Promise<number> {
  const names = (await readdir(check.directory).catch(() => [])).sort();
  let blocks = 0;
  for (const path of names) {
    const parsed = parseSegmentFileName(path.slice(path.indexOf('-') + 1));
    if (!parsed) continue;
    check.signal.throwIfAborted();
    const note = await readFile(join(check.directory, `${path}.json`), 'utf8').catch(() => undefined);
    blocks += await verifyFile(check, { ...parsed, path }, limitIn(note));
    await nextTurn();
  }
  return blocks;
}

/** The number behind the last record of the file; `undefined` where the note cannot be read. */
function limitIn(note: string | undefined): number | undefined {
  try {
    const { end } = JSON.parse(note ?? '') as { end?: unknown };
    return typeof end === 'number' ? end : undefined;
  } catch {
    return undefined;
  }
}

async function filesOf(directory: string, generation: string): Promise<LogFile[]> {
  const names = (await readdir(join(directory, generation)).catch(() => [])).sort();
  return names.flatMap((name) => {
    const parsed = parseSegmentFileName(name);
    return parsed ? [{ ...parsed, path: `${generation}/${name}` }] : [];
  });
}

/** `limit` is the number of the first record of the next file; where there is none, this one may be being written. */
async function verifyFile(check: LogCheck, { path, salt, firstNumber }: LogFile, limit: number | undefined) {
  const { directory, onBytes } = check;
  const read = await readFile(join(directory, path)).catch((error: NodeJS.ErrnoException) => error);
  if (read instanceof Error) {
    // The log lets go of files while it is in use.
    if (read.code !== 'ENOENT') check.onDefect(path, `it cannot be read: ${read.message}`);
    return 0;
  }
  const bounds = { salt, firstNumber, limit: limit ?? Number.MAX_SAFE_INTEGER };
  const bytes = limit === undefined ? read.subarray(0, withoutTornWrite(read, bounds)) : read;
  let blocks = 0;
  scanRecords(bytes, bounds, {
    record(number, offset, end) {
      const payload = bytes.subarray(offset + HEADER_BYTES, end);
      if (isLogNote(payload)) return;
      const block = checkBlock(payload, crc32);
      if (block.ok) blocks++;
      else check.onDefect(path, `record ${number} is no block: ${block.fault.detail}`);
    },
    damage(offset, end, first, next) {
      check.onDefect(
        path,
        `${end - offset} bytes at ${offset} cannot be read: records ${first} to ${next - 1} are lost`,
      );
    },
  });
  onBytes(read.length);
  return blocks;
}
