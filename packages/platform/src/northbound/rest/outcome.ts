/** What comes of a request: an answer, or a fault with what may help the one who asked. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { ProblemExtras } from '../encoding/problemJson.ts';

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault; readonly extras: ProblemExtras };

export type FieldError = NonNullable<ProblemExtras['errors']>[number];

export function answer<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refusal(code: FaultCode, detail: string, extras: ProblemExtras = {}): Outcome<never> {
  return { ok: false, fault: { code, detail }, extras };
}

/** Names every field that is wrong, in one sentence and one by one. */
export function invalidFields(errors: FieldError[]): Outcome<never> {
  const detail = errors.map((error) => `${error.field} ${error.detail}`).join('; ');
  return refusal('request.invalid', `${detail}.`, { errors });
}
