/** `tidegate probe` as a process, seen as a commissioning engineer sees it: output, exit status, Ctrl-C. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './architecture/sourceTree.ts';
import type { Ended } from './runningTidegate.ts';

const COMMAND = path.join(ROOT, 'apps/tidegate/src/main.ts');

export interface RunningProbe {
  readonly seen: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<Ended>;
  /** As a terminal does it: to every process of the group. */
  interrupt(): void;
}

export function startProbe(protocol: string, ...args: readonly string[]): RunningProbe {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [COMMAND, 'probe', protocol, ...args], {
    detached: true,
  });
  const seen = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      seen[stream] += text;
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once('close', (status) => resolve({ status, ...seen })));
  return { seen, ended, interrupt: () => process.kill(-child.pid!, 'SIGINT') };
}

/** What `tidegate config check` says of a configuration. */
export async function checkReport(file: string): Promise<string> {
  const check = spawn(process.execPath, [COMMAND, 'config', 'check', file]);
  let report = '';
  check.stdout.setEncoding('utf8').on('data', (piece: string) => {
    report += piece;
  });
  await new Promise((resolve) => check.once('close', resolve));
  return report;
}
