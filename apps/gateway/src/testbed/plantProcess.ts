/** The example plant as a process: three Modbus TCP devices on free ports. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../plant/src/main.ts', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../examples/plant/data', import.meta.url));
const DEVICES = 3;

export interface PlantProcess {
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

export async function startPlant(): Promise<PlantProcess> {
  const ports = await freePorts(DEVICES);
  const args = ['--data', DATA, '--ports', ports.join(','), '--rows-per-second', '20'];
  const child = fork(MAIN, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  return { ports, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Ports on which nothing listens now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
