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
  readonly #listeners = new Set<(message: unknown) => void>();
  /** Variables of its next life beside those that it inherits. */
  environment: Readonly<Record<string, string>> = {};
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
    const variables = Object.entries(this.environment).map(([name, value]) => `${name}=${value}`);
    const child = this.#host.start('env', ...variables, process.execPath, this.#script, ...this.#args);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.log += text));
    child.on('message', (message) => {
      if (this.#listeners.size === 0) this.#messages.push(message as { kind?: string });
      for (const listener of this.#listeners) listener(message);
    });
    this.#child = child;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The newest message of a kind that the present life has sent. */
  message<T extends { kind: string }>(kind: T['kind']): T | undefined {
    return this.#messages.findLast((message) => message.kind === kind) as T | undefined;
  }

  /** How many messages of a kind the present life has sent. */
  count(kind: string): number {
    return this.#messages.filter((message) => message.kind === kind).length;
  }

  /** `listener` is given every message instead of their being kept. */
  onMessage(listener: (message: unknown) => void): void {
    this.#listeners.add(listener);
  }

  send(message: object): void {
    this.#child?.send(message);
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
