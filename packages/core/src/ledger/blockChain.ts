/**
 * The chain over the blocks of a lane, in the order in which they were sealed: whoever holds the blocks can compute its
 * head, and nobody can find other blocks with the same one.
 *
 *     head = SHA-256( head before (32) | SHA-256 of the block's bytes (32) | epoch u64 | sequence u64 )   little-endian
 *
 * Between two checkpoints some of the heads are written down as marks, so that a block that is lost takes the proof only
 * from those between the same two marks: a mark after every `stride` blocks, fewer than `MAX_STRETCHES` of them.
 */

import type { BlockPosition } from '../block/sampleBlock.ts';

/** SHA-256 (FIPS 180-4): 32 bytes. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

export const DIGEST_BYTES = 32;
export const CHAIN_START = new Uint8Array(DIGEST_BYTES);
export const MAX_STRETCHES = 16;

const LINK_BYTES = 2 * DIGEST_BYTES + 16;

/** The head of the chain behind a block whose bytes have the digest given. */
export function chainLink(hash: Hash, before: Uint8Array, digest: Uint8Array, position: BlockPosition): Uint8Array {
  const link = new Uint8Array(LINK_BYTES);
  const view = new DataView(link.buffer);
  link.set(before, 0);
  link.set(digest, DIGEST_BYTES);
  view.setBigUint64(2 * DIGEST_BYTES, BigInt(position.epoch), true);
  view.setBigUint64(2 * DIGEST_BYTES + 8, BigInt(position.sequence), true);
  return hash(link);
}

/** Blocks of one epoch without a gap: from sequence `first` on, `count` of them. */
export interface BlockRun {
  readonly epoch: number;
  readonly first: number;
  readonly count: number;
}

/** What a checkpoint says of the chain since the one before it. */
export interface ChainSpan {
  /** Which blocks, in the order of the chain. */
  readonly runs: readonly BlockRun[];
  /** The head before the first of them. */
  readonly before: Uint8Array;
  /** Heads behind each `stride` of them, but for the last. */
  readonly marks: readonly Uint8Array[];
  readonly stride: number;
  /** The head behind the last of them; `before` where there are none. */
  readonly after: Uint8Array;
}

/** How many marks belong to so many blocks. */
export function markCount(blocks: number, stride: number): number {
  return Math.max(0, Math.ceil(blocks / stride) - 1);
}

/** Grows the chain block by block, and gives what has been added since the last time. */
export class BlockChain {
  readonly #hash: Hash;
  #before: Uint8Array;
  #head: Uint8Array;
  #runs: { epoch: number; first: number; count: number }[] = [];
  /** Heads behind each `stride` blocks, the newest of all perhaps among them. */
  #heads: Uint8Array[] = [];
  #stride = 1;
  #blocks = 0;

  constructor(hash: Hash, head: Uint8Array = CHAIN_START) {
    this.#hash = hash;
    this.#before = head;
    this.#head = head;
  }

  /** Blocks since the last span was taken. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Stretches of blocks without a gap since the last span was taken. */
  get runs(): number {
    return this.#runs.length;
  }

  add(position: BlockPosition, digest: Uint8Array): void {
    this.#head = chainLink(this.#hash, this.#head, digest, position);
    const { epoch, sequence } = position;
    const run = this.#runs.at(-1);
    if (run && run.epoch === epoch && run.first + run.count === sequence) run.count++;
    else this.#runs.push({ epoch, first: sequence, count: 1 });
    this.#blocks++;
    if (this.#blocks % this.#stride === 0) this.#heads.push(this.#head);
    if (this.#heads.length === MAX_STRETCHES) {
      this.#heads = this.#heads.filter((_, at) => at % 2 === 1);
      this.#stride *= 2;
    }
  }

  /** Everything since the last call. */
  take(): ChainSpan {
    const stride = this.#stride;
    const marks = this.#heads.slice(0, markCount(this.#blocks, stride));
    const span = { runs: this.#runs, before: this.#before, marks, stride, after: this.#head };
    this.#before = this.#head;
    this.#runs = [];
    this.#heads = [];
    this.#stride = 1;
    this.#blocks = 0;
    return span;
  }
}

/** `unproved`: it is there, and the head that would prove it cannot be computed, because a block beside it is missing. */
export type BlockProof = 'proved' | 'missing' | 'unproved' | 'wrong';

/**
 * Holds the blocks that are there against a span, and calls `tell` for each block that the span names, in order. The work is
 * bounded by the number of blocks that the span names: the caller bounds that.
 */
export function proveSpan(
  hash: Hash,
  span: ChainSpan,
  digestOf: (position: BlockPosition) => Uint8Array | undefined,
  tell: (position: BlockPosition, proof: BlockProof) => void,
): void {
  const positions = span.runs.flatMap(({ epoch, first, count }) =>
    Array.from({ length: count }, (_, at) => ({ epoch, sequence: first + at })),
  );
  for (let from = 0, stretch = 0; from < positions.length; from += span.stride, stretch++) {
    const part = positions.slice(from, from + span.stride);
    const digests = part.map(digestOf);
    const isWhole = digests.every((digest) => digest !== undefined);
    let head = stretch === 0 ? span.before : span.marks[stretch - 1];
    if (isWhole) for (const [at, position] of part.entries()) head = chainLink(hash, head, digests[at]!, position);
    const isRight = isWhole && sameBytes(head, span.marks[stretch] ?? span.after);
    for (const [at, position] of part.entries()) {
      if (digests[at] === undefined) tell(position, 'missing');
      else tell(position, isRight ? 'proved' : isWhole ? 'wrong' : 'unproved');
    }
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
