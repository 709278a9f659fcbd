import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Historian } from '../../query/historian.ts';
import { GatewayStream } from '../../query/testbed/gatewayStream.ts';
import { historiansOf, mustSucceed } from '../../query/testbed/historians.ts';
import { SEGMENT_DIRECTORY } from '../archiveFiles.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const ROUND_MS = 60 * 60_000;

/** Seals `count` segments of 300 samples each. */
async function sealSegments(historian: Historian, stream: GatewayStream, count: number): Promise<void> {
  for (let segment = 0; segment < count; segment++) {
    const rows = Array.from({ length: 300 }, (_, at) => [0, stream.accepted + at, at] as const);
    const { header, bytes } = stream.sealRows(rows);
    mustSucceed(await historian.sink.append(header, bytes));
    mustSucceed(await historian.seal());
  }
}

test('a reader that began before segments were merged reads to the end, and then the files go', async () => {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory);
  const stream = new GatewayStream();
  await sealSegments(historian, stream, 7);
  const scan = historian.history.scan(0, { start: 0, end: Number.POSITIVE_INFINITY });
  const first = await scan.next();
  await sealSegments(historian, stream, 1);
  await vi.waitFor(() => expect(historian.statistics().segments).toBe(1));
  expect((await readdir(join(directory, SEGMENT_DIRECTORY))).length).toBe(9);
  let samples = first.value && 'times' in first.value ? first.value.times.length : 0;
  for await (const run of scan) samples += 'times' in run ? run.times.length : 0;
  expect(samples).toBe(7 * 300);
  await historian.settle();
  expect((await readdir(join(directory, SEGMENT_DIRECTORY))).length).toBe(1);
  expect(historian.statistics()).toMatchObject({ samples: 8 * 300, damage: 0 });
});

test('readers that never begin, end early or fail keep no file', async () => {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory);
  const stream = new GatewayStream();
  await sealSegments(historian, stream, 7);
  const range = { start: 0, end: Number.POSITIVE_INFINITY };
  historian.history.scan(0, range);
  await historian.history.scan(0, range).return();
  for await (const _ of historian.history.scan(0, range)) break;
  const failing = async () => {
    for await (const _ of historian.history.scan(0, range)) throw new Error('enough');
  };
  await expect(failing()).rejects.toThrow('enough');
  await sealSegments(historian, stream, 1);
  await historian.settle();
  expect((await readdir(join(directory, SEGMENT_DIRECTORY))).length).toBe(1);
});

test('a bit that rots on the disk is found without anybody asking for the sample', async () => {
  const directory = await makeDirectory();
  const clock = new ManualClock(1_000_000 as Timestamp);
  const events: PlantEvent[] = [];
  const historian = await openHistorian(directory, { clock }, events);
  await sealSegments(historian, new GatewayStream(), 2);
  const [, second] = (await readdir(join(directory, SEGMENT_DIRECTORY))).sort();
  const path = join(directory, SEGMENT_DIRECTORY, second);
  const bytes = await readFile(path);
  bytes[bytes.length >>> 1] ^= 1;
  await writeFile(path, bytes);
  for (let round = 0; round < 2; round++) {
    await clock.advance(ROUND_MS);
    await vi.waitFor(() => expect(historian.statistics().scrubbed).toBeGreaterThan(round));
  }
  expect(events).toMatchObject([{ kind: 'archive.damaged', source: second }]);
});
