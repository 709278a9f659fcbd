/** Reads every segment of a journal when it is opened: what can be read, what is lost, and where numbering goes on. */

import { open, readdir, rm, stat } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { JournalDamage } from './journalDamage.ts';
import { parseSegmentFileName, type SegmentName, segmentFileName } from './journalFiles.ts';
import { NUMBER_STRIDE, nextNumber, type ReservedNumbers, readReservation } from './numberReservation.ts';
import { readOverBadSectors } from './readOverBadSectors.ts';
import { HEADER_BYTES } from './recordLayout.ts';
import { type ScanBounds, type ScanEnd, scanRecords, withoutTornWrite } from './recordScan.ts';
import { Segment } from './segment.ts';
import { SegmentCipher } from './segmentCipher.ts';

const NO_FILE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EISDIR']);

export interface RecoveryVisitor {
  onDamage(damage: JournalDamage): void;
  /** Every good record in order; the payload is only lent for the call. */
  onRecord(number: number, payload: Uint8Array): void;
}

export interface RecoveredJournal {
  /** In ascending order; the last one, too, is never written again. */
  readonly segments: Segment[];
  readonly nextNumber: number;
  readonly reserved: ReservedNumbers | undefined;
  /** Bytes of a write that was under way when the process ended; they were cut off. */
  readonly tornBytes: number;
}

/**
 * Fault: `journal.key`, before anything is changed. Throws what the file system throws where something may not be read; a
 * damaged file is no reason to throw.
 */
export async function recoverJournal(
  directory: string,
  key: Uint8Array | undefined,
  visitor: RecoveryVisitor,
): Promise<Result<RecoveredJournal>> {
  const reserved = await readReservation(directory);
  const names = (await readdir(directory)).sort().flatMap((fileName) => parseSegmentFileName(fileName) ?? []);
  const locked = names.find((name) => name.seal && !cipherOf(name, key));
  if (locked) {
    const why = key ? 'was sealed with another key than the one given' : 'is sealed, and no key is given';
    return failure('journal.key', `${directory}/${segmentFileName(locked)} ${why}`);
  }
  const segments: Segment[] = [];
  let buffer: Buffer = Buffer.alloc(0);
  let next = nextNumber(reserved, 0, names.length > 0);
  let tornBytes = 0;
  for (const [index, name] of names.entries()) {
    const segment = new Segment(directory, name, cipherOf(name, key), visitor.onDamage);
    const isNewest = index === names.length - 1;
    if (!isNewest) segment.limit = names[index + 1].firstNumber;
    buffer = await readSegment(segment, buffer);
    const read = buffer.subarray(0, segment.durableBytes);
    const empty = read.length === 0 && (await isEmpty(segment.path));
    // Of an older segment the remains were cut when its life was the last one.
    const mayBeTorn = isNewest && reserved?.end === undefined;
    const bytes = mayBeTorn ? read.subarray(0, withoutTornWrite(read, boundsOf(segment))) : read;
    const end = scanSegment(segment, bytes, visitor);
    if (isNewest) {
      next = nextNumber(reserved, end.number, true);
      segment.limit = next;
      tornBytes = read.length - bytes.length;
      if (tornBytes > 0) await cut(segment.path, bytes.length);
    }
    finishSegment(segment, bytes, end, isNewest ? reserved?.end !== next : segment.limit % NUMBER_STRIDE === 0);
    // The last one stays even so: where there is none at all, files have been taken away.
    const isAlone = isNewest && segments.length === 0 && next > 0;
    if (segment.durableBytes > 0 || !empty || isAlone) segments.push(segment);
    else await rm(segment.path, { force: true });
  }
  if (names.length === 0) reportMissingFiles(directory, next, visitor);
  return success({ segments, nextNumber: next, reserved, tornBytes });
}

/** `undefined` where the segment is not sealed, or the key does not fit. */
function cipherOf({ seal }: SegmentName, key: Uint8Array | undefined): SegmentCipher | undefined {
  return seal && key && SegmentCipher.of(key, seal);
}

/** Into `buffer` if it is long enough, so that opening a large journal does not leave a heap of buffers behind. */
async function readSegment(segment: Segment, buffer: Buffer): Promise<Buffer> {
  try {
    const file = await open(segment.path, 'r');
    try {
      const { size } = await file.stat();
      if (buffer.length < size) buffer = Buffer.allocUnsafeSlow(size);
      segment.durableBytes = await readOverBadSectors(file, buffer.subarray(0, size), 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    // What is gone, or is no file, is reported below as missing. One that may not be read (rights, too many open files) is
    // no damage: taken for it, all of its records would be given up and the file deleted in time.
    if (!NO_FILE.has((error as NodeJS.ErrnoException).code)) throw error;
  }
  return buffer;
}

/** A segment that was begun and never written. */
async function isEmpty(path: string): Promise<boolean> {
  const size = await stat(path).then(
    (file) => file.size,
    () => -1,
  );
  return size === 0;
}

function boundsOf({ name, limit }: Segment): ScanBounds {
  return { salt: name.salt, firstNumber: name.firstNumber, limit };
}

function scanSegment(segment: Segment, bytes: Buffer, visitor: RecoveryVisitor): ScanEnd {
  return scanRecords(bytes, boundsOf(segment), {
    record(number, offset, end) {
      const stored = bytes.subarray(offset + HEADER_BYTES, end);
      const payload = segment.cipher ? segment.cipher.open(number, stored) : stored;
      if (payload === undefined) return segment.damaged(offset, end, number, number + 1);
      segment.admit(number, offset, end);
      visitor.onRecord(number, payload);
    },
    damage: (...place) => segment.damaged(...place),
  });
}

/**
 * Durably, since others come in the place of the records that were not acknowledged: they must not be read again after the
 * next power cut. Where the file cannot be cut, what is there is named as damage when the journal is opened the next time.
 */
async function cut(path: string, length: number): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      await file.truncate(length);
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/**
 * What lies behind the last record was refused when it was written, unless the numbers that follow tell that records are
 * missing. After a jump (`numberReservation.ts`) they do not tell.
 */
function finishSegment(segment: Segment, bytes: Buffer, end: ScanEnd, jumped: boolean): void {
  const hasTail = bytes.length > end.offset;
  if (end.number < segment.limit && (hasTail || !jumped)) {
    segment.damaged(end.offset, bytes.length, end.number, segment.limit);
  } else segment.durableBytes = end.offset;
}

function reportMissingFiles(directory: string, next: number, visitor: RecoveryVisitor): void {
  if (next > 0) visitor.onDamage({ file: directory, offset: 0, bytes: 0, firstNumber: 0, endNumber: next });
}
