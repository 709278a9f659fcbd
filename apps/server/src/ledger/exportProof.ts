/** Gathers the proof of a tag and a period from an archive: what was signed, what came, what people changed, what is answered. */

import { crc32 } from 'node:zlib';
import { checkBlock, decodeColumns } from '@tidegate/core/block/decodeBlock.ts';
import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { decodeCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import { type SampleRun, valueAt } from '@tidegate/platform/historian/archive/sampleRun.ts';
import type { StoredCheckpoint } from '@tidegate/platform/historian/ingest/ledger/checkpointStore.ts';
import { sha256 } from '@tidegate/platform/historian/ingest/ledger/gatewayCertificate.ts';
import type { StoredTag } from '@tidegate/platform/historian/ingest/storedTag.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { PROOF_VERSION, type ProofLine, type ProofRow, writeValue } from './proofLine.ts';

export interface ProofQuestion {
  /** Which samples: `start <= time < end`, µs. */
  readonly start: number;
  readonly end: number;
  /** When it is asked, µs. */
  readonly now: number;
}

/** A sample comes no later than this after its time, or the archive says when it came. */
const LATE_US = 60 * US_PER_S;
const ROWS_PER_LINE = 1_000;
const DIGESTS_PER_LINE = 1_000;
const MOST_CHECKPOINTS = 1_000_000;

export async function* exportProof(
  historian: Historian,
  tag: StoredTag,
  question: ProofQuestion,
): AsyncGenerator<ProofLine, void, undefined> {
  const { start, end, now } = question;
  const { gateway, lane, number, id, path, type, unit } = tag;
  yield {
    ...{ proof: PROOF_VERSION, exportedAt: now, gateway, lane, tag: { number, id, path, type, unit }, start, end },
  };
  const stored = await rowsOf(historian.history.base(tag.index, start, end));
  const blocks = await findBlocks(historian, tag, question, stored.receivedSeconds);
  const checkpoints = findCheckpoints(historian, { gateway, lane }, question, blocks.keys());
  const names = new Set<string>();
  for (const { text } of checkpoints) names.add(certificateOf(text));
  for (const fingerprint of names) {
    const pem = historian.signedLedger.certificate(fingerprint);
    if (pem !== undefined) yield { certificate: pem };
  }
  for (const { text } of checkpoints) yield { checkpoint: text };
  yield* digestLines(await findDigests(historian, { gateway, lane }, checkpoints, blocks));
  for (const { bytes } of blocks.values()) yield { block: bytes.toBase64() };
  yield* editLines(historian, tag, question);
  yield* rowLines(stored.rows, (rows) => ({ stored: rows }));
  const answered = await rowsOf(historian.history.scan(tag.index, { start, end }));
  yield* rowLines(answered.rows, (rows) => ({ answered: rows }));
}

async function rowsOf(runs: AsyncIterable<SampleRun | object>) {
  const rows: ProofRow[] = [];
  const receivedSeconds = new Set<number>();
  for await (const run of runs) {
    if (!('times' in run)) continue;
    for (let row = 0; row < run.times.length; row++) {
      rows.push([run.times[row], writeValue(valueAt(run, row)), run.statuses[row]]);
      if (run.received) receivedSeconds.add(Math.floor(run.received[row] / US_PER_S));
    }
  }
  return { rows, receivedSeconds };
}

interface FoundBlock {
  readonly position: BlockPosition;
  readonly bytes: Uint8Array;
}

/** By position, the blocks of the stream that hold samples of the tag in the period. */
async function findBlocks(
  historian: Historian,
  { gateway, lane, number }: StoredTag,
  { start, end }: ProofQuestion,
  receivedSeconds: ReadonlySet<number>,
): Promise<Map<string, FoundBlock>> {
  const seconds = [...receivedSeconds];
  const firstUs = seconds.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) * US_PER_S;
  const lastUs = (seconds.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) + 1) * US_PER_S;
  const found = new Map<string, FoundBlock>();
  const isWanted = (file: { sealedFrom: number; sealedTo: number; receivedFrom: number; receivedTo: number }) =>
    (file.sealedTo >= start && file.sealedFrom < end + LATE_US) ||
    (file.receivedTo >= firstUs && file.receivedFrom < lastUs);
  for await (const { header, bytes, receivedAt } of blocksOf(historian, isWanted)) {
    if (header.gateway !== gateway || header.lane !== lane) continue;
    const isTimely = header.sealedAt >= start && header.sealedAt < end + LATE_US;
    if (!isTimely && !receivedSeconds.has(Math.floor(receivedAt / US_PER_S))) continue;
    const block = decodeColumns(bytes, header);
    if (!block.ok) continue;
    const { tags, times, count } = block.value;
    for (let row = 0; row < count; row++) {
      if (tags[row] !== number || times[row] < start || times[row] >= end) continue;
      const { epoch, sequence } = header;
      found.set(placeOf(header), { position: { epoch, sequence }, bytes: Uint8Array.from(bytes) });
      break;
    }
  }
  return found;
}

/** Everything that came and is still there as it came, in order. */
async function* blocksOf(
  { evidence, log }: Historian,
  wanted: Parameters<NonNullable<Historian['evidence']>['records']>[0],
): AsyncGenerator<{ header: BlockHeader; bytes: Uint8Array; receivedAt: number }, void, undefined> {
  for await (const { payload, receivedAt } of evidence?.blocks(wanted) ?? []) {
    const header = checkBlock(payload, crc32);
    if (header.ok) yield { header: header.value, bytes: payload, receivedAt };
  }
  for await (const { payload, receivedAt } of log.blocks()) {
    const header = checkBlock(payload, crc32);
    if (header.ok) yield { header: header.value, bytes: payload, receivedAt };
  }
}

/** Those that name one of the blocks, those of the period, and all between: a chain without a gap. Oldest first. */
function findCheckpoints(
  { signedLedger }: Historian,
  stream: StreamName,
  { start, end }: ProofQuestion,
  places: Iterable<string>,
): StoredCheckpoint[] {
  const limit = MOST_CHECKPOINTS;
  const found = signedLedger.checkpoints({ ...stream, start, end: end + LATE_US, limit });
  const covering = new Map<number, StoredCheckpoint>();
  for (const place of places) {
    const [epoch, sequence] = place.split('/').map(Number);
    for (const one of signedLedger.covering(stream, { epoch, sequence })) covering.set(one.number, one);
  }
  const all = [...found, ...covering.values()];
  if (all.length === 0) return [];
  const from = all.reduce((least, one) => Math.min(least, one.to), Number.POSITIVE_INFINITY);
  const to = all.reduce((greatest, one) => Math.max(greatest, one.to), Number.NEGATIVE_INFINITY);
  return signedLedger.checkpoints({ ...stream, start: from, end: to + 1, limit }).sort((a, b) => a.number - b.number);
}

/** Digests of the blocks that the checkpoints name and that are not in the proof themselves. */
async function findDigests(
  historian: Historian,
  { gateway, lane }: StreamName,
  checkpoints: readonly StoredCheckpoint[],
  blocks: ReadonlyMap<string, FoundBlock>,
): Promise<Map<string, { position: BlockPosition; digest: Uint8Array }>> {
  const wanted = new Set<string>();
  for (const { text } of checkpoints) {
    const decoded = decodeCheckpoint(text);
    if (!decoded.ok) continue;
    for (const { epoch, first, count } of decoded.value.checkpoint.chain.runs) {
      for (let sequence = first; sequence < first + count; sequence++) wanted.add(`${epoch}/${sequence}`);
    }
  }
  const from = checkpoints[0]?.from ?? 0;
  const to = checkpoints.at(-1)?.to ?? 0;
  const digests = new Map<string, { position: BlockPosition; digest: Uint8Array }>();
  for await (const { header, bytes } of blocksOf(historian, (file) => file.sealedTo >= from && file.sealedFrom <= to)) {
    const place = placeOf(header);
    if (header.gateway !== gateway || header.lane !== lane || !wanted.has(place) || blocks.has(place)) continue;
    digests.set(place, { position: { epoch: header.epoch, sequence: header.sequence }, digest: sha256(bytes) });
  }
  return digests;
}

function* digestLines(
  found: ReadonlyMap<string, { position: BlockPosition; digest: Uint8Array }>,
): Generator<ProofLine, void, undefined> {
  const sorted = [...found.values()].sort(
    ({ position: a }, { position: b }) => a.epoch - b.epoch || a.sequence - b.sequence,
  );
  let line: { epoch: number; first: number; digests: string[] } | undefined;
  for (const { position, digest } of sorted) {
    const { epoch, sequence } = position;
    const goesOn = line && line.epoch === epoch && line.first + line.digests.length === sequence;
    if (!line || !goesOn || line.digests.length >= DIGESTS_PER_LINE) {
      if (line) yield line;
      line = { epoch, first: sequence, digests: [] };
    }
    line.digests.push(digest.toBase64({ alphabet: 'base64url', omitPadding: true }));
  }
  if (line) yield line;
}

function* editLines(historian: Historian, tag: StoredTag, { start, end }: ProofQuestion): Generator<ProofLine> {
  const read = historian.edits.read(tag.index, start, end);
  if (!read.ok) throw new Error(read.fault.detail);
  const { edits, samples, sampleEdits, deletions } = read.value;
  for (const [at, { id, kind, at: recordedAt, by, reason }] of edits.entries()) {
    const written = Array.from(samples.times).filter((_, row) => sampleEdits[row] === at);
    const ranges = [
      ...written.map((time): [number, number] => [time, time + 1]),
      ...deletions.filter(({ edit }) => edit === at).map((one): [number, number] => [one.start, one.end]),
    ];
    yield { edit: { id, kind, at: recordedAt, by, reason, ranges } };
  }
}

function* rowLines(rows: readonly ProofRow[], line: (rows: ProofRow[]) => ProofLine): Generator<ProofLine> {
  for (let from = 0; from < rows.length; from += ROWS_PER_LINE) yield line(rows.slice(from, from + ROWS_PER_LINE));
}

function certificateOf(text: string): string {
  const decoded = decodeCheckpoint(text);
  return decoded.ok ? decoded.value.checkpoint.certificate : '';
}

function placeOf({ epoch, sequence }: BlockPosition): string {
  return `${epoch}/${sequence}`;
}
