/** A gateway that cannot run until a person has changed something: one line on standard error, and status 2. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';

/** What the process ends with; the launcher does not start it again after `refused`. */
export const EXIT = { ok: 0, crashed: 1, refused: 2 } as const;

/** What is wrong and what to do about it, in one line. */
export function refusalLine({ code, detail }: Fault): string {
  return `tidegate gateway: ${detail.replace(/[.\s]+$/, '')}. ${FAULTS[code].remedy}\n`;
}
