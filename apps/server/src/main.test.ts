/** The server as a process: how it begins, how it ends, and what it says where it cannot run. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const APPS = join(import.meta.dirname, '../..');

let directory: string;
const children = new Set<ChildProcess>();

interface Ready {
  readonly kind: 'ready';
  readonly url: string;
  readonly boundaryPort: number;
}

interface SqlColumns {
  readonly columns: readonly { readonly values: readonly unknown[] }[];
}

interface Run {
  readonly child: ChildProcess;
  readonly ready: Promise<Ready>;
  /** Exit status and what was written to standard error. */
  readonly ended: Promise<{ readonly status: number | null; readonly error: string }>;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-server-'));
  const made = run('tidegate', ['certificates', '--directory', join(directory, 'certificates'), '--gateway', 'north']);
  expect(await made.ended).toEqual({ status: 0, error: '' });
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => rm(directory, { recursive: true }));

function run(app: string, args: readonly string[]): Run {
  const child = fork(join(APPS, app, 'src/main.ts'), args, { silent: true });
  children.add(child);
  let error = '';
  const errors = child.stderr as Readable;
  errors.setEncoding('utf8').on('data', (text: string) => {
    error += text;
  });
  child.stdout?.resume();
  // Not `close`: it does not come for a child that this process has disconnected from.
  const ended = Promise.all([once(child, 'exit'), once(errors, 'end')]).then(([[status]]) => ({ status, error }));
  const ready = new Promise<Ready>((resolve, reject) => {
    child.on('message', (message: Ready) => message.kind === 'ready' && resolve(message));
    void ended.then(() => reject(new Error(`it ended: ${error}`)));
  });
  ready.catch(() => {});
  return { child, ready, ended };
}

interface Settings {
  readonly data?: string;
  readonly certificates?: string;
  readonly boundaryPort?: number;
  readonly consolePort?: number;
}

let servers = 0;
async function serve(settings: Settings = {}): Promise<Run & { readonly data: string }> {
  const { data = join(directory, `data-${servers}`), certificates = join(directory, 'certificates', 'server') } =
    settings;
  const { boundaryPort = 0, consolePort = 0 } = settings;
  const file = join(directory, `server-${servers++}.yaml`);
  const boundary = { port: boundaryPort, certificates };
  await writeFile(file, JSON.stringify({ dataDirectory: data, boundary, console: { port: consolePort } }));
  return { ...run('server', ['--config', file]), data };
}

/** A port that another program holds, until the test ends. */
async function takenPort(): Promise<{ readonly port: number; release(): void }> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as { port: number };
  return { port, release: () => holder.close() };
}

/** One line that names the program, says what is wrong and what to do, and is no stack trace. */
function expectRefusal({ status, error }: { status: number | null; error: string }, what: RegExp): void {
  expect(status).toBe(2);
  expect(error).toMatch(/^tidegate server: [^\n]+\. [^\n]+\.\n$/);
  expect(error).toMatch(what);
}

describe('a server that runs', () => {
  it('tells where it is, serves its status, and lets a gateway in over TLS 1.3', async () => {
    const { ready } = await serve();
    const { url, boundaryPort } = await ready;
    expect(await (await fetch(`${url}/api/v1/status`)).json()).toMatchObject({ name: 'tidegate', tags: 0 });
    const place = join(directory, 'certificates', 'gateway', 'north');
    const [key, cert, ca] = await Promise.all(
      ['key', 'cert', 'ca'].map((part) => readFile(join(place, `${part}.pem`))),
    );
    const socket = connect({ host: '127.0.0.1', port: boundaryPort, key, cert, ca });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  it('answers SQL from a process of its own, which ends with it', async () => {
    const { child, ready, ended } = await serve();
    const { url } = await ready;
    const query = encodeURIComponent('SELECT (SELECT count(*) FROM tags) AS tags, 6 * 7');
    const { columns } = (await (await fetch(`${url}/api/v1/sql?query=${query}`)).json()) as SqlColumns;
    expect(columns.map(({ values }) => values)).toEqual([[0], [42]]);
    const maps = await readFile(`/proc/${child.pid}/maps`, 'utf8').catch(() => '');
    expect(maps).not.toContain('duckdb');
    const endless = fetch(`${url}/api/v1/sql?query=SELECT count(*) FROM range(1000000000000)`).catch(() => 'cut');
    await fetch(`${url}/api/v1/sql?query=SELECT 1`);
    child.kill('SIGTERM');
    expect(await endless).toBe('cut');
    expect(await ended).toEqual({ status: 0, error: '' });
  });

  it.each<[string, (child: ChildProcess) => unknown]>([
    ['SIGTERM', (child) => child.kill('SIGTERM')],
    ['SIGINT', (child) => child.kill('SIGINT')],
    ['a message to stop', (child) => child.send({ kind: 'stop' })],
    ['the end of the process that started it', (child) => child.disconnect()],
  ])('ends cleanly with %s, and another can take its place', async (_name, stop) => {
    const { child, ready, ended, data } = await serve();
    await ready;
    stop(child);
    expect(await ended).toEqual({ status: 0, error: '' });
    await (await serve({ data })).ready;
  });
});

describe('a server that cannot run says so in one line', () => {
  it('where the port for gateways is taken', async () => {
    const { port, release } = await takenPort();
    const { ended } = await serve({ boundaryPort: port });
    expectRefusal(await ended, new RegExp(`${port}`));
    release();
  });

  it('where the port of the console is taken', async () => {
    const { port, release } = await takenPort();
    const { ended } = await serve({ consolePort: port });
    expectRefusal(await ended, new RegExp(`${port}`));
    release();
  });

  it('where a second copy has the data directory', async () => {
    const first = await serve();
    await first.ready;
    const { ended } = await serve({ data: first.data });
    expectRefusal(await ended, /data-\d/);
    expect((await fetch(`${(await first.ready).url}/api/v1/status`)).status).toBe(200);
  });

  it('where the data directory cannot be made', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const { ended } = await serve({ data: join(file, 'data') });
    expectRefusal(await ended, /file/);
  });

  it('where there are no certificates', async () => {
    const { ended } = await serve({ certificates: join(directory, 'nowhere') });
    expectRefusal(await ended, /nowhere.*key\.pem is missing/);
  });

  it('where the certificates are none', async () => {
    const certificates = join(directory, 'wrong');
    await mkdir(certificates);
    for (const part of ['key', 'cert', 'ca']) await writeFile(join(certificates, `${part}.pem`), 'none');
    const { ended } = await serve({ certificates });
    expectRefusal(await ended, /certificate/i);
  });

  it('and prints every defect of its configuration with file and line', async () => {
    const file = join(directory, 'wrong.yaml');
    await writeFile(file, 'dataDirectory: data\nboundary: {}\nconsole: { prt: 1 }\n');
    const { status, error } = await run('server', ['--config', file]).ended;
    expect(status).toBe(2);
    expect(error).toContain(`${file}:2:`);
    expect(error).toContain(`${file}:3:`);
    expect(error).not.toMatch(/\n\s+at /);
  });

  it.each([[[]], [['--config']], [['start', '--config', 'x']]])(
    'and how it is used, when called with %j',
    async (args) => {
      const { status, error } = await run('server', args).ended;
      expect(status).toBe(2);
      expect(error).toMatch(/^Usage: /);
    },
  );
});
