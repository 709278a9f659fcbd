/** Points: what is read at an address, and what its values are. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { PointSpec } from '../../driver.ts';
import { type OpcuaAddress, parseAddress } from './address.ts';

export interface OpcuaPoint {
  readonly address: OpcuaAddress;
  readonly type: TagType;
}

/** Which of the numbers a server sends it decides itself: the name says what people expect. */
const NUMBERS = 'int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64'.split(' ');
const TYPES: ReadonlyMap<string, TagType> = new Map<string, TagType>([
  ['bool', 'boolean'],
  ['string', 'string'],
  ...NUMBERS.map((name) => [name, 'number'] as const),
]);

/** Faults: `point.address`, `point.data-type`, `point.word-order`. */
export function parsePoint(spec: PointSpec): Result<OpcuaPoint> {
  const address = parseAddress(spec.address);
  if (!address.ok) return address;
  if (spec.wordOrder !== undefined) {
    return failure(
      'point.word-order',
      `OPC UA has one order of bytes: leave out "${spec.wordOrder.slice(0, 80)}", such as in float64`,
    );
  }
  const type = TYPES.get(spec.dataType.toLowerCase());
  const wrong = (right: string) =>
    failure('point.data-type', `"${spec.dataType.slice(0, 80)}" is no data type here: write ${right}`);
  if (type === undefined) return wrong([...TYPES.keys()].join(', '));
  if (address.value.events && type !== 'string') return wrong('string, as events are texts');
  return success({ address: address.value, type });
}
