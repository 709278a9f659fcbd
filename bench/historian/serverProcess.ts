/** A server of others that runs as long as the benchmark asks it, and never longer than the benchmark itself. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 60_000;
const POLL_MS = 50;
const LOG_CHARACTERS = 4_000;
const BYTES_PER_DISK_BLOCK = 512;

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #program: string;
  readonly #kill = () => this.#child.kill('SIGKILL');
  #log = '';

  private constructor(program: string, args: readonly string[], options: SpawnOptions) {
    this.#program = program;
    this.#child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (text: Buffer) => (this.#log = (this.#log + text).slice(-LOG_CHARACTERS));
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#child.on('error', (error) => keep(Buffer.from(`${error}`)));
    process.once('exit', this.#kill);
  }

  /** Starts the program and resolves when `isReady` does without an error; throws with what the program said where it never does. */
  static async start(
    program: string,
    args: readonly string[],
    isReady: () => Promise<unknown>,
    options: SpawnOptions = {},
  ): Promise<ServerProcess> {
    const server = new ServerProcess(program, args, options);
    const deadline = performance.now() + START_LIMIT_MS;
    for (;;) {
      try {
        await isReady();
        return server;
      } catch (error) {
        if (server.#alive && performance.now() < deadline) {
          await sleep(POLL_MS);
          continue;
        }
        await server.stop('SIGKILL');
        throw new Error(`${program} does not start: ${error}\n${server.#log}`);
      }
    }
  }

  get #alive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    process.removeListener('exit', this.#kill);
    if (!this.#alive) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    const timer = setTimeout(() => {
      this.#log += `${this.#program} was killed`;
      this.#kill();
    }, STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What a directory and everything in it take on the disk; files that vanish meanwhile do not count. */
export async function directoryBytes(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory, { recursive: true }).catch(() => [])) {
    const entry = await lstat(path.join(directory, name)).catch(() => undefined);
    if (entry?.isFile()) bytes += entry.blocks * BYTES_PER_DISK_BLOCK;
  }
  return bytes;
}
