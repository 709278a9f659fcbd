/** A place in the bytes of a message; what does not fit is noted once, and everything behind it reads as nothing. */

const text = new TextDecoder();
const NULL_LENGTH = -1;

/** Numbers have their lower byte first (OPC 10000-6, 5.2.2). */
export class UaCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;
  #defect: string | undefined;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  /** What was wrong first, as half a sentence. */
  get defect(): string | undefined {
    return this.#defect;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#defect === undefined ? this.#bytes.length - this.#at : 0;
  }

  reject(defect: string): void {
    this.#defect ??= defect;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#bytes[at];
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  pass(bytes: number): void {
    this.#take(bytes);
  }

  /** A String or ByteString: its length, -1 for none, and then so many bytes; `undefined` where there is none. */
  bytes(): Uint8Array | undefined {
    const length = this.#length();
    if (length === NULL_LENGTH) return undefined;
    const at = this.#take(length);
    return at < 0 ? undefined : this.#bytes.subarray(at, at + length);
  }

  string(): string | undefined {
    const bytes = this.bytes();
    return bytes && text.decode(bytes);
  }

  /** The elements of an array, each read by `element`; `least` is how few bytes one takes. */
  array(least: number, element: () => void): number {
    const count = Math.max(0, this.#length());
    if (count * least > this.left) {
      this.reject(`an array of ${count} elements that do not fit`);
      return 0;
    }
    for (let index = 0; index < count && this.#defect === undefined; index++) element();
    return count;
  }

  #length(): number {
    const at = this.#take(4);
    if (at < 0) return NULL_LENGTH;
    const length = this.#view.getInt32(at, true);
    if (length >= NULL_LENGTH) return length;
    this.reject(`a length of ${length}`);
    return NULL_LENGTH;
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (this.#defect !== undefined) return -1;
    if (at + bytes > this.#bytes.length) {
      this.#defect = `ends ${at + bytes - this.#bytes.length} bytes too early`;
      return -1;
    }
    this.#at = at + bytes;
    return at;
  }
}
