/** A place in a stream as 16 bytes: epoch and sequence, or -1 twice where there is no place. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { NO_POSITION, readSafeInteger, writeSafeInteger } from './frameLayout.ts';

export function writePosition(view: DataView, at: number, position: BlockPosition | undefined): void {
  writeSafeInteger(view, at, position?.epoch ?? NO_POSITION);
  writeSafeInteger(view, at + 8, position?.sequence ?? NO_POSITION);
}

/** The position in `value`; `undefined` in place of the object where the bytes are neither a position nor none. */
export function readPosition(view: DataView, at: number): { readonly value: BlockPosition | undefined } | undefined {
  const epoch = readSafeInteger(view, at);
  const sequence = readSafeInteger(view, at + 8);
  if (epoch === undefined || sequence === undefined) return undefined;
  if (epoch === NO_POSITION && sequence === NO_POSITION) return { value: undefined };
  return epoch >= 0 && sequence >= 0 ? { value: { epoch, sequence } } : undefined;
}

/** `epoch/sequence`, as events and faults show it. */
export function formatPosition(position: BlockPosition | undefined): string {
  return position ? `${position.epoch}/${position.sequence}` : 'none';
}
