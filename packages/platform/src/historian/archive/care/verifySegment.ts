/** Reads all of a segment file and computes anew what it says of itself. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { RunSummary } from '../runSummary.ts';
import { summariseRun } from '../runSummary.ts';
import type { SampleRun } from '../sampleRun.ts';
import { type ChunkEntry, lastNumber } from '../segment/chunkEntry.ts';
import type { OpenFiles } from '../segment/openFiles.ts';
import { Segment } from '../segment/segment.ts';
import type { TagRow } from '../segment/tagDirectory.ts';

export interface VerifiedSegment {
  readonly chunks: number;
  readonly samples: number;
}

export interface SegmentCheck {
  readonly path: string;
  readonly files: OpenFiles;
  /** How many tags the catalogue has; `undefined` where it cannot be read. */
  readonly tags: number | undefined;
  readonly onDefect: (defect: string) => void;
  /** Told of bytes as they have been verified. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Sums are the same up to the order of additions. */
const TOLERANCE = 1e-9;
const SUMS: ReadonlySet<string> = new Set(['sum', 'sumOfSquares', 'slopedArea', 'steppedArea']);
const CHUNKS_AT_ONCE = 64;

/** `undefined` where the file cannot be opened at all, which is not told. Rejects with the reason of the signal. */
export async function verifySegment(check: SegmentCheck): Promise<VerifiedSegment | undefined> {
  const { path, files, tags, onDefect, signal } = check;
  const rows: TagRow[] = [];
  const onDamage = ({ detail }: { detail: string }) => onDefect(detail);
  const segment = await Segment.open({ path, files, onDamage, onTag: (row) => rows.push(row) });
  if (!segment) return undefined;
  let chunks = 0;
  let samples = 0;
  for (const row of rows) {
    signal.throwIfAborted();
    if (tags !== undefined && row.tag >= tags) onDefect(`its samples of tag ${row.tag} belong to no tag that is known`);
    const entries = await segment.entries(row.tag);
    const defect = entries.length > 0 ? rowDefect(row, entries) : undefined;
    if (defect !== undefined) onDefect(`what the directory says of tag ${row.tag} is wrong: ${defect}`);
    for (let from = 0; from < entries.length; from += CHUNKS_AT_ONCE) {
      samples += await verifyChunks(segment, entries.slice(from, from + CHUNKS_AT_ONCE), check);
    }
    chunks += entries.length;
  }
  await segment.receipts();
  return { chunks, samples };
}

/** Resolves with the number of samples that can be read. */
async function verifyChunks(segment: Segment, entries: readonly ChunkEntry[], check: SegmentCheck): Promise<number> {
  let samples = 0;
  const found = await segment.chunks(entries);
  const hasReceipts = (await segment.receipts()) !== undefined;
  for (const [at, chunk] of found.entries()) {
    const entry = entries[at];
    check.onBytes(entry.length);
    if (!chunk) continue;
    const run = chunk.run();
    const defect = entryDefect(entry, run);
    const place = `the chunk at ${entry.offset} with ${entry.count} samples of tag ${entry.tag}`;
    if (defect !== undefined) check.onDefect(`${place} is wrong: ${defect}`);
    samples += run.times.length;
    const rows = await segment.receiptRows(entry, chunk, run);
    const isWithin = rows?.every((row) => row >= entry.first && row <= entry.last);
    if (hasReceipts && !isWithin) check.onDefect(`when the samples of ${place} arrived is wrong`);
  }
  await nextTurn();
  check.signal.throwIfAborted();
  return samples;
}

/** What the directory says of a tag, against the entries of its chunks. */
function rowDefect(row: TagRow, entries: readonly ChunkEntry[]): string | undefined {
  const latest = entries.reduce((a, b) => (b.maxTime >= a.maxTime ? b : a));
  const count = entries.reduce((sum, entry) => sum + entry.count, 0);
  if (count !== row.count) return `it has ${count} samples, not ${row.count}`;
  if (entries.reduce((time, { minTime }) => Math.min(time, minTime), latest.minTime) !== row.minTime)
    return 'first time';
  if (latest.maxTime !== row.maxTime) return 'last time';
  const isLast =
    Object.is(latest.lastValue, row.lastValue) &&
    latest.lastStatus === row.lastStatus &&
    latest.lastKind === row.lastKind;
  return isLast ? undefined : 'last sample';
}

/** What an entry says of its chunk, against the samples of the chunk. */
function entryDefect(entry: ChunkEntry, run: SampleRun): string | undefined {
  const { times, values, kinds, statuses, strings } = run;
  const last = times.length - 1;
  for (let row = 0; row <= last; row++) {
    if (row > 0 && times[row] < times[row - 1]) return 'its times descend';
    if (kinds[row] === ValueKind.string && !(values[row] < strings.length)) return 'a text is missing';
  }
  if (times[0] !== entry.minTime || times[last] !== entry.maxTime) return 'its times are not those of its entry';
  const isLast =
    Object.is(lastNumber(kinds[last], values[last]), entry.lastValue) &&
    statuses[last] === entry.lastStatus &&
    kinds[last] === entry.lastKind;
  if (!isLast) return 'its last sample is not that of its entry';
  return summaryDefect(entry.summary, summariseRun(run));
}

function summaryDefect(stored: RunSummary | undefined, computed: RunSummary | undefined): string | undefined {
  if (!stored || !computed) return stored === computed ? undefined : 'it has a summary and must not, or has none';
  const fields = Object.keys(computed) as (keyof RunSummary)[];
  const wrong = fields.find((field) => !isSame(stored[field], computed[field], SUMS.has(field) ? TOLERANCE : 0));
  return wrong && `its summary says ${wrong} ${stored[wrong]}, and it is ${computed[wrong]}`;
}

/** Zero has no sign here: which of 0 and -0 is the least of both depends on their order. */
function isSame(a: number, b: number, tolerance: number): boolean {
  return a === b || Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}
