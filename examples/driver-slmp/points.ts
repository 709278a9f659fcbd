/** Points: what is read at an address, and as what. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { PointSpec } from '@tidegate/edge/acquisition/driver.ts';
import { parseAddress, type SlmpAddress } from './address.ts';

/** How many words each type takes. */
const WORDS = { bool: 1, int16: 1, uint16: 1, int32: 2, uint32: 2, float32: 2, float64: 4 } as const;

type DataType = keyof typeof WORDS;

export interface SlmpPoint extends SlmpAddress {
  readonly dataType: DataType;
  readonly words: number;
}

/** Faults: `point.address`, `point.data-type`, `point.word-order`. */
export function parsePoint({ address, dataType, wordOrder }: PointSpec, maxWords: number): Result<SlmpPoint> {
  const parsed = parseAddress(address);
  if (!parsed.ok) return parsed;
  const type = dataType.toLowerCase();
  if (!isDataType(type)) {
    return failure('point.data-type', `"${dataType}" is no data type; choose one of ${Object.keys(WORDS).join(', ')}`);
  }
  if ((type === 'bool') !== (parsed.value.bit !== undefined)) {
    const right =
      type === 'bool' ? `is a word: name its bit, such as ${address}.0` : 'is one bit: its data type is bool';
    return failure('point.data-type', `"${address}" ${right}`);
  }
  if (wordOrder !== undefined) {
    return failure('point.word-order', `"${wordOrder}": leave it out; MELSEC controllers lay the lower word first`);
  }
  const words = WORDS[type];
  if (words > maxWords) {
    return failure('point.data-type', `a ${type} takes ${words} words: set maxWords to ${words}, or read less`);
  }
  return success({ ...parsed.value, dataType: type, words });
}

function isDataType(text: string): text is DataType {
  return Object.hasOwn(WORDS, text);
}
