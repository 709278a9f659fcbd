/** The process of the SQL engine, from outside: started, watched, and killed where it does not end by itself. */

import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import { yieldToOthers } from '../yieldToOthers.ts';
import type { EngineSettings, FromEngine, ToEngine } from './engineMessage.ts';

const PROCESS = fileURLToPath(new URL('./engineProcess.ts', import.meta.url));
const WATCH_MS = 200;
/** What Linux counts memory in on all machines for which DuckDB is built here. */
const PAGE_BYTES = 4096;

export class EngineChild {
  readonly #process: ChildProcess;
  readonly #watch: NodeJS.Timeout;
  readonly ended: Promise<void>;
  /** The revision of each table that the process has. */
  readonly tableRevisions = new Map<string, unknown>();
  alive = true;

  /** `died` is called once, with the reason, unless the process was ended by `kill`. */
  constructor(
    settings: EngineSettings,
    residentBytes: number,
    receive: (message: FromEngine) => void,
    died: (fault: Fault) => void,
  ) {
    this.#process = fork(PROCESS, [], {
      serialization: 'advanced',
      // Nothing of the server's environment; DuckDB blocks threads of the pool for as long as a statement runs.
      env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '8' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    yieldToOthers(this.pid);
    this.#process.on('message', receive);
    const lost = (detail: string) => {
      if (!this.alive) return;
      this.#stop();
      died(failure('sql.engine', detail).fault);
    };
    this.ended = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        lost(`Its process ended with ${signal ?? `exit code ${code}`}.`);
        resolve();
      });
      this.#process.once('error', (error) => {
        lost(`Its process failed: ${error.message}.`);
        resolve();
      });
    });
    this.#watch = setInterval(async () => {
      if (this.alive && (await residentOf(this.pid)) > residentBytes) {
        this.kill();
        died(failure('sql.memory', `The engine took more than ${residentBytes} bytes.`).fault);
      }
    }, WATCH_MS);
    this.#watch.unref();
    void this.send({ type: 'open', settings });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Resolves when the channel has taken the message, or is gone. */
  send(message: ToEngine): Promise<void> {
    return new Promise((resolve) => {
      // Where the channel is gone, the end of the process is about to be reported.
      if (this.#process.connected) this.#process.send(message, () => resolve());
      else resolve();
    });
  }

  kill(): void {
    this.#stop();
    this.#process.kill('SIGKILL');
  }

  #stop(): void {
    this.alive = false;
    clearInterval(this.#watch);
  }
}

/** Bytes in memory; 0 where the system does not tell. DuckDB's own limit does not count the strings of an expression. */
async function residentOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(text.split(' ')[1] ?? 0) * PAGE_BYTES;
}
