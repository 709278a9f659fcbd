/** What a Modbus device holds at one moment: coils and registers, filled once for each row and never changed after. */

/** Order of the bytes of a 32-bit value, `A` being the most significant (`CDAB` has its words swapped). */
export type WordOrder = 'ABCD' | 'CDAB';

export interface TableSizes {
  readonly coils: number;
  readonly input: number;
  readonly holding: number;
}

export class RegisterTable {
  readonly words: Uint16Array;

  constructor(size: number) {
    this.words = new Uint16Array(size);
  }

  /** Takes -32,768 to 65,535: a signed number is kept in two's complement. */
  set16(address: number, value: number): void {
    this.words[address] = value;
  }

  setUint32(address: number, value: number, order: WordOrder = 'ABCD'): void {
    const high = order === 'ABCD' ? address : address + 1;
    this.words[high] = value >>> 16;
    this.words[high === address ? address + 1 : address] = value & 0xffff;
  }

  setFloat32(address: number, value: number, order: WordOrder = 'ABCD'): void {
    FLOAT[0] = value;
    this.setUint32(address, FLOAT_BITS[0], order);
  }

  /** ASCII text, two characters in a register, the first in the upper byte, filled up with NUL. */
  setText(address: number, registers: number, text: string): void {
    for (let index = 0; index < registers; index++) {
      const upper = text.charCodeAt(2 * index) || 0;
      const lower = text.charCodeAt(2 * index + 1) || 0;
      this.words[address + index] = (upper << 8) | lower;
    }
  }
}

const FLOAT = new Float32Array(1);
const FLOAT_BITS = new Uint32Array(FLOAT.buffer);

export class RegisterImage {
  readonly coils: boolean[];
  readonly input: RegisterTable;
  readonly holding: RegisterTable;

  constructor(sizes: TableSizes) {
    this.coils = new Array<boolean>(sizes.coils).fill(false);
    this.input = new RegisterTable(sizes.input);
    this.holding = new RegisterTable(sizes.holding);
  }
}
