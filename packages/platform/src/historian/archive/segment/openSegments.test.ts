import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAMAGED_SUFFIX, segmentFileName } from '../archiveFiles.ts';
import { runOf } from '../sampleRun.ts';
import { OpenFiles } from './openFiles.ts';
import { openSegments } from './openSegments.ts';
import type { SegmentDamage } from './segment.ts';
import { SegmentWriter } from './segmentWriter.ts';

/** Stands for a process that has as many files open as it may. */
class NoFilesLeft extends OpenFiles {
  override read(): Promise<Uint8Array> {
    return Promise.reject(Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }));
  }
}

async function makeSegment(): Promise<{ directory: string; name: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-segments-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const received = { first: 0, last: 0 };
  const head = { generation: 1, from: 0, end: 1, revision: 0, received, ledgers: [], days: {} };
  const one = new Float64Array(1);
  const receipts = { streams: ['a'], receivedAt: one, horizons: one, streamOf: new Uint16Array(1) };
  const writer = new SegmentWriter(directory, head, receipts);
  writer.add(0, runOf([{ time: 1, value: 2, status: 0 }]), new Uint32Array(1));
  return { directory, name: writer.commit() };
}

test('a sound segment keeps its name when it is the process that cannot read', async () => {
  const { directory, name } = await makeSegment();
  await expect(openSegments(directory, new NoFilesLeft(), () => {})).rejects.toMatchObject({ code: 'EMFILE' });
  expect(await readdir(directory)).toEqual([name]);
});

test('a copy of a segment under the name of another is set aside', async () => {
  const { directory, name } = await makeSegment();
  const other = segmentFileName({ generation: 1, from: 5, end: 6, revision: 0 });
  await copyFile(join(directory, name), join(directory, other));
  const files = new OpenFiles();
  onTestFinished(() => files.close());
  const damage: SegmentDamage[] = [];
  const { segments } = await openSegments(directory, files, (one) => damage.push(one));
  expect(segments.map(({ path }) => path)).toEqual([join(directory, name)]);
  expect(damage).toMatchObject([{ file: other }]);
  expect((await readdir(directory)).sort()).toEqual([name, other + DAMAGED_SUFFIX].sort());
});
