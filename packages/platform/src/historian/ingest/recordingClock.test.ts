import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, test } from 'vitest';
import { RecordingClock } from './recordingClock.ts';

test('stamps ascend while the wall clock stands still, goes on, and after a life that ended later', async () => {
  const clock = new ManualClock();
  const start = clock.now();
  const recording = new RecordingClock(clock);
  expect([recording.stamp(), recording.stamp(), recording.stamp()]).toEqual([start, start + 1, start + 2]);
  await clock.advance(1);
  expect(recording.stamp()).toBe(start + 1_000);
  recording.advanceTo(start + 5_000);
  recording.advanceTo(start);
  expect([recording.stamp(), recording.stamp()]).toEqual([start + 5_001, start + 5_002]);
  expect(new RecordingClock(clock, start + 9_000).stamp()).toBe(start + 9_001);
});
