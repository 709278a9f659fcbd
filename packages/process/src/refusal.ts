/** A process that cannot run until a person has changed something says so in one line on standard error. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';

/** What is wrong and what to do about it; `program` is its name, such as `gateway`. */
export function refusalLine(program: string, { code, detail }: Fault): string {
  return `tidegate ${program}: ${detail.replace(/[.\s]+$/, '')}. ${FAULTS[code].remedy}\n`;
}
