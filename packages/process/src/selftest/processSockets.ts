/** The network sockets of a process, as the kernel knows them (proc(5): /proc/PID/fd and /proc/PID/net). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface NetworkSocket {
  readonly protocol: 'tcp' | 'udp';
  /** `LISTEN`, `ESTABLISHED`, or the number of another state of TCP. */
  readonly state: string;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
}

export interface SocketAddress {
  /** IPv4, also where IPv6 carries it; else IPv6 in eight groups. */
  readonly host: string;
  readonly port: number;
}

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;
/** Columns of the tables. */
const COLUMN = { local: 1, remote: 2, state: 3, inode: 9 } as const;
const STATES: Readonly<Record<string, string>> = { '0A': 'LISTEN', '01': 'ESTABLISHED' };
/** An IPv4 address as IPv6 carries it. */
const MAPPED = /^0:0:0:0:0:ffff:([0-9a-f]+):([0-9a-f]+)$/;
const BYTES_PER_WORD = 4;

/** The sockets of a process; or, where it is gone or is another user's, why they cannot be looked at. */
export function socketsOrLack(pid: number): { readonly sockets: NetworkSocket[] } | { readonly lack: string } {
  try {
    return { sockets: processSockets(pid) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { lack: `the sockets of process ${pid} cannot be looked at (${code}); be its user, or root` };
  }
}

/** Throws as the file system where the process is gone, or is another user's. */
export function processSockets(pid: number): NetworkSocket[] {
  const inodes = socketInodes(pid);
  return TABLES.flatMap((table) =>
    tableOf(pid, table)
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[COLUMN.inode]))
      .map((columns) => ({
        protocol: table.startsWith('tcp') ? ('tcp' as const) : ('udp' as const),
        state: STATES[columns[COLUMN.state]] ?? columns[COLUMN.state],
        local: socketAddress(columns[COLUMN.local]),
        remote: socketAddress(columns[COLUMN.remote]),
      })),
  );
}

export function formatAddress({ host, port }: SocketAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `0100007F:1F90` is 127.0.0.1:8080: words of 32 bits in the order of the machine, which is little-endian. */
export function socketAddress(text: string): SocketAddress {
  const [hex, portHex] = text.split(':');
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at < bytes.length; at += BYTES_PER_WORD) bytes.subarray(at, at + BYTES_PER_WORD).reverse();
  const port = Number.parseInt(portHex, 16);
  if (bytes.length === BYTES_PER_WORD) return { host: bytes.join('.'), port };
  const groups = Array.from({ length: bytes.length / 2 }, (_, group) => bytes.readUInt16BE(group * 2));
  const host = groups.map((group) => group.toString(16)).join(':');
  return { host: MAPPED.test(host) ? bytes.subarray(-BYTES_PER_WORD).join('.') : host, port };
}

/** A machine without IPv6 has no tables of it. */
function tableOf(pid: number, table: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${table}`, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
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
