import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

const ROUNDS = 5;
const APPEND_FOREVER = fileURLToPath(new URL('./testbed/appendForever.ts', import.meta.url));

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Collects the whole lines that a process prints. */
function linesOf(child: ChildProcessWithoutNullStreams): string[] {
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return lines;
}

async function printed(child: ChildProcessWithoutNullStreams, lines: readonly string[], count: number): Promise<void> {
  while (lines.length < count && child.exitCode === null) await once(child.stdout, 'data');
}

const textOf = (payload: Uint8Array) => Buffer.from(payload).toString().replace(/\.+$/, '');

async function recordsIn(path: string): Promise<[number, string][]> {
  const records: [number, string][] = [];
  const result = await Journal.open({
    directory: path,
    onDamage: (damage) => expect(damage).toBe('none after a kill'),
    onRecord: (number, payload) => records.push([number, textOf(payload)]),
  });
  if (!result.ok) throw new Error(result.fault.detail);
  await result.value.close();
  return records;
}

describe('a process that appends and is killed', () => {
  it('has in its journal every record that was acknowledged, once and in order', async () => {
    const acknowledged: [number, string][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const child = spawn(process.execPath, [APPEND_FOREVER, directory, '20000', `round${round}`]);
      const lines = linesOf(child);
      await printed(child, lines, 50 + Math.random() * 1000);
      child.kill('SIGKILL');
      await once(child, 'close');
      const answers = lines.map((line) => line.split(' '));
      expect(answers.filter(([answer]) => answer !== 'acknowledged')).toEqual([]);
      expect(answers.length).toBeGreaterThan(50);
      acknowledged.push(...answers.map(([, number, text]): [number, string] => [Number(number), text]));

      const held = await recordsIn(directory);
      const numbers = held.map(([number]) => number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(new Set(held.map(([, text]) => text)).size).toBe(held.length);
      const texts = new Map(held);
      expect(acknowledged.filter(([number, text]) => texts.get(number) !== text)).toEqual([]);
    }
  });

  it('keeps another process out while it lives, and no longer', async () => {
    const child = spawn(process.execPath, [APPEND_FOREVER, directory, '20000', 'x']);
    await printed(child, linesOf(child), 1);
    expect(await Journal.open({ directory })).toMatchObject({ ok: false, fault: { code: 'journal.locked' } });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect((await recordsIn(directory)).length).toBeGreaterThan(0);
  });
});

describe('a process whose files may not grow', () => {
  it('refuses what finds no room, and goes on in a new segment', async () => {
    // A file size limit of 32 blocks of 1024 bytes stands in for a full disk: both end in a short write and an error.
    const command = `ulimit -f 32; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', command, process.execPath, APPEND_FOREVER, directory, '1000000', 'x', '2000']);
    const lines = linesOf(child);
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    const answers = lines.map((line) => line.split(' '));
    const acknowledged = answers.filter(([answer]) => answer === 'acknowledged');
    const refused = answers.filter(([answer]) => answer === 'refused');
    expect(acknowledged.length + refused.length).toBe(2000);
    expect(new Set(refused.map(([, code]) => code))).toEqual(new Set(['journal.full']));
    expect(answers.at(-1)?.[0]).toBe('acknowledged');

    const held = await recordsIn(directory);
    expect(held.map(([number, text]) => `${number} ${text}`).sort()).toEqual(
      acknowledged.map(([, number, text]) => `${number} ${text}`).sort(),
    );
    expect(held.map(([number]) => number)).toEqual(held.map((_, index) => index));
  });
});
