/** A file as the disk is certain to hold it, and the changes to it that no completed sync has covered yet. */

import type { Random } from '../fuzz/random.ts';
import { FileContent } from './fileContent.ts';

/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512;

/** A change to the bytes of a file; `at` is the place of its record in the trace. */
export type FileChange = { readonly at: number } & (
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly length: number }
  | { readonly kind: 'extend'; readonly length: number }
);

/** What has become of a change that no sync has covered; a file may be longer by a write whose bytes are missing. */
type Fate = 'kept' | 'lost' | 'torn' | 'length only';
const DAMAGES: readonly Fate[] = ['lost', 'torn', 'torn', 'length only'];

export class TracedFile {
  readonly #durable: FileContent;
  readonly #unsynced: FileChange[] = [];

  constructor(durable: FileContent = new FileContent()) {
    this.#durable = durable;
  }

  change(change: FileChange): void {
    this.#unsynced.push(change);
  }

  /** Every change before record `before` is on the disk. */
  sync(before: number): void {
    while (this.#unsynced.length > 0 && this.#unsynced[0].at < before) apply(this.#unsynced.shift()!, this.#durable);
  }

  /** The content where nothing is lost. */
  whole(): FileContent {
    const content = this.#durable.copy();
    for (const change of this.#unsynced) apply(change, content);
    return content;
  }

  /**
   * A content that a power cut may leave: of the changes that no sync has covered each survives by itself with the
   * chance of `survival`; the others are lost, or torn, or nothing of them but the length is there.
   */
  afterCut(random: Random, survival: number, lost: (what: string) => void): FileContent {
    const content = this.#durable.copy();
    for (const change of this.#unsynced) {
      const fate = random.below(1_000) < survival * 1_000 ? 'kept' : random.pick(DAMAGES);
      if (fate !== 'kept') lost(`${fate}: ${describe(change)} of record ${change.at}`);
      if (change.kind === 'write') write(change, fate, content, random);
      else if (fate === 'kept') apply(change, content);
    }
    return content;
  }
}

function apply(change: FileChange, content: FileContent): void {
  if (change.kind === 'write') content.write(change.offset, change.bytes);
  else if (change.kind === 'truncate') content.truncate(change.length);
  else content.extend(change.length);
}

function write(
  { offset, bytes }: FileChange & { readonly kind: 'write' },
  fate: Fate,
  content: FileContent,
  random: Random,
): void {
  const end = offset + bytes.length;
  if (fate === 'kept') content.write(offset, bytes);
  if (fate === 'length only') content.extend(end);
  if (fate !== 'torn') return;
  if (random.oneIn(2)) content.extend(end);
  for (let from = offset; from < end; from = nextSector(from)) {
    const to = Math.min(nextSector(from), end);
    if (random.oneIn(2)) content.write(from, bytes.subarray(from - offset, to - offset));
  }
}

function nextSector(offset: number): number {
  return (Math.floor(offset / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}

function describe(change: FileChange): string {
  if (change.kind === 'write') return `write of ${change.bytes.length} bytes at ${change.offset}`;
  return `${change.kind} to ${change.length} bytes`;
}
