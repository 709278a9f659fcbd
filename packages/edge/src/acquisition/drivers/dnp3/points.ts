/** Points: what is read at an address, and what its values are. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { PointSpec } from '../../driver.ts';
import { type Dnp3Address, parseAddress } from './address.ts';
import { POINT_KIND } from './application/objectSink.ts';

/** Every number of DNP3 arrives as a double, which holds all of them exactly; the name says what people expect. */
const NUMBERS = ['uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];

const TYPES: Readonly<Record<TagType, readonly string[]>> = {
  boolean: ['bool'],
  number: NUMBERS,
  string: ['string'],
};

export interface Dnp3Point {
  readonly address: Dnp3Address;
  readonly type: TagType;
}

/** Faults: `point.address`, `point.data-type`, `point.word-order`. */
export function parsePoint(spec: PointSpec): Result<Dnp3Point> {
  const address = parseAddress(spec.address);
  if (!address.ok) return address;
  if (spec.wordOrder !== undefined) {
    return failure(
      'point.word-order',
      `DNP3 has one order of bytes: leave out "${spec.wordOrder}", such as in float32`,
    );
  }
  const type = typeOf(address.value);
  const dataType = spec.dataType.toLowerCase();
  if (TYPES[type].includes(dataType)) return success({ address: address.value, type });
  const right = TYPES[type].join(', ');
  return failure('point.data-type', `"${spec.dataType}" is no data type of "${spec.address}": write ${right}`);
}

function typeOf({ kind }: Dnp3Address): TagType {
  switch (kind) {
    case 'indication':
    case POINT_KIND.binary:
    case POINT_KIND.binaryOutput:
      return 'boolean';
    case POINT_KIND.octetString:
      return 'string';
    default:
      return 'number';
  }
}
