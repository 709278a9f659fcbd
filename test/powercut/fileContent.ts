/** The bytes of a file in memory, which grow as they are written; what was never written is zero. */

export class FileContent {
  #bytes: Buffer;
  #length: number;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  /** Only until the next change. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  copy(): FileContent {
    return new FileContent(Buffer.from(this.bytes));
  }

  write(offset: number, bytes: Uint8Array): void {
    this.extend(offset + bytes.length);
    this.#bytes.set(bytes, offset);
  }

  /** Makes it at least so long. */
  extend(length: number): void {
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(length, this.#bytes.length * 2));
      grown.set(this.bytes);
      this.#bytes = grown;
    }
    this.#length = Math.max(length, this.#length);
  }

  truncate(length: number): void {
    this.extend(length);
    this.#bytes.fill(0, length, this.#length);
    this.#length = length;
  }
}
