import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nextDiodeSession } from './diodeSession.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-session-'));
  file = path.join(directory, 'diode-session');
});
afterEach(() => rm(directory, { recursive: true }));

it('a session is numbered by its time, and noted', async () => {
  expect(await nextDiodeSession(file, 1_000)).toEqual({ ok: true, value: 1_000 });
  expect(await readFile(file, 'utf8')).toBe('1000\n');
});

it('SR 3.1: a clock that was set back does not bring a number back', async () => {
  await nextDiodeSession(file, 5_000);
  expect(await nextDiodeSession(file, 4_000)).toEqual({ ok: true, value: 5_001 });
  expect(await nextDiodeSession(file, 4_000)).toEqual({ ok: true, value: 5_002 });
  expect(await nextDiodeSession(file, 9_000)).toEqual({ ok: true, value: 9_000 });
});

it('what cannot be read as a number counts as none', async () => {
  await writeFile(file, 'seven');
  expect(await nextDiodeSession(file, 3_000)).toEqual({ ok: true, value: 3_000 });
});

it('a place that cannot be written is a fault', async () => {
  const noted = await nextDiodeSession(path.join(directory, 'missing', 'file'), 1);
  expect(noted).toMatchObject({ ok: false, fault: { code: 'gateway.data-directory' } });
});
