/** Builds what OPC UA puts on the wire, numbers with their lower byte first (OPC 10000-6, 5.2.2). */

import type { NodeId } from './nodeId.ts';

const utf8 = new TextEncoder();
const FIRST_BYTES = 256;
const NO_LENGTH = -1;

export class UaWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  /** Overwrites four bytes that have been written before. */
  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  i64(value: bigint): this {
    const at = this.#grow(8);
    this.#view.setBigInt64(at, value, true);
    return this;
  }

  f64(value: number): this {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value, true);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** A String or ByteString; `undefined` is none. */
  bytes(bytes: Uint8Array | undefined): this {
    if (bytes === undefined) return this.u32(NO_LENGTH);
    return this.u32(bytes.length).raw(bytes);
  }

  string(text: string | undefined): this {
    return this.bytes(text === undefined ? undefined : utf8.encode(text));
  }

  array<T>(elements: readonly T[], write: (element: T) => void): this {
    this.u32(elements.length);
    for (const element of elements) write(element);
    return this;
  }

  /** In the shortest form for numbers of namespace 0, as everybody does, and in the long one otherwise. */
  nodeId({ namespace, identifier }: NodeId): this {
    if (typeof identifier === 'string') return this.u8(3).u16(namespace).string(identifier);
    if (typeof identifier !== 'number') {
      const { guid, bytes } = identifier;
      return guid ? this.u8(4).u16(namespace).raw(bytes) : this.u8(5).u16(namespace).bytes(bytes);
    }
    if (namespace === 0 && identifier < 0x100) return this.u8(0).u8(identifier);
    if (namespace < 0x100 && identifier < 0x10000) return this.u8(1).u8(namespace).u16(identifier);
    return this.u8(2).u16(namespace).u32(identifier);
  }

  /** In a QualifiedName of namespace 0. */
  name(text: string | undefined): this {
    return this.u16(0).string(text);
  }

  /** An object of a type of the standard, whose body `write` adds (5.2.2.15). */
  extension(type: number, write: () => void): this {
    this.nodeId({ namespace: 0, identifier: type }).u8(1);
    const at = this.#grow(4);
    write();
    this.u32At(at, this.#length - at - 4);
    return this;
  }

  noExtension(): this {
    return this.u8(0).u8(0).u8(0);
  }

  /** What has been written, in memory of its own. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
