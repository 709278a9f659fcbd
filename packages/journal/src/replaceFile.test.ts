import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from './replaceFile.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'replace-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a file is made, and replaced by a shorter one, for its owner alone', async () => {
  const file = join(directory, 'note');
  writeFileSync(`${file}.new`, 'what a crash has left, and is longer than the rest');
  for (const text of ['first of all\n', 'next\n']) {
    await replaceFile(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['note']);
});

test('what cannot be replaced stays', async () => {
  const file = join(directory, 'note');
  await replaceFile(file, 'old');
  mkdirSync(`${file}.new`);
  await expect(replaceFile(file, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(readFileSync(file, 'utf8')).toBe('old');
});
