/** Encoded blocks one behind the other in a file, so that a benchmark can take up more of them than fit into memory. */

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { EncodedBlock } from './tidegatePeer.ts';

const HEADER_LENGTH_BYTES = 4;

/** Writes the blocks; each as the length of its header, the header as JSON, and its bytes, whose length the header ends with. */
export function writeBlocks(path: string, blocks: Iterable<EncodedBlock>): void {
  const file = openSync(path, 'w');
  for (const { header, bytes } of blocks) {
    const head = Buffer.from(JSON.stringify({ ...header, bytes: bytes.length }));
    const length = Buffer.alloc(HEADER_LENGTH_BYTES);
    length.writeUInt32LE(head.length);
    for (const part of [length, head, bytes]) writeSync(file, part);
  }
  closeSync(file);
}

/** Reads blocks one after the other, from where the reader before stopped. */
export class BlockFile {
  readonly #file: number;
  readonly #end: number;
  #at = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.#end = fstatSync(this.#file).size;
  }

  /** The next blocks, until they hold `samples` or more. */
  *take(samples: number): Generator<EncodedBlock> {
    for (let taken = 0; taken < samples && this.#at < this.#end; ) {
      const length = this.#read(HEADER_LENGTH_BYTES).readUInt32LE();
      const { bytes, ...header } = JSON.parse(this.#read(length).toString());
      taken += header.count;
      yield { header, bytes: this.#read(bytes) };
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    readSync(this.#file, bytes, 0, length, this.#at);
    this.#at += length;
    return bytes;
  }
}
