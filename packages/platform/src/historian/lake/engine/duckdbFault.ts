/** What DuckDB reports, as a fault: its errors have no codes, only words, of which the first ones are stable. */

import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import { ARGUMENT_ERROR } from './functionCalls.ts';

const CODES: readonly (readonly [RegExp, FaultCode])[] = [
  [new RegExp(ARGUMENT_ERROR), 'sql.argument'],
  [/does not support lateral join column parameters/, 'sql.argument'],
  [/^Out of Memory|^Allocation|Invalid (string|array) length|Cannot create a string/, 'sql.memory'],
  [/^(Permission|Missing Extension|Extension Autoloading)/, 'sql.refused'],
  [/^(INTERNAL|FATAL|IO|TransactionContext)/, 'sql.engine'],
];

/** `functions` are those of the server: a call that does not fit one of them is a wrong argument, not wrong SQL. */
export function duckdbFault(error: unknown, functions: readonly string[]): Fault {
  const message = error instanceof Error ? error.message : String(error);
  const misfit = /No function matches the given name and argument types '(\w+)\(/.exec(message)?.[1];
  if (misfit && functions.includes(misfit)) return failure('sql.argument', detailOf(message)).fault;
  const code = CODES.find(([pattern]) => pattern.test(message))?.[1] ?? 'sql.syntax';
  return failure(code, detailOf(message)).fault;
}

/** The sentence, the candidates and the line with its mark, without the advice about settings that are locked here. */
function detailOf(message: string): string {
  return message
    .replace(/\n+Possible solutions:[\s\S]*/, '')
    .replaceAll(ARGUMENT_ERROR, '')
    .trim();
}
