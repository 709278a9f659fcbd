/** The types of fed columns as DuckDB knows them; apart from the columns, which the server uses without loading DuckDB. */

import { BOOLEAN, DOUBLE, type DuckDBType, INTEGER, TIMESTAMP, UINTEGER, VARCHAR } from '@duckdb/node-api';
import type { FedType } from './columnTable.ts';

const TYPES: Readonly<Record<FedType, DuckDBType>> = { BOOLEAN, DOUBLE, INTEGER, TIMESTAMP, UINTEGER, VARCHAR };

export function duckdbType(type: FedType): DuckDBType {
  return TYPES[type];
}
