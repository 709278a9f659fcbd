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

/** A stretch of the lane's accepted samples, counted from its first one: `from` is in it, `to` is not. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface SpoolState {
  /** The last block that the other side holds. */
  readonly acknowledged: BlockPosition | undefined;
  /** The newest durable block when the state was written, and the tally up to and including it. */
  readonly newest: (BlockPosition & { readonly tally: Tally }) | undefined;
  /** So many of the accepted samples, from the first one on, are accounted for: acknowledged, expired or damaged. */
  readonly settled: number;
  /** Stretches behind `settled` that are gone and have been counted as damaged. */
  readonly losses: readonly Stretch[];
  /** Of the tally: what has been counted since the newest block was sealed is in no header yet. */
  readonly expired: number;
  readonly damaged: number;
  /** Records below this have expired, also where their segment is still there. */
  readonly droppedBelow: number;
}

/** How many samples of the stretch are in none of `known`. */
export function samplesOutside({ from, to }: Stretch, known: readonly Stretch[]): number {
  let at = from;
  let samples = 0;
  for (const each of known.toSorted((a, b) => a.from - b.from)) {
    if (each.from >= to) break;
    samples += Math.max(0, each.from - at);
    at = Math.max(at, each.to);
  }
  return samples + Math.max(0, to - at);
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
