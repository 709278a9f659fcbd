import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RuntimeDirectory } from './runtimeDirectory.ts';

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tidegate-runtime-'));
});

afterEach(() => rm(scratch, { recursive: true }));

it('is made where it does not exist, and can be opened again after its release', async () => {
  const path = join(scratch, 'a/b');
  const first = await RuntimeDirectory.open(path, false);
  expect(first).toMatchObject({ ok: true, value: { path, log: join(path, 'log') } });
  if (first.ok) await first.value.release();
  const second = await RuntimeDirectory.open(path, false);
  expect(second.ok).toBe(true);
  if (second.ok) await second.value.release();
});

it('is held by one at a time', async () => {
  const first = await RuntimeDirectory.open(scratch, false);
  const second = await RuntimeDirectory.open(scratch, false);
  expect(second).toMatchObject({ ok: false, fault: { code: 'launch.running' } });
  if (first.ok) await first.value.release();
});

it.each(['in place of the directory', 'above it'])('is refused where a file stands %s', async (where) => {
  const file = join(scratch, 'file');
  await writeFile(file, '');
  const path = where === 'above it' ? join(file, 'below') : file;
  expect(await RuntimeDirectory.open(path, false)).toMatchObject({
    ok: false,
    fault: { code: 'launch.directory', detail: expect.stringContaining('there is a file in its place') },
  });
});

it.runIf(existsSync('/proc/self'))(
  'is refused where the system takes no directory',
  async () => {
    expect(await RuntimeDirectory.open('/proc/x', false)).toMatchObject({
      ok: false,
      fault: { code: 'launch.directory', detail: '/proc/x cannot be made: no directory can be made in that place.' },
    });
  },
  1_000,
);

it('loses its data, and nothing else, when it is opened fresh', async () => {
  for (const name of ['gateway', 'server', 'certificates', 'mine']) {
    await mkdir(join(scratch, name));
    await writeFile(join(scratch, name, 'content'), '');
  }
  const opened = await RuntimeDirectory.open(scratch, true);
  expect(opened.ok).toBe(true);
  expect(['gateway', 'server', 'certificates', 'mine'].filter((name) => existsSync(join(scratch, name)))).toEqual([
    'certificates',
    'mine',
  ]);
  if (opened.ok) await opened.value.release();
});
