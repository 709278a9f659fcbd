/** `tidegate start` as a process, seen as a user or a script sees it: arguments, output, exit status, REST. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../apps/tidegate/src/main.ts', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Samples of a tag that are good, in order of time; times in microseconds. */
export interface History {
  readonly times: readonly number[];
  readonly values: readonly (number | string)[];
}

export class RunningTidegate {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #api: string;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], consolePort: number) {
    this.#api = `http://127.0.0.1:${consolePort}/api/v1`;
    this.#child = spawn(process.execPath, [MAIN, ...args]);
    this.#child.stdout.setEncoding('utf8').on('data', (text) => {
      this.#stdout += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (status) => resolve({ status, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** `undefined` while the server or the tag is not there yet. */
  async history(tag: string): Promise<History | undefined> {
    try {
      const response = await fetch(`${this.#api}/history/raw?tag=${encodeURIComponent(tag)}&start=*-1h&end=*`);
      if (!response.ok) return undefined;
      const { series } = (await response.json()) as { series: (History & { statuses: number[] })[] };
      const [{ times, values, statuses }] = series;
      const good = statuses.flatMap((status, index) => (status >>> 30 === 0 ? [index] : []));
      return { times: good.map((index) => times[index]), values: good.map((index) => values[index]) };
    } catch {
      return undefined;
    }
  }

  /** Asks again until `condition` holds; throws with the output so far where the program ends before. */
  until<T, S extends T>(read: () => Promise<T>, condition: (value: T) => value is S): Promise<S>;
  until<T>(read: () => Promise<T>, condition: (value: T) => boolean): Promise<T>;
  async until<T>(read: () => Promise<T>, condition: (value: T) => boolean): Promise<T> {
    while (this.isRunning) {
      const value = await read();
      if (condition(value)) return value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { status, stdout, stderr } = await this.ended;
    throw new Error(`it ended with status ${status} before:\n${stdout}\n${stderr}`);
  }
}

/** Ports of the loopback address that are free at this moment, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
