import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTextTree } from './readTextTree.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-tree-'));
  await mkdir(join(directory, 'types/deep'), { recursive: true });
  await mkdir(join(directory, '.git'));
  await writeFile(join(directory, 'types/b.yaml'), '\ufeffa: 1\r\n');
  await writeFile(join(directory, 'types/deep/c.csv'), 'path\n');
  await writeFile(join(directory, 'README.md'), '#');
  await writeFile(join(directory, '.git/x.yaml'), '');
  await writeFile(join(directory, 'types/bad.yml'), Uint8Array.of(0xff, 0xfe, 0x41));
  await symlink(directory, join(directory, 'again'));
});
afterAll(() => rm(directory, { recursive: true }));

it('gives text files by their names below, and names what cannot be read', async () => {
  const { texts, defects } = await readTextTree(directory);
  expect([...texts]).toEqual([
    ['types/b.yaml', 'a: 1\n'],
    ['types/deep/c.csv', 'path\n'],
  ]);
  expect(defects.map(({ file, message }) => [file, message])).toEqual([
    [join(directory, 'types/bad.yml'), 'is UTF-16 text'],
  ]);
});

it('names a directory that is not there', async () => {
  const { texts, defects } = await readTextTree(join(directory, 'none'));
  expect([texts.size, defects[0].message]).toEqual([0, 'there is no such directory']);
});
