/** Lets a process run only on what the others leave: ingest and dashboards come before SQL and the lake. */

import { constants, setPriority } from 'node:os';

/** Does nothing where the process is gone already, or where the system has no priorities. */
export function yieldToOthers(pid: number | undefined): void {
  if (!pid) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Its work is the same without it.
  }
}
