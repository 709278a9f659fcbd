/** Points: what is read at an address, and as what. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { PointSpec } from '../../driver.ts';
import { type BusName, type ByteAddress, type DiagnosisName, type ProfibusAddress, parseAddress } from './address.ts';

/** Bytes that a value of each type takes; a text takes as many as its address says. */
const BYTES = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  string: 0,
} as const;

export type DataType = keyof typeof BYTES;

const DATA_TYPES = Object.keys(BYTES) as readonly DataType[];
/** What fits into one telegram. */
const IMAGE_BYTES = 246;

/** A value in the bytes of an image. */
export interface BytePoint {
  readonly area: ByteAddress['area'];
  readonly slot: number | undefined;
  readonly offset: number;
  /** How many bytes it takes. */
  readonly width: number;
  readonly dataType: DataType;
  /** Of a boolean; 0 otherwise. */
  readonly bit: number;
  readonly littleEndian: boolean;
}

/** What is known of the slave beyond bytes. */
export interface StatePoint {
  readonly area: 'state';
  readonly name: DiagnosisName;
  readonly dataType: DataType;
}

export interface BusPoint {
  readonly area: 'bus';
  readonly name: BusName;
  readonly dataType: DataType;
}

export type ProfibusPoint = BytePoint | StatePoint | BusPoint;

/** Faults: `point.address`, `point.data-type`, `point.word-order`. */
export function parsePoint(spec: PointSpec): Result<ProfibusPoint> {
  const parsed = parseAddress(spec.address);
  if (!parsed.ok) return parsed;
  const address = parsed.value;
  const dataType = DATA_TYPES.find((known) => known === spec.dataType.toLowerCase());
  if (!dataType) {
    return failure('point.data-type', `"${spec.dataType}" is no data type; choose one of ${DATA_TYPES.join(', ')}`);
  }
  const order = (spec.wordOrder ?? 'ABCD').toUpperCase();
  if (order !== 'ABCD' && order !== 'DCBA') {
    const detail = `"${spec.wordOrder}" is no byte order: ABCD (the most significant byte first, as PROFIBUS has it) or DCBA`;
    return failure('point.word-order', detail);
  }
  const wrong = whyNot(dataType, address);
  if (wrong) return failure('point.data-type', `"${spec.address}" ${wrong}`);
  if (address.area === 'state' || address.area === 'bus') return success({ ...address, dataType });
  const { area, slot, offset, bit = 0, length } = address;
  const width = length ?? BYTES[dataType];
  if (offset + width > IMAGE_BYTES) {
    const detail = `"${spec.address}": ${width} bytes from ${offset} end behind the last that a telegram carries, ${IMAGE_BYTES - 1}`;
    return failure('point.address', detail);
  }
  return success({ area, slot, offset, width, dataType, bit, littleEndian: order === 'DCBA' });
}

export function tagTypeOf({ dataType }: ProfibusPoint): TagType {
  if (dataType === 'bool') return 'boolean';
  return dataType === 'string' ? 'string' : 'number';
}

/** Half a sentence where such a value cannot stand at such an address. */
function whyNot(dataType: DataType, address: ProfibusAddress): string | undefined {
  if (address.area === 'bus') return unless(dataType, ['float64'], 'is a number');
  if (address.area === 'state') {
    return address.name === 'text'
      ? unless(dataType, ['string'], 'is a text')
      : unless(dataType, ['string', 'uint8'], 'is a text, or its number');
  }
  const { area, offset, bit, length } = address;
  if (bit !== undefined) return unless(dataType, ['bool'], 'names a bit');
  if (length !== undefined) return unless(dataType, ['string'], 'names a number of bytes');
  if (dataType === 'bool') return `is a whole byte: name the bit of a bool, such as ${area}:${offset}.0`;
  if (dataType === 'string') return `is a string of unknown length: say how many bytes, such as ${area}:${offset}[8]`;
  return undefined;
}

function unless(dataType: DataType, right: readonly DataType[], what: string): string | undefined {
  return right.includes(dataType) ? undefined : `${what}: its data type is ${right.join(' or ')}, not ${dataType}`;
}
