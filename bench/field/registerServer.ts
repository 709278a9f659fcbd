/** The server that all clients of the benchmark ask, in a process of its own: in C, or a stand-in where there is no compiler. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface RegisterServer {
  readonly program: string;
  readonly port: number;
  stop(): Promise<void>;
}

const COMPILER = '/usr/bin/cc';
const SOURCE = path.join(import.meta.dirname, 'registerServer.c');
const STAND_IN = path.join(import.meta.dirname, 'standInServer.ts');

/** `directory` takes the program. */
export async function startRegisterServer(directory: string): Promise<RegisterServer> {
  const program = path.join(directory, 'registerServer');
  const { status } = spawnSync(COMPILER, ['-O2', '-o', program, SOURCE], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return start('C', program, []);
  return start('Node.js, as there is no C compiler', process.execPath, [STAND_IN]);
}

async function start(program: string, command: string, args: readonly string[]): Promise<RegisterServer> {
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout! }), 'line');
  return {
    program,
    port: Number(line),
    async stop() {
      const exited = once(child, 'exit');
      child.stdin!.end();
      await exited;
    },
  };
}
