/** Real processes, because this is about how they end. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT } from './exitStatus.ts';

const TALKER = fileURLToPath(new URL('./testbed/talker.ts', import.meta.url));

function startTalker(...args: readonly string[]) {
  const child = fork(TALKER, args, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  return { child, stdout: child.stdout as Readable, stderr: child.stderr as Readable, exit: once(child, 'exit') };
}

describe('the log of a process', () => {
  it('loses no line at its end, and keeps them in order', async () => {
    const { child, stdout, exit } = startTalker('5000');
    child.send('talk');
    const [written, [status]] = await Promise.all([text(stdout), exit]);
    expect(status).toBe(EXIT.ok);
    const lines = written.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('done');
    expect(lines.slice(0, -1).map((line) => JSON.parse(line).line)).toEqual([...Array(5000).keys()]);
    expect(JSON.parse(lines[0])).toMatchObject({ level: 30, name: 'talker', place: 'here', msg: 'said' });
  });

  it('has a bug that nothing caught as its last line, and ends the process with it', async () => {
    const { child, stdout, stderr, exit } = startTalker('3', 'bug');
    child.send('talk');
    const [written, errors, [status]] = await Promise.all([text(stdout), text(stderr), exit]);
    expect({ status, errors }).toEqual({ status: EXIT.failed, errors: '' });
    const lines = written.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[3])).toMatchObject({ level: 60, msg: 'a bug ended the talker' });
    expect(JSON.parse(lines[3]).err.message).toBe('a mistake');
  });

  it('may lose its reader: the process goes on to its own end', async () => {
    const { child, stdout, stderr, exit } = startTalker('5000');
    stdout.destroy();
    await once(stdout, 'close');
    child.send('talk');
    const [errors, [status, signal]] = await Promise.all([text(stderr), exit]);
    expect({ status, signal, errors }).toEqual({ status: EXIT.ok, signal: null, errors: '' });
  });
});
