/**
 * The keeper's thread: writes, merges and checks segments, so that the thread which takes samples and answers queries does
 * not stop for it. A seal that comes while segments are merged goes between two slices of the merge.
 */

import { parentPort } from 'node:worker_threads';
import { OpenFiles } from '../segment/openFiles.ts';
import { Segment, type SegmentDamage } from '../segment/segment.ts';
import type { KeeperJob, KeeperReply, KeeperRequest, KeeperResults, MergeJob, ScrubJob } from './keeperJob.ts';
import { type Merged, mergeSegments } from './mergeSegments.ts';
import { Pace } from './pace.ts';
import { scrubSegment } from './scrubSegment.ts';
import { writeHotStore } from './sealing.ts';

const port = parentPort;
if (!port) throw new Error('the keeper runs as a thread of the archive');

port.on('message', async ({ id, job }: KeeperRequest) => {
  try {
    reply({ id, result: await run(job) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    reply({ id, error: { code, message } });
  }
});

function reply(message: KeeperReply): void {
  port?.postMessage(message);
}

function run(job: KeeperJob): KeeperResults[KeeperJob['kind']] | Promise<KeeperResults[KeeperJob['kind']]> {
  switch (job.kind) {
    case 'seal':
      return writeHotStore(job.directory, job.head, job.store);
    case 'merge':
      return merge(job);
    case 'scrub':
      return scrub(job);
  }
}

async function merge({ inputs, keepFrom, share }: MergeJob): Promise<Merged> {
  const files = new OpenFiles();
  try {
    const segments: Segment[] = [];
    const damaged = new Set<string>();
    for (const path of inputs) segments.push(await openInput(path, files, damaged));
    return await mergeSegments({ inputs: segments, damaged, keepFrom, pace: new Pace(share) });
  } finally {
    await files.close();
  }
}

async function scrub({ path, share }: ScrubJob): Promise<number> {
  const files = new OpenFiles();
  try {
    return await scrubSegment(await openInput(path, files), new Pace(share));
  } finally {
    await files.close();
  }
}

/** With `damaged`, to which `path` is added when damage is found, what cannot be read now is not taken for damage. */
async function openInput(path: string, files: OpenFiles, damaged?: Set<string>): Promise<Segment> {
  const onDamage = (damage: SegmentDamage) => {
    damaged?.add(path);
    reply({ damage });
  };
  const segment = await Segment.open({ path, files, onDamage, isStrict: damaged !== undefined });
  if (segment) return segment;
  throw Object.assign(new Error(`${path} cannot be read`), { code: 'EIO' });
}
