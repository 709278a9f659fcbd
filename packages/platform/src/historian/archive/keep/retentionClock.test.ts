import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, onTestFinished, test } from 'vitest';
import { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import { RetentionClock } from './retentionClock.ts';

const DAY_MS = 86_400_000;
const DAY_US = DAY_MS * 1_000;
const START = 20_000 * DAY_US;

function openDatabase(): MetadataDatabase {
  const opened = MetadataDatabase.open(':memory:');
  if (!opened.ok) throw new Error(opened.fault.detail);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

test('follows a clock that goes right', async () => {
  const clock = new ManualClock(START as Timestamp);
  const retention = new RetentionClock(openDatabase(), clock);
  await clock.advance(DAY_MS);
  expect(retention.now()).toBe(START + DAY_US);
});

test('does not follow a clock that jumps ten years ahead, not even after a restart', async () => {
  const clock = new ManualClock(START as Timestamp);
  const database = openDatabase();
  const retention = new RetentionClock(database, clock);
  await clock.advance(DAY_MS);
  retention.now();
  const jumped = new ManualClock((START + 3650 * DAY_US) as Timestamp);
  const restarted = new RetentionClock(database, jumped);
  expect(restarted.now()).toBe(START + DAY_US);
  await jumped.advance(DAY_MS);
  expect(restarted.now()).toBe(START + 3 * DAY_US);
});

test('catches up with a time in which nothing ran', async () => {
  const database = openDatabase();
  new RetentionClock(database, new ManualClock(START as Timestamp)).now();
  const clock = new ManualClock((START + 2 * DAY_US) as Timestamp);
  const retention = new RetentionClock(database, clock);
  await clock.advance(2 * DAY_MS);
  expect(retention.now()).toBe(START + 4 * DAY_US);
});

test('goes back with a clock that is set back', () => {
  const database = openDatabase();
  new RetentionClock(database, new ManualClock(START as Timestamp)).now();
  const back = new RetentionClock(database, new ManualClock((START - DAY_US) as Timestamp));
  expect(back.now()).toBe(START - DAY_US);
});

test('has lost nothing when a machine wakes up in 1970 and then learns what time it is', () => {
  const database = openDatabase();
  new RetentionClock(database, new ManualClock(START as Timestamp)).now();
  expect(new RetentionClock(database, new ManualClock(DAY_US as Timestamp)).now()).toBe(DAY_US);
  expect(new RetentionClock(database, new ManualClock(START as Timestamp)).now()).toBe(START);
});
