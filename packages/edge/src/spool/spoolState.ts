/**
 * What a spool notes beside its journal: how far it has been acknowledged, and what has been counted already.
 *
 * The file is a line of JSON and a line with its crc32 in hexadecimal; it is replaced as a whole. It is not synced while
 * the process runs: an older one costs a repetition of blocks, which the other side drops.
 */

import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';

const STATE_FILE = 'state';
const NEW_STATE_FILE = 'state.new';

/** Samples between two records that were found missing and counted as damaged. */
export interface CountedLoss {
  readonly afterRecord: number;
  readonly beforeRecord: number;
  readonly samples: number;
}

export interface SpoolState {
  /** The last block that the other side holds; `accepted` is the lane's count up to and including it. */
  readonly acknowledged: (BlockPosition & { readonly accepted: number }) | undefined;
  /** The newest durable block when the state was written, and the tally up to and including it. */
  readonly newest: (BlockPosition & { readonly tally: Tally }) | undefined;
  readonly losses: readonly CountedLoss[];
  /** Of the tally: what has been counted since the newest block was sealed is in no header yet. */
  readonly expired: number;
  readonly damaged: number;
  /** Records below this have expired, also where their segment is still there. */
  readonly droppedBelow: number;
}

/** `undefined` where there is none, or none that can be trusted. */
export async function readSpoolState(directory: string): Promise<SpoolState | undefined> {
  const text = await readFile(join(directory, STATE_FILE), 'utf8').catch(() => '');
  const [line, checksum] = text.split('\n');
  if (!checksum || crc32(line) !== Number.parseInt(checksum, 16)) return undefined;
  return JSON.parse(line) as SpoolState;
}

/** Throws what the file system throws. */
export async function writeSpoolState(directory: string, state: SpoolState, durable: boolean): Promise<void> {
  const line = JSON.stringify(state);
  const file = await open(join(directory, NEW_STATE_FILE), 'w');
  try {
    await file.writeFile(`${line}\n${crc32(line).toString(16)}\n`);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  await rename(join(directory, NEW_STATE_FILE), join(directory, STATE_FILE));
}
