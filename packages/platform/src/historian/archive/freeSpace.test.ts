import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, onTestFinished, test } from 'vitest';
import { FreeSpace } from './freeSpace.ts';

test('is asked for anew after 5 seconds, and is null where the system does not say', async () => {
  const root = await mkdtemp(join(tmpdir(), 'free-space-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const clock = new ManualClock();
  const space = new FreeSpace(root, clock);
  const first = await space.bytes();
  expect(first).toBeGreaterThan(0);
  expect(first).toSatisfy(Number.isSafeInteger);

  await rename(root, `${root}-aside`);
  onTestFinished(() => rm(`${root}-aside`, { recursive: true, force: true }));
  await clock.advance(4_999);
  expect(await space.bytes()).toBe(first);
  await clock.advance(1);
  expect(await space.bytes()).toBeNull();

  await rename(`${root}-aside`, root);
  await clock.advance(5_000);
  expect(await space.bytes()).toBeGreaterThan(0);
});
