import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryLock } from '@tidegate/journal/directoryLock.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts, RunningTidegate } from './runningTidegate.ts';

let scratch: string;
let ports: number[];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tidegate-refusals-'));
  ports = await freePorts(5);
});

afterEach(() => rm(scratch, { recursive: true }));

function run(...args: string[]) {
  return new RunningTidegate(args, ports[0]).ended;
}

function start(directory: string, ...more: string[]) {
  const [consolePort, boundaryPort, ...plantPorts] = ports;
  const own = ['--port', `${consolePort}`, '--boundary-port', `${boundaryPort}`, '--plant-ports', plantPorts.join()];
  return run('start', '--data', directory, ...own, ...more);
}

/** Exit status 2, nothing on standard output, and what is wrong in a few lines that are no stack trace. */
async function expectRefusal(ended: ReturnType<typeof run>, ...parts: string[]): Promise<void> {
  const { status, stdout, stderr } = await ended;
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  expect(stdout).toBe('');
  expect(status).toBe(2);
}

it.each([
  [0, 'the console', '--port'],
  [1, 'the boundary', '--boundary-port'],
  [3, 'the plant', '--plant-ports'],
])('port %i taken: names it, what it is for and the option that chooses another', async (index, purpose, option) => {
  const taken = await listenOn(ports[index]);
  await expectRefusal(
    start(scratch, '--for', '1s', '--json'),
    `ort ${ports[index]} of ${purpose} is taken (${option} chooses another)`,
  );
  taken.close();
});

it('a second copy in the same directory: says which process has it', async () => {
  const held = await DirectoryLock.acquire(scratch);
  await expectRefusal(start(scratch), 'Tidegate runs already', `process ${process.pid}`);
  if (held.ok) await held.value.release();
});

it.each([
  ['a file in place of the directory', 'file'],
  ['a directory below a file', 'file/below'],
])('%s: says that it cannot be made', async (_, path) => {
  await writeFile(join(scratch, 'file'), '');
  await expectRefusal(start(join(scratch, path)), join(scratch, path), 'cannot be made', '--data');
});

it.each([
  [['strat'], ["unknown command 'strat'", 'Did you mean start?']],
  [
    ['start', '--prot', '1'],
    ["unknown option '--prot'", 'Did you mean --port?'],
  ],
  [['start', '--json'], ['--json needs --for']],
  [['query'], ["missing required argument 'tag'"]],
  [['query', 'a', '--format', 'xml'], ['Allowed choices are table, csv, json']],
])('%j: says what is wrong with it', async (args, parts) => {
  await expectRefusal(run(...args), ...parts);
});

it('no server running: says so and what to do', async () => {
  const { status, stderr } = await run('query', 'PI-7', '--server', `http://127.0.0.1:${ports[0]}`);
  expect(stderr).toContain(`No server answers at http://127.0.0.1:${ports[0]} (ECONNREFUSED).`);
  expect(stderr).toContain('npm start');
  expect(status).toBe(1);
});

it.each([
  [['--help'], 'Examples:'],
  [['start', '--help'], '--boundary-port'],
  [['query', '--help'], '--mode interpolated'],
  [['--version'], /^\d+\.\d+\.\d+\n$/],
])('%j answers on standard output', async (args, expected) => {
  const { status, stdout } = await run(...args);
  expect(stdout).toMatch(expected);
  expect(status).toBe(0);
});

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
