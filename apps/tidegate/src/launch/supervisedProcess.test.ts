import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ProcessEnd, SupervisedProcess } from './supervisedProcess.ts';

let scratch: string;
let supervised: SupervisedProcess;
let messages: unknown[];
let ends: ProcessEnd[];
let changed: () => void = () => {};

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tidegate-process-'));
  messages = [];
  ends = [];
});

afterEach(async () => {
  supervised.kill();
  await rm(scratch, { recursive: true });
});

it('starts a process that died again, and tells with which last words it went', async () => {
  await supervise(`
    process.send(process.pid);
    console.error('the disk is on fire');
    process.exitCode = 7;
    process.disconnect();
  `);
  await until(() => messages.length >= 2 && ends.length >= 1);
  expect(ends[0]).toMatchObject({ name: 'sick', how: 'exit status 7', lastLines: ['the disk is on fire'] });
  expect(ends[0].restartInMs).toBeGreaterThan(0);
  expect(new Set(messages).size).toBe(messages.length);
});

it('leaves a process alone that asks for a change by a person', async () => {
  await supervise(`process.send('once'); process.exitCode = 2; process.disconnect();`);
  await until(() => ends.length === 1);
  expect(ends[0].restartInMs).toBeUndefined();
});

it('reports a process that was killed', async () => {
  await supervise(`process.send('up'); setInterval(() => {}, 1000);`);
  await until(() => messages.length === 1);
  process.kill(supervised.pid ?? 0, 'SIGKILL');
  await until(() => messages.length === 2);
  expect(ends[0].how).toBe('SIGKILL');
});

it('stops a process in its own time, without calling that a death', async () => {
  await supervise(`
    const alive = setInterval(() => {}, 1000);
    process.on('SIGTERM', () => { console.log('drained'); clearInterval(alive); });
    process.send('up');
  `);
  await until(() => messages.length === 1);
  await supervised.stop();
  expect(ends).toEqual([]);
  expect(await readFile(join(scratch, 'sick.log'), 'utf8')).toBe('drained\n');
});

it('kills a process that does not stop', async () => {
  await supervise(`process.on('SIGTERM', () => {}); process.send('up'); setInterval(() => {}, 1000);`, 100);
  await until(() => messages.length === 1);
  const { pid = 0 } = supervised;
  await supervised.stop();
  expect(() => process.kill(pid, 0)).toThrow();
});

async function supervise(program: string, stopTimeoutMs = 5_000): Promise<void> {
  const script = join(scratch, 'sick.mjs');
  await writeFile(script, program);
  supervised = new SupervisedProcess(
    { name: 'sick', script, args: [], logFile: join(scratch, 'sick.log'), stopTimeoutMs },
    {
      message: (message) => {
        messages.push(message);
        changed();
      },
      ended: (end) => {
        ends.push(end);
        changed();
      },
    },
  );
  supervised.start();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise<void>((resolve) => {
      changed = resolve;
    });
  }
}
