/** The frames to begin with: all that the drivers and the dissectors have as vectors. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../architecture/sourceTree.ts';

const PLACES = ['packages/edge/src/acquisition/drivers', 'packages/dissect/src'];
/** Whatever the columns of a file are: an even number of hexadecimal digits is a frame, or is as good as one. */
const HEX = /(?<![\w.])(?:[\da-f]{2}){2,1200}(?![\w.])/gi;

/** `folder` is that of the protocol in both places, such as `modbus`. */
export function readSeeds(folder: string): Uint8Array[] {
  const texts = PLACES.flatMap((place) => vectorsIn(path.join(ROOT, place, folder, 'vectors')));
  const frames = new Set(texts.flatMap((text) => text.match(HEX) ?? []));
  return [...frames].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
}

function vectorsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((file) => !file.endsWith('.md'))
    .flatMap((file) => readFileSync(path.join(directory, file), 'utf8').split('\n'))
    .map((line) => (/^[<>]/.test(line) ? line.replaceAll(/[<>\s]/g, '') : line));
}
