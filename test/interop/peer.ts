/** A program built on somebody else's library: started, told what to do, and asked what it has seen. */

import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from 'vitest';
import { ROOT } from '../architecture/sourceTree.ts';

const PEERS = path.join(ROOT, 'test/interop/peers');
/** `scripts/prepare.mjs peers` makes it. */
const PYTHON = path.join(ROOT, 'node_modules/.cache/peers/bin/python');

type Line = { readonly ready: unknown } | { readonly answer: unknown } | { readonly error: string };

export class Peer<Ready = unknown> {
  readonly ready: Ready;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, ready: Ready) {
    this.#child = child;
    this.#lines = lines;
    this.ready = ready;
  }

  /** Starts `peers/<program>.py`; resolves when it says that it is ready. Rejects with what it said where it cannot. */
  static async start<Ready>(program: string, settings: object = {}): Promise<Peer<Ready>> {
    const child = spawn(PYTHON, [path.join(PEERS, `${program}.py`), JSON.stringify(settings)]);
    let log = '';
    child.stderr.on('data', (text) => {
      log += text;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const line = await nextLine(lines);
    if (!line || !('ready' in line)) throw new Error(`${program} did not become ready:\n${log}`);
    return new Peer<Ready>(child, lines, line.ready as Ready);
  }

  /** Carries out a command; one at a time. */
  async ask<Answer = unknown>(command: string, parameters: object = {}): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify({ do: command, ...parameters })}\n`);
    const line = await nextLine(this.#lines);
    if (!line || !('answer' in line)) throw new Error(line && 'error' in line ? line.error : `${command}: it ended`);
    return line.answer as Answer;
  }

  /** Ends it without a farewell, as a device that loses its power. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<Line | undefined> {
  const { done, value } = await lines.next();
  return done ? undefined : JSON.parse(value);
}

/**
 * A block of tests with a peer that needs `statement` to run in Python; skipped with a plain message where the machine has
 * no such library, and nowhere else.
 */
export function describeWithPeer(name: string, statement: string, tests: () => void): void {
  const lack = whyNot(statement);
  if (lack) process.stderr.write(`tidegate: tests with ${name} are skipped, because ${lack}\n`);
  describe.skipIf(lack)(name, tests);
}

function whyNot(statement: string): string | undefined {
  if (!existsSync(PYTHON)) return 'there is no Python environment with peers: npm run test:interop makes it';
  try {
    execFileSync(PYTHON, ['-c', statement], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `"${statement}" fails: ${String((error as { stderr?: Buffer }).stderr ?? error)
      .trim()
      .split('\n')
      .at(-1)}`;
  }
}
