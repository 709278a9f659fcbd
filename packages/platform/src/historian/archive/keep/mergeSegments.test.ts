import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAMAGED_SUFFIX } from '../archiveFiles.ts';
import { runOf } from '../sampleRun.ts';
import { OpenFiles } from '../segment/openFiles.ts';
import { Segment, type SegmentDamage } from '../segment/segment.ts';
import { SegmentWriter } from '../segment/segmentWriter.ts';
import { mergeSegments } from './mergeSegments.ts';
import { Pace } from './pace.ts';

const SAMPLES = 10;
const KEEP_ALL = new Float64Array(0);

/** A directory of its own, and a way to fill it with segments of `SAMPLES` samples of tag 0 each. */
async function makeShelf() {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-merge-'));
  const files = new OpenFiles();
  onTestFinished(async () => {
    await files.close();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    directory,
    files,
    write(ordinal: number): string {
      const at = ordinal * SAMPLES;
      const received = { first: at, last: at };
      const head = { generation: 1, from: ordinal, end: ordinal + 1, revision: 0, received, ledgers: [], days: {} };
      const times = Float64Array.of(at);
      const streamOf = new Uint16Array(1);
      const writer = new SegmentWriter(directory, head, {
        streams: ['a'],
        receivedAt: times,
        horizons: times,
        streamOf,
      });
      const samples = Array.from({ length: SAMPLES }, (_, row) => ({ time: at + row, value: row, status: 0 }));
      writer.add(0, runOf(samples), new Uint32Array(SAMPLES));
      return join(directory, writer.commit());
    },
    open(path: string, damage: SegmentDamage[] = []): Promise<Segment> {
      return Segment.open({ path, files, onDamage: (one) => damage.push(one), isStrict: true }).then((segment) => {
        if (!segment) throw new Error(`${path} cannot be opened`);
        return segment;
      });
    },
  };
}

test('what cannot be read at the moment ends the merge and is not left out of it', async () => {
  const shelf = await makeShelf();
  const inputs = [await shelf.open(shelf.write(0)), await shelf.open(shelf.write(1))];
  await shelf.files.forget(inputs[1].path);
  await rm(inputs[1].path);
  const merging = mergeSegments({ inputs, damaged: new Set(), keepFrom: KEEP_ALL, pace: new Pace(1) });
  await expect(merging).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(shelf.directory)).toHaveLength(1);
});

test('a damaged input is merged as far as it can be read, and kept as it is', async () => {
  const shelf = await makeShelf();
  const paths = [shelf.write(0), shelf.write(1)];
  const bytes = await readFile(paths[0]);
  bytes[bytes.indexOf('TGAS') + 250] ^= 1;
  const damage: SegmentDamage[] = [];
  await writeFile(paths[0], bytes);
  const inputs = [await shelf.open(paths[0], damage), await shelf.open(paths[1], damage)];
  const damaged = new Set([paths[0]]);
  const { name } = await mergeSegments({ inputs, damaged, keepFrom: KEEP_ALL, pace: new Pace(1) });
  expect(damage.length).toBe(1);
  expect((await shelf.open(join(shelf.directory, name))).samples).toBe(SAMPLES);
  await rm(paths[0]);
  expect(await readFile(paths[0] + DAMAGED_SUFFIX)).toEqual(bytes);
});
