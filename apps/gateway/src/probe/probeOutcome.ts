/** How a probe ends that has nothing to tell: in plain words on standard error, and with a status. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import { FAULTS, type FaultCode } from '@tidegate/core/fault/faultTable.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';

/** As a shell has it: 128 and the number of the signal. */
export const INTERRUPTED = 130;

/** What to do, where the fault table speaks of a gateway that goes on by itself. */
export type Remedies = Partial<Record<FaultCode, string>>;

export function refuseArguments(complaints: readonly string[]): number {
  for (const complaint of complaints) process.stderr.write(`tidegate probe: ${complaint}.\n`);
  return EXIT.refused;
}

export function failProbe({ code, detail }: Fault, remedies: Remedies, signal: AbortSignal): number {
  if (signal.aborted) return INTERRUPTED;
  process.stderr.write(`tidegate probe: ${detail}. ${remedies[code] ?? FAULTS[code].remedy}\n`);
  return EXIT.failed;
}
