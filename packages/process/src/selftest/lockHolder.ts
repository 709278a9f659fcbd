/** Which process holds a data directory: its lock is a symbolic link whose target begins with the process id. */

import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface LockHolder {
  readonly pid: number;
  /** The user that it runs as. */
  readonly uid: number;
}

const LOCK = 'lock';
/** Field 22 of /proc/PID/stat (proc(5)), counted behind the command's name, which may contain spaces. */
const START_TIME_AFTER_COMMAND = 19;

/** `undefined` where nobody holds it, or its holder is gone. */
export function lockHolder(directory: string): LockHolder | undefined {
  try {
    const [pid, started] = readlinkSync(join(directory, LOCK)).split('-');
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Process ids are used again.
    if (started !== undefined && started !== fields[START_TIME_AFTER_COMMAND]) return undefined;
    return { pid: Number(pid), uid: statSync(`/proc/${pid}`).uid };
  } catch {
    return undefined;
  }
}
