/** One of our programs on a host, which a test may kill at any moment and start again. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT } from '../architecture/sourceTree.ts';
import type { Host } from './host.ts';

export class Program {
  readonly #host: Host;
  readonly #script: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #messages: { kind?: string }[] = [];
  /** Everything that all lives of the program have printed. */
  log = '';

  /** `script` is a path from the root of the repository. */
  constructor(host: Host, script: string, ...args: string[]) {
    this.#host = host;
    this.#script = path.join(ROOT, script);
    this.#args = args;
  }

  start(): void {
    this.#messages = [];
    const child = this.#host.start(process.execPath, this.#script, ...this.#args);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.log += text));
    child.on('message', (message) => this.#messages.push(message as { kind?: string }));
    this.#child = child;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The newest message of a kind that the present life has sent. */
  message<T extends { kind: string }>(kind: T['kind']): T | undefined {
    return this.#messages.findLast((message) => message.kind === kind) as T | undefined;
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
