/** The sockets that a process has open, as the kernel knows them (proc(5), /proc/PID/fd and /proc/PID/net). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface OpenSocket {
  /** `LISTEN`, `ESTABLISHED`, or the number of another state; `unix` and the like for what is not TCP or UDP. */
  readonly state: string;
  readonly table: string;
}

/** Columns of /proc/net/tcp and its kin. */
const STATE_COLUMN = 3;
const INODE_COLUMN = 9;
const STATES: Readonly<Record<string, string>> = { '0A': 'LISTEN', '01': 'ESTABLISHED' };
const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'];

export function listSockets(pid: number): OpenSocket[] {
  const inodes = socketInodes(pid);
  return TABLES.flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[INODE_COLUMN]))
      .map((columns) => ({ state: STATES[columns[STATE_COLUMN]] ?? columns[STATE_COLUMN], table })),
  );
}

function socketInodes(pid: number): Set<string> {
  const inodes = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      // The descriptor was closed while the directory was read.
      return [];
    }
  });
  return new Set(inodes);
}
