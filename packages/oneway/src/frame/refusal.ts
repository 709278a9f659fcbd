/** The reasons for which a server ends a connection, as numbers: it cannot send a text to a gateway. */

import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';

/** The place in this list is the number on the wire, from 1: append only. */
const REFUSALS = [
  'boundary.malformed',
  'boundary.version',
  'boundary.identity',
  'boundary.tags',
  'boundary.not-stored',
  'boundary.unanswered',
  'boundary.replaced',
  'boundary.stopping',
  'block.truncated',
  'block.checksum',
  'block.malformed',
  'block.version',
  'boundary.revoked',
  'boundary.twin',
] as const satisfies readonly FaultCode[];

/** A fault that the server may tell a gateway. */
export type Refusal = (typeof REFUSALS)[number];

export function refusalNumber(refusal: Refusal): number {
  return REFUSALS.indexOf(refusal) + 1;
}

export function refusalOf(number: number): Refusal | undefined {
  return REFUSALS[number - 1];
}

/** What a gateway is told of `code`: faults of the server's own inside are all one to it. */
export function refusalFor(code: FaultCode): Refusal {
  return REFUSALS.find((refusal) => refusal === code) ?? 'boundary.not-stored';
}

const ORDINARY: ReadonlySet<FaultCode> = new Set([
  'boundary.unreachable',
  'boundary.unanswered',
  'boundary.replaced',
  'boundary.stopping',
]);

/** True of a fault that ends connections in the course of things; any other means that one end has refused the other. */
export function isOrdinaryEnd(code: FaultCode): boolean {
  return ORDINARY.has(code);
}
