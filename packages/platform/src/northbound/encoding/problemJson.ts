/** A fault as the problem details that the interface answers with. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import type { FaultList, Problem } from '../contract/problem.ts';

/** What a fault may bring along for the one who asked. */
export type ProblemExtras = Pick<Problem, 'errors' | 'suggestions' | 'position'>;

export function problemJson(fault: Fault, extras: ProblemExtras = {}): Problem {
  const { meaning, httpStatus, remedy } = FAULTS[fault.code];
  return {
    type: `urn:tidegate:fault:${fault.code}`,
    title: meaning,
    status: httpStatus,
    detail: fault.detail,
    code: fault.code,
    remedy,
    ...extras,
  };
}

export function faultListJson(): FaultList {
  const faults = Object.entries(FAULTS).map(([code, entry]) => ({ code, ...entry }));
  return { faults: faults.toSorted((a, b) => (a.code < b.code ? -1 : 1)) };
}
