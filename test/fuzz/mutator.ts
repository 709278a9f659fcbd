/** Makes frames that nobody would send, out of frames that somebody has sent. */

import type { Random } from './random.ts';

/** More than any frame of any protocol here, and as much as a socket gives at once now and then. */
const MAX_BYTES = 4_096;
const MAX_CHANGES = 4;
/** Where fields begin and end to mean something else. */
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

type Mutation = (bytes: Buffer, random: Random, seeds: readonly Uint8Array[]) => Buffer;

const MUTATIONS: readonly Mutation[] = [changeBytes, changeBytes, flipBits, cut, takeOut, putIn, glue, repeat];

/** One frame of the seeds, changed once or a few times; the bytes belong to the caller. */
export function mutated(seeds: readonly Uint8Array[], random: Random, maxBytes = MAX_BYTES): Buffer {
  let bytes: Buffer = Buffer.from(random.pick(seeds));
  for (let changes = 1 + random.below(MAX_CHANGES); changes > 0; changes--) {
    bytes = random.pick(MUTATIONS)(bytes, random, seeds).subarray(0, maxBytes);
  }
  return bytes;
}

function changeBytes(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  for (let changes = 1 + random.below(MAX_CHANGES); changes > 0; changes--) {
    bytes[random.below(bytes.length)] = random.oneIn(2) ? random.pick(EDGES) : random.below(256);
  }
  return bytes;
}

function flipBits(bytes: Buffer, random: Random): Buffer {
  if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  return bytes;
}

function cut(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  return random.oneIn(2) ? bytes.subarray(0, at) : bytes.subarray(at);
}

function takeOut(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8))]);
}

function putIn(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const piece = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function glue(bytes: Buffer, random: Random, seeds: readonly Uint8Array[]): Buffer {
  return Buffer.concat([bytes, random.pick(seeds)]);
}

function repeat(bytes: Buffer, random: Random): Buffer {
  return Buffer.concat(Array.from({ length: 2 + random.below(3) }, () => bytes));
}
