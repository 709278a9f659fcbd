/** A real gateway process under test, started over a channel or without one, its output kept. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface GatewayEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class GatewayProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly statuses: GatewayStatus[] = [];
  readonly ended: Promise<GatewayEnd>;

  constructor(args: readonly string[], { channel = true, nodeArgs = [] as readonly string[] } = {}) {
    this.child = channel
      ? fork(MAIN, args, { execArgv: [...nodeArgs], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
      : spawn(process.execPath, [...nodeArgs, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.on('message', (message) => {
      if ((message as GatewayStatus).kind === 'gateway-status') this.statuses.push(message as GatewayStatus);
    });
    // 'close' would say both at once, but does not come where the channel was closed from this side.
    const read = [this.child.stdout, this.child.stderr].map((stream) => stream && once(stream, 'end'));
    this.ended = Promise.all([once(this.child, 'exit'), ...read]).then(([[code, signal]]) => ({ code, signal }));
  }

  get status(): GatewayStatus | undefined {
    return this.statuses.at(-1);
  }

  /** What the process has logged, line by line. */
  get log(): readonly { readonly level: number; readonly msg: string }[] {
    const lines = this.stdout.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
