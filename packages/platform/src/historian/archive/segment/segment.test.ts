import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runOf } from '../sampleRun.ts';
import { OpenFiles } from './openFiles.ts';
import { Segment } from './segment.ts';
import { decodeTrailer, TRAILER_BYTES } from './segmentLayout.ts';
import { SegmentWriter } from './segmentWriter.ts';

test('where the index is lost, when samples arrived is taken for the latest that it can have been', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-segment-'));
  const files = new OpenFiles();
  onTestFinished(async () => {
    await files.close();
    await rm(directory, { recursive: true, force: true });
  });
  const received = { first: 10, last: 30 };
  const head = { generation: 1, from: 0, end: 3, revision: 0, received, ledgers: [], days: {} };
  const arrivals = Float64Array.of(10, 20, 30);
  const receipts = { streams: ['a'], receivedAt: arrivals, horizons: arrivals, streamOf: new Uint16Array(3) };
  const writer = new SegmentWriter(directory, head, receipts);
  const samples = [1, 11, 21].map((time) => ({ time, value: time, status: 0 }));
  writer.add(0, runOf(samples), Uint32Array.of(0, 1, 2));
  const path = join(directory, writer.commit());
  const bytes = await readFile(path);
  const trailer = decodeTrailer(bytes.subarray(-TRAILER_BYTES), bytes.length);
  const arrivalsOf = async () => {
    const segment = await Segment.open({ path, files, onDamage: () => {} });
    const [entry] = (await segment?.entries(0)) ?? [];
    const [chunk] = (await segment?.chunks([entry])) ?? [];
    const run = chunk?.run();
    return chunk && run && (await segment?.withReceived(entry, chunk, run))?.received;
  };
  expect(await arrivalsOf()).toEqual(arrivals);
  bytes[trailer?.tagsOffset ?? 0] ^= 1;
  await writeFile(path, bytes);
  expect(await arrivalsOf()).toEqual(Float64Array.of(30, 30, 30));
});
