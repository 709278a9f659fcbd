/** How the command says that something is wrong: one line for what, one for the remedy, and never a stack trace. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';

export function formatFault(fault: Fault): string {
  return `tidegate: ${fault.detail}\n  ${FAULTS[fault.code].remedy}\n`;
}

/** Writes the fault to standard error. */
export function reportFault(fault: Fault): void {
  process.stderr.write(formatFault(fault));
}
