/** Answers one request about an archive that this process has open. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import { CONTROL_DIRECTORY } from '@tidegate/platform/historian/archive/archiveFiles.ts';
import { blankRun } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { SERVER_STREAM, type StoredTag } from '@tidegate/platform/historian/ingest/storedTag.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import type { ImportedSeries } from '@tidegate/platform/historian/query/historyImport.ts';
import { runBlocks } from '@tidegate/platform/historian/query/runBlocks.ts';
import { exportProof } from '../../ledger/exportProof.ts';
import {
  ControlRequest,
  type ControlValues,
  type ExportRequest,
  type ImportRequest,
  type ProveRequest,
} from './controlMessage.ts';
import { type Frame, FrameStream } from './frameStream.ts';

export interface ServedArchive {
  readonly historian: Historian;
  /** Data directory; its directory `control` is there. */
  readonly directory: string;
}

type Frames = AsyncGenerator<Frame, void, undefined>;

const HEADER = { gateway: SERVER_STREAM, lane: 'analytical', epoch: 1, sequence: 0, tally: EMPTY_TALLY } as const;
let copies = 0;

/** Resolves when the request has been answered and the other side has ended. */
export async function serveControl(archive: ServedArchive, stream: Duplex): Promise<void> {
  const peer = new FrameStream(stream);
  const frames = peer.frames();
  const { value: first } = await frames.next();
  const request = ControlRequest.safeParse(first && 'json' in first ? first.json : undefined);
  if (!request.success) {
    await refuse(peer, failure('archive.control', 'The request cannot be understood: it is of another version.').fault);
  } else {
    await answer(archive, request.data, peer, frames);
  }
  // Left unread, what is still on its way would keep the other side from reading the answer.
  for await (const _ of frames);
  peer.end();
}

function answer(archive: ServedArchive, request: ControlRequest, peer: FrameStream, frames: Frames): Promise<void> {
  switch (request.ask) {
    case 'overview':
      return answerOverview(archive, peer);
    case 'hold':
      return answerHold(archive, peer, frames);
    case 'export':
      return answerExport(archive, request, peer);
    case 'prove':
      return answerProve(archive, request, peer);
    case 'import':
      return answerImport(archive, request, peer, frames);
  }
}

function reply<Ask extends keyof ControlValues>(peer: FrameStream, _ask: Ask, value: ControlValues[Ask]) {
  return peer.sendJson({ value });
}

function refuse(peer: FrameStream, fault: Fault): Promise<void> {
  return peer.sendJson({ fault });
}

async function answerOverview({ historian }: ServedArchive, peer: FrameStream): Promise<void> {
  const streams = historian.ledgers().map(({ gateway, lane, stored, lost }) => ({ gateway, lane, stored, lost }));
  const freeDiskBytes = await historian.freeDiskBytes();
  const evidence = historian.evidence?.statistics() ?? null;
  await reply(peer, 'overview', { statistics: historian.statistics(), freeDiskBytes, evidence, streams });
}

async function answerHold({ historian, directory }: ServedArchive, peer: FrameStream, frames: Frames): Promise<void> {
  const copy = join(directory, CONTROL_DIRECTORY, `metadata-${process.pid}-${copies++}.sqlite`);
  const hold = await historian.hold(copy);
  try {
    if (!hold.ok) return await refuse(peer, hold.fault);
    await reply(peer, 'hold', hold.value.held);
    // Whatever comes, the archive is held until the other side ends.
    for await (const _ of frames);
  } finally {
    if (hold.ok) hold.value.release();
    for (const path of [copy, ...(hold.ok ? hold.value.held.beside.map((beside) => beside.copy) : [])]) {
      await rm(path, { force: true });
    }
  }
}

async function answerExport({ historian }: ServedArchive, request: ExportRequest, peer: FrameStream): Promise<void> {
  const { start, end } = request;
  const tags = namedTags(historian.tags(), request.tags);
  const exported = tags.map(({ index, path, type, unit, stepped }) => ({ index, path, type, unit, stepped }));
  await reply(peer, 'export', exported);
  const encoder = new BlockEncoder(crc32);
  for (const { index: tag } of tags) {
    for await (const run of historian.history.scan(tag, { start, end })) {
      if (!('times' in run)) continue;
      for (const block of runBlocks([{ tag, run }])) {
        await peer.sendBlock(encoder.encode({ ...HEADER, sealedAt: 0 as Timestamp }, block));
      }
      if (peer.ended.aborted) return;
    }
  }
  await peer.sendJson(null);
}

async function answerProve({ historian }: ServedArchive, request: ProveRequest, peer: FrameStream): Promise<void> {
  const [tag] = namedTags(historian.tags(), [request.tag]);
  if (!tag) return await refuse(peer, failure('tag.unknown', `No tag is named ${request.tag}.`).fault);
  const { index, path, type, unit, stepped } = tag;
  await reply(peer, 'prove', { index, path, type, unit, stepped });
  historian.signedLedger.review();
  for await (const line of exportProof(historian, tag, { ...request, now: systemClock.now() })) {
    await peer.sendJson(line);
    if (peer.ended.aborted) return;
  }
  await peer.sendJson(null);
}

/** Reads one block ahead of what is durable, and no more, so that the other side waits. */
async function answerImport({ historian }: ServedArchive, request: ImportRequest, peer: FrameStream, frames: Frames) {
  let samples = 0;
  let importing: ReturnType<Historian['importSamples']> = Promise.resolve(success([]));
  for await (const frame of frames) {
    const decoded = 'block' in frame ? decodeBlock(frame.block, crc32) : undefined;
    const imported = await importing;
    if (!imported.ok) return await refuse(peer, imported.fault);
    for (const one of imported.value) samples += one.samples;
    if (!decoded) return await reply(peer, 'import', samples);
    if (!decoded.ok) return await refuse(peer, decoded.fault);
    const series = seriesOf(decoded.value.block, request.series);
    if (!series)
      return await refuse(peer, failure('import.invalid', 'A block names a series that is not there.').fault);
    importing = historian.importSamples(series, request.by);
  }
  await importing;
}

/** By path, id or alias, or by a pattern of paths as of a shell. */
function namedTags(tags: readonly StoredTag[], names: readonly string[]): StoredTag[] {
  const exact = new Set(names);
  const patterns = names.filter((name) => name.includes('*')).map((name) => new TagPattern(name));
  return tags.filter(({ path, id, aliases }) => {
    if (exact.has(path) || exact.has(id) || aliases.some((alias) => exact.has(alias))) return true;
    return patterns.some((pattern) => pattern.matches(path));
  });
}

/** The samples of a block by their series, each in the order of the block; `undefined` where one has none. */
function seriesOf(block: SampleBlock, definitions: ImportRequest['series']): ImportedSeries[] | undefined {
  const counts = new Map<number, number>();
  for (const tag of block.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const parts = new Map<number, { series: ImportedSeries; rows: number }>();
  for (const [tag, count] of counts) {
    const definition = definitions[tag];
    if (!definition) return undefined;
    parts.set(tag, { series: { ...definition, run: blankRun(count, block.strings) }, rows: 0 });
  }
  for (let at = 0; at < block.count; at++) {
    const part = parts.get(block.tags[at])!;
    const { times, values, kinds, statuses } = part.series.run;
    const row = part.rows++;
    times[row] = block.times[at];
    values[row] = block.values[at];
    kinds[row] = block.kinds[at];
    statuses[row] = block.statuses[at];
  }
  return Array.from(parts.values(), ({ series }) => series);
}
