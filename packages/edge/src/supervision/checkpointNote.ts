/**
 * What a gateway notes of the last checkpoint of a lane, so that the chain goes on where it ended: one JSON file for each
 * lane, replaced as a whole and durably before the checkpoint leaves.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Hash } from '@tidegate/core/ledger/blockChain.ts';
import { checkpointDigest, decodeCheckpoint, type SignedCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { replaceFile } from '@tidegate/journal/replaceFile.ts';

export interface CheckpointNote {
  readonly text: string;
  /** The last block that this checkpoint or one before it has signed for. */
  readonly last: BlockPosition | null;
  /** Whether the checkpoint is known to be in the spool. */
  readonly isSpooled: boolean;
}

export interface KnownNote extends CheckpointNote, SignedCheckpoint {
  readonly digest: Uint8Array;
}

/** `undefined` where there is no note, `damaged` where there is one that cannot be used. */
export async function readCheckpointNote(
  directory: string,
  lane: Lane,
  hash: Hash,
): Promise<KnownNote | 'damaged' | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, fileOf(lane)), 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
  }
  const note = parseNote(text);
  const decoded = note && decodeCheckpoint(note.text);
  if (!decoded?.ok) return 'damaged';
  return { ...note!, ...decoded.value, digest: checkpointDigest(note!.text, hash) };
}

/** Throws what the file system throws. */
export async function writeCheckpointNote(directory: string, lane: Lane, note: CheckpointNote): Promise<void> {
  await makeDirectory(directory);
  await replaceFile(join(directory, fileOf(lane)), `${JSON.stringify(note)}\n`);
}

function fileOf(lane: Lane): string {
  return `${lane}.json`;
}

function parseNote(text: string): CheckpointNote | undefined {
  try {
    const { text: checkpoint, last, isSpooled } = JSON.parse(text) as Partial<CheckpointNote>;
    if (typeof checkpoint !== 'string' || typeof isSpooled !== 'boolean' || last === undefined) return undefined;
    if (last !== null && !(Number.isSafeInteger(last.epoch) && Number.isSafeInteger(last.sequence))) return undefined;
    return { text: checkpoint, last, isSpooled };
  } catch {
    return undefined;
  }
}
