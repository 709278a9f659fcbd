/** A defect is one thing that is wrong with a configuration, said so that the person who wrote it can put it right. */

import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';

/** A character of a file; line and column count from 1, the column in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Defect extends Place {
  readonly code: Extract<FaultCode, `config.${string}`>;
  /** The file as the user named it, or as another configuration file led to it. */
  readonly file: string;
  /** What is wrong, beginning in lower case, without a full stop. */
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

/** What a configuration file holds, or everything that is wrong with it. */
export type ConfigResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly defects: readonly Defect[] };

/** Where a file as a whole is meant. */
export const FILE_START: Place = { line: 1, column: 1 };

export function makeDefect(
  code: Defect['code'],
  file: string,
  place: Place,
  message: string,
  hint?: string | undefined,
): Defect {
  const { line, column } = place;
  return hint === undefined ? { code, file, line, column, message } : { code, file, line, column, message, hint };
}
