/** A program of ours as a child process that a test may kill at any moment and start again. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT } from '../architecture/sourceTree.ts';

export class KillableProcess {
  readonly #script: string;
  readonly #onMessage: (message: unknown) => void;
  #child: ChildProcess | undefined;
  /** Everything that all lives of the process have printed. */
  log = '';

  /** `script` is a path from the root of the repository. */
  constructor(script: string, onMessage: (message: unknown) => void = () => undefined) {
    this.#script = path.join(ROOT, script);
    this.#onMessage = onMessage;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(args: readonly string[]): void {
    const child = fork(this.#script, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.log += text));
    child.on('message', this.#onMessage);
    this.#child = child;
  }

  /** Whether it runs; a process that ended by itself under test has crashed. */
  get alive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  send(message: object): void {
    this.#child?.send(message);
  }

  /** Resolves when the present life of the process is over. */
  async ended(): Promise<void> {
    if (this.#child && this.alive) await once(this.#child, 'exit');
  }

  /** Ends it with `signal`, SIGKILL where none is given, and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const gone = this.ended();
    if (this.alive) this.#child?.kill(signal);
    await gone;
  }
}
