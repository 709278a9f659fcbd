import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WarmReads } from './warmReads.ts';

function openFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'tidegate-warm-'));
  writeFileSync(
    join(directory, 'file'),
    Uint8Array.from({ length: 100_000 }, (_, at) => at % 251),
  );
  const file = openSync(join(directory, 'file'), 'r');
  onTestFinished(() => {
    closeSync(file);
    rmSync(directory, { recursive: true });
  });
  return file;
}

test('reads what is small at once, and leaves the rest to others', async () => {
  const [file, reads, bytes] = [openFile(), new WarmReads(), new Uint8Array(100_000)] as const;
  expect(await reads.read(file, [bytes.subarray(0, 1), bytes.subarray(1, 500)], 251, 500)).toBe(500);
  expect([...bytes.subarray(0, 3)]).toEqual([0, 1, 2]);
  expect(await reads.read(file, [bytes.subarray(0, 500)], 99_990, 500)).toBe(10);
  expect(await reads.read(file, [bytes.subarray(0, 70_000)], 0, 70_000)).toBe(0);
});

test('lets others have their turn after some reads, for which the next ones wait; what is too much is left', async () => {
  const [file, reads, bytes] = [openFile(), new WarmReads(), new Uint8Array(10)];
  const doneByTurn = [0];
  let [left, isDone] = [0, false];
  const turns = (async () => {
    for (; !isDone; doneByTurn.push(0)) await nextTurn();
  })();
  const read = async () => {
    if ((await reads.read(file, [bytes], 0, 10)) === 10) doneByTurn[doneByTurn.length - 1]++;
    else left++;
  };
  await Promise.all(Array.from({ length: 1_000 }, read));
  isDone = true;
  await turns;
  const [first, ...others] = doneByTurn.filter((count) => count > 0);
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(100);
  expect(new Set(others)).toEqual(new Set([first]));
  expect(left).toBe(1_000 - first * (1 + others.length));
  expect(left).toBeGreaterThan(0);
});
