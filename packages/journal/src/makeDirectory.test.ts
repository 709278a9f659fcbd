import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { directoryDefect } from './directoryDefect.ts';
import { makeDirectory } from './makeDirectory.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'make-directory-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const isDirectory = async (path: string) => (await stat(path)).isDirectory();

it.each(['a', 'a/b/c/d', 'there', 'there/a', 'a//b/../c/'])('makes %s, and again does nothing', async (path) => {
  await mkdir(join(root, 'there'));
  await makeDirectory(join(root, path));
  expect(await isDirectory(join(root, path))).toBe(true);
  await makeDirectory(join(root, path));
});

it('follows a link to a directory, and gives what it makes the mode that is asked for', async () => {
  await mkdir(join(root, 'real'));
  await symlink('real', join(root, 'link'));
  await makeDirectory(join(root, 'link/a/b'), 0o700);
  for (const path of ['real/a', 'real/a/b']) expect((await stat(join(root, path))).mode & 0o777).toBe(0o700);
});

it('is made once by many who want it at the same time', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, at) => makeDirectory(join(root, 'a/b/c', String(at % 5)))));
  expect(await isDirectory(join(root, 'a/b/c/4'))).toBe(true);
});

it.each([
  ['a file in its place', 'file', 'EEXIST'],
  ['a file above it', 'file/a/b', 'ENOTDIR'],
  ['a link to nothing in its place', 'dangling', 'EEXIST'],
  ['a link to nothing above it', 'dangling/a', 'EEXIST'],
])('refuses %s', async (_, path, code) => {
  await writeFile(join(root, 'file'), '');
  await symlink('nowhere', join(root, 'dangling'));
  const error = await makeDirectory(join(root, path)).catch((thrown: NodeJS.ErrnoException) => thrown);
  expect(error).toMatchObject({ code });
  expect(directoryDefect(error as NodeJS.ErrnoException)).toBe('cannot be made: there is a file in its place');
});

it.runIf(existsSync('/proc/self')).each(['/proc/x', '/proc/x/y/z'])(
  'gives up on %s at once',
  async (path) => {
    const error = await makeDirectory(path).catch((thrown: NodeJS.ErrnoException) => thrown);
    expect(directoryDefect(error as NodeJS.ErrnoException)).toBe(
      'cannot be made: no directory can be made in that place',
    );
  },
  1_000,
);
