/** Wrong bytes and wrong configuration are values: a `Result` holds what was asked for or the fault that prevents it. */

import type { FaultCode } from './faultTable.ts';

export interface Fault {
  readonly code: FaultCode;
  /** What exactly is wrong, with the numbers and names at hand; one sentence. */
  readonly detail: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(code: FaultCode, detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, detail } };
}
