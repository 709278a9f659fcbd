/** One process of a running Tidegate: started, started again when it dies, its output kept in a log file. */

import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { readLogTail } from './logTail.ts';

export interface ProcessPlan {
  readonly name: string;
  /** TypeScript file that Node runs as it is. */
  readonly script: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Time to end by itself after it has been told to, before it is killed. */
  readonly stopTimeoutMs: number;
}

/** What a process did that a person should know. */
export interface ProcessEnd {
  readonly name: string;
  /** Exit status or signal. */
  readonly how: string;
  readonly lastLines: readonly string[];
  readonly logFile: string;
  /** Milliseconds until it is started again; `undefined` where it is not, because it asks for a change by a person. */
  readonly restartInMs: number | undefined;
}

export interface ProcessListener {
  /** A message over the channel between the processes. */
  message(message: unknown): void;
  /** It ended without having been told to. */
  ended(end: ProcessEnd): void;
}

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
/** A process that has run this long was well: the next restart is a first one again. */
const HEALTHY_AFTER_MS = 30_000;
const TAIL_LINES = 20;

export class SupervisedProcess {
  readonly #plan: ProcessPlan;
  readonly #listener: ProcessListener;
  #child: ChildProcess | undefined;
  #backoffMs = FIRST_BACKOFF_MS;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;
  /** Where in the log the lines of the process that runs now begin. */
  #logStart = 0;

  constructor(plan: ProcessPlan, listener: ProcessListener) {
    this.#plan = plan;
    this.#listener = listener;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const startedMs = performance.now();
    const log = openSync(this.#plan.logFile, 'a');
    this.#logStart = fstatSync(log).size;
    const child = fork(this.#plan.script, this.#plan.args, {
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
      // In a process group of its own, so that Ctrl-C reaches only the launcher, which stops all in order.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.on('message', (message) => this.#listener.message(message));
    // A process that cannot be started at all has no exit status; 'exit' does not follow.
    child.once('error', (error) => this.#afterEnd(error.message, performance.now() - startedMs));
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      this.#afterEnd(signal ?? code ?? 'unknown', performance.now() - startedMs);
    });
  }

  /** Resolves when the process has ended, killed where it does not end by itself in time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const killer = setTimeout(() => child.kill('SIGKILL'), this.#plan.stopTimeoutMs);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(killer);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#child?.kill('SIGKILL');
  }

  async #afterEnd(status: number | string, ranMs: number): Promise<void> {
    if (this.#stopping) return;
    if (ranMs > HEALTHY_AFTER_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    const restartInMs = status === EXIT.refused ? undefined : this.#backoffMs;
    const { name, logFile } = this.#plan;
    const how = typeof status === 'number' ? `exit status ${status}` : status;
    const lastLines = await readLogTail(logFile, this.#logStart, TAIL_LINES);
    if (this.#stopping) return;
    if (restartInMs !== undefined) {
      this.#backoffMs = Math.min(2 * this.#backoffMs, MAX_BACKOFF_MS);
      this.#restart = setTimeout(() => this.start(), restartInMs);
    }
    this.#listener.ended({ name, how, lastLines, logFile, restartInMs });
  }
}
