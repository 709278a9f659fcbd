/** What has to be known of a server before it is asked for anything: its namespaces, and how much it takes at once. */

import { emptyValue, readDataValue } from '../encoding/readValue.ts';
import type { UaReader } from '../encoding/uaReader.ts';
import type { ValuePlace } from './request.ts';

export interface ServerFacts {
  readonly namespaces: readonly string[];
  /** 0 where there is no limit. */
  readonly maxNodesPerRead: number;
  readonly maxItemsPerCall: number;
}

export const NO_FACTS: ServerFacts = { namespaces: [], maxNodesPerRead: 0, maxItemsPerCall: 0 };

/** NamespaceArray, MaxNodesPerRead, MaxMonitoredItemsPerCall (OPC 10000-5, 6.3.1 and 6.3.11). */
export const FACT_PLACES: readonly ValuePlace[] = [2255, 11_705, 11_714].map((identifier) => ({
  node: { namespace: 0, identifier },
}));

const HAS_VALUE = 1;
const ARRAY_OF_STRINGS = 0x8c;
const MAX_NAMESPACES = 65_536;

/** What a server does not say is as if it had no limit. */
export function readFacts(reader: UaReader): ServerFacts {
  if (reader.count() < FACT_PLACES.length) return NO_FACTS;
  const namespaces = readStrings(reader);
  const [maxNodesPerRead, maxItemsPerCall] = [readLimit(reader), readLimit(reader)];
  return reader.defect === undefined ? { namespaces, maxNodesPerRead, maxItemsPerCall } : NO_FACTS;
}

function readStrings(reader: UaReader): string[] {
  const mask = reader.u8();
  const strings: string[] = [];
  if (mask & HAS_VALUE) {
    const encoding = reader.u8();
    if (encoding !== ARRAY_OF_STRINGS) reader.reject('has no list of namespaces');
    for (let left = Math.min(reader.count(4), MAX_NAMESPACES); left > 0; left--) strings.push(reader.string() ?? '');
  }
  if (mask & 2) reader.pass(4);
  if (mask & 4) reader.pass(8);
  if (mask & 16) reader.pass(2);
  if (mask & 8) reader.pass(8);
  if (mask & 32) reader.pass(2);
  return strings;
}

function readLimit(reader: UaReader): number {
  const value = emptyValue();
  readDataValue(reader, value);
  return value.kind === 'number' && value.number > 0 ? value.number : 0;
}
