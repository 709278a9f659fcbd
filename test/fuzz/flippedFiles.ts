/** Files of which some bits are flipped and put right again: one bit in each of several places at a time. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from './random.ts';

/** A record of a journal as it lies in a file: its header and its payload. */
export interface RecordPlace {
  readonly file: string;
  readonly begin: number;
  readonly end: number;
}

const HEADER_BYTES = 24;
const LENGTH_AT = 4;
/** The highest bit says that a record was written together with the one before it. */
const LENGTH_MASK = 0x7fffffff;

/** Every record in the segments of a journal, in order. */
export function recordPlaces(directory: string): RecordPlace[] {
  const places: RecordPlace[] = [];
  for (const name of readdirSync(directory).sort()) {
    if (!name.endsWith('.segment')) continue;
    const file = path.join(directory, name);
    const bytes = readFileSync(file);
    for (let begin = 0; begin < bytes.length; begin = places[places.length - 1].end) {
      const length = bytes.readUInt32LE(begin + LENGTH_AT) & LENGTH_MASK;
      places.push({ file, begin, end: begin + HEADER_BYTES + length });
    }
  }
  return places;
}

/** Flips one bit of each of the places. */
export function flipBits(places: readonly RecordPlace[], random: Random): void {
  const files = new Map<string, Buffer>();
  for (const { file, begin, end } of places) {
    const bytes = files.get(file) ?? readFileSync(file);
    files.set(file, bytes);
    const bit = begin * 8 + random.below((end - begin) * 8);
    bytes[bit >> 3] ^= 1 << (bit & 7);
  }
  for (const [file, bytes] of files) writeFileSync(file, bytes);
}
