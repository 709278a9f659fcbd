import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFile } from '@tidegate/journal/stateFile.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SpoolState } from './spoolState.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'state-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function state(expired: number): SpoolState {
  return { acknowledged: undefined, newest: undefined, settled: [], expired, damaged: 0, droppedBelow: 0 };
}

const foundExpired = async () => (await StateFile.open<SpoolState>(directory)).found?.expired;

function tear(name: string, length: number): void {
  const bytes = readFileSync(join(directory, name));
  writeFileSync(join(directory, name), bytes.fill('x', length));
}

it('knows nothing before anything is written', async () => {
  expect(await foundExpired()).toBeUndefined();
});

it.each([
  [
    'a later note that is not durable',
    [
      [1, true],
      [2, false],
    ],
    2,
  ],
  [
    'a later note that is durable',
    [
      [1, false],
      [2, true],
    ],
    2,
  ],
  [
    'a shorter note over a longer one',
    [
      [123_456, true],
      [2, true],
    ],
    2,
  ],
] as const)('gives %s', async (_, writes, expired) => {
  const file = await StateFile.open<SpoolState>(directory);
  for (const [each, durable] of writes) await file.write(state(each), durable);
  expect(await foundExpired()).toBe(expired);
});

it.each(['state', 'state.next'])('a torn write of %s leaves what was durable', async (name) => {
  const file = await StateFile.open<SpoolState>(directory);
  await file.write(state(7), true);
  if (name === 'state.next') await file.write(state(8), false);
  for (const length of [0, 1, 20]) {
    tear(name, length);
    expect(await foundExpired()).toBe(7);
  }
});

it('goes on behind what it has found, in the same files', async () => {
  await (await StateFile.open<SpoolState>(directory)).write(state(1), true);
  const inodes = () => readdirSync(directory).map((name) => statSync(join(directory, name)).ino);
  const before = inodes();
  await (await StateFile.open<SpoolState>(directory)).write(state(2), false);
  expect(await foundExpired()).toBe(2);
  expect(inodes()).toEqual(before);
});
