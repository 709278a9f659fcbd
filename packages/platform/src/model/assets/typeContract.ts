/** What who reads assets of a type may rely on; what is published by it is held to it. */

import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { AssetType } from './assetModel.ts';

export interface ContractField {
  readonly name: string;
  readonly type: TagType;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  /** A value outside is published with the status UncertainEngineeringUnitsExceeded (OPC UA Part 8, 7.2.2). */
  readonly low: number;
  readonly high: number;
  readonly required: boolean;
}

export interface TypeContract {
  readonly type: string;
  readonly version: number;
  readonly fields: ReadonlyMap<string, ContractField>;
}

/** Where a type states no range, it is without end. */
export function contractOf({ name: type, version, attributes }: AssetType): TypeContract {
  const fields = new Map<string, ContractField>();
  for (const { name, type: valueType, unit, low = -Infinity, high = Infinity, required } of attributes.values()) {
    fields.set(name, { name, type: valueType, unit, low, high, required });
  }
  return { type, version, fields };
}
