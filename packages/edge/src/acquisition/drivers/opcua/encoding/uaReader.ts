/**
 * Reads what OPC UA puts on the wire, numbers with their lower byte first (OPC 10000-6, 5.2.2).
 *
 * Invariant: whatever the bytes are, nothing throws and nothing is read twice. What does not fit is noted, and from there on
 * everything is zero, empty or absent; whoever reads asks for `defect` at the end.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { NodeId } from './nodeId.ts';

const utf8 = new TextDecoder();
const NONE = new Uint8Array(0);
/** Objects within objects: more deeply nested than any that a server has a reason to send. */
const MAX_DEPTH = 16;
/** Ticks of 100 ns from 1601 to 1970 (5.2.2.5). */
const EPOCH_TICKS = 116_444_736_000_000_000n;
const TICKS_PER_US = 10n;
const URI_FLAG = 0x80;
const SERVER_FLAG = 0x40;

export class UaReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #defect: string | undefined;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** What was wrong first, as half a sentence. */
  get defect(): string | undefined {
    return this.#defect;
  }

  get left(): number {
    return this.#defect === undefined ? this.#bytes.length - this.#at : 0;
  }

  get at(): number {
    return this.#at;
  }

  /** What has been read since `from`. */
  since(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.#at);
  }

  reject(defect: string): void {
    this.#defect ??= defect;
  }

  /** `value`, or the fault `device.answer` where something did not fit. */
  result<T>(value: T): Result<T> {
    return this.#defect === undefined ? success(value) : failure('device.answer', `an answer that ${this.#defect}`);
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#bytes[at];
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  i32(): number {
    return this.u32() | 0;
  }

  i64(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.#view.getBigInt64(at, true);
  }

  u64(): bigint {
    return BigInt.asUintN(64, this.i64());
  }

  f32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getFloat32(at, true);
  }

  f64(): number {
    const at = this.#take(8);
    return at < 0 ? 0 : this.#view.getFloat64(at, true);
  }

  pass(bytes: number): void {
    this.#take(bytes);
  }

  /** A DateTime as microseconds since 1970; `undefined` where it stands for no time, or lies beyond what a double holds. */
  timeUs(): number | undefined {
    const ticks = this.i64();
    if (ticks <= 0n) return undefined;
    const us = Number((ticks - EPOCH_TICKS) / TICKS_PER_US);
    return Number.isSafeInteger(us) ? us : undefined;
  }

  /** A ByteString, a view; `undefined` where there is none. */
  bytes(): Uint8Array | undefined {
    const length = this.i32();
    if (length < 0) return undefined;
    const at = this.#take(length);
    return at < 0 ? NONE : this.#bytes.subarray(at, at + length);
  }

  string(): string | undefined {
    const bytes = this.bytes();
    return bytes === undefined ? undefined : utf8.decode(bytes);
  }

  /** How many elements an array has; 0 where there are none, and where they cannot be there. */
  count(leastBytes = 1): number {
    const count = this.i32();
    if (count <= 0) return 0;
    if (count * leastBytes <= this.left) return count;
    this.reject(`has an array of ${count} elements, which it does not hold`);
    return 0;
  }

  array<T>(read: () => T): T[] {
    const elements: T[] = [];
    for (let left = this.count(); left > 0 && this.#defect === undefined; left--) elements.push(read());
    return elements;
  }

  /** A NodeId or an ExpandedNodeId, of which namespace and server are left out. */
  nodeId(): NodeId {
    const encoding = this.u8();
    const id = this.#plainNodeId(encoding & ~(URI_FLAG | SERVER_FLAG));
    if (encoding & URI_FLAG) this.bytes();
    if (encoding & SERVER_FLAG) this.u32();
    return id;
  }

  #plainNodeId(kind: number): NodeId {
    switch (kind) {
      case 0:
        return { namespace: 0, identifier: this.u8() };
      case 1: {
        const namespace = this.u8();
        return { namespace, identifier: this.u16() };
      }
      case 2: {
        const namespace = this.u16();
        return { namespace, identifier: this.u32() };
      }
      case 3: {
        const namespace = this.u16();
        return { namespace, identifier: this.string() ?? '' };
      }
      case 4: {
        const namespace = this.u16();
        return { namespace, identifier: { guid: true, bytes: this.#fixed(16) } };
      }
      case 5: {
        const namespace = this.u16();
        return { namespace, identifier: { guid: false, bytes: this.bytes() ?? NONE } };
      }
      default:
        this.reject(`has a node id of kind ${kind}`);
        return { namespace: 0, identifier: 0 };
    }
  }

  guid(): Uint8Array {
    return this.#fixed(16);
  }

  qualifiedName(): string {
    this.u16();
    return this.string() ?? '';
  }

  localizedText(): string {
    const mask = this.u8();
    if (mask & 1) this.bytes();
    return mask & 2 ? (this.string() ?? '') : '';
  }

  /** The type of an object and its body, a view; the body is empty where there is none. */
  extension(): { readonly type: NodeId; readonly body: Uint8Array } {
    const type = this.nodeId();
    return { type, body: this.u8() === 0 ? NONE : (this.bytes() ?? NONE) };
  }

  /** Diagnostics may hold diagnostics (5.2.2.12). */
  skipDiagnostics(): void {
    this.nested(() => {
      const mask = this.u8();
      for (let bit = 1; bit <= 8; bit <<= 1) if (mask & bit) this.pass(4);
      if (mask & 16) this.bytes();
      if (mask & 32) this.pass(4);
      if (mask & 64) this.skipDiagnostics();
    });
  }

  /** Reads what may hold itself, up to some depth. */
  nested(read: () => void): void {
    if (this.#depth >= MAX_DEPTH) this.reject('is nested too deeply');
    if (this.#defect !== undefined) return;
    this.#depth++;
    read();
    this.#depth--;
  }

  #fixed(bytes: number): Uint8Array {
    const at = this.#take(bytes);
    return at < 0 ? NONE : this.#bytes.subarray(at, at + bytes);
  }

  /** Where the next bytes are; -1 where they are not. */
  #take(bytes: number): number {
    if (this.#defect !== undefined) return -1;
    const at = this.#at;
    if (at + bytes > this.#bytes.length) {
      this.#defect = `ends ${at + bytes - this.#bytes.length} bytes too early`;
      return -1;
    }
    this.#at = at + bytes;
    return at;
  }
}
