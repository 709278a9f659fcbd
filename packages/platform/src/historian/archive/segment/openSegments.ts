/** Opens the segments of a directory, in the order in which their samples arrived, whatever has happened to them. */

import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import {
  DAMAGED_SUFFIX,
  parseSegmentFileName,
  type SegmentRange,
  segmentFileName,
  supersedes,
  TEMPORARY_SUFFIX,
} from '../archiveFiles.ts';
import { LatestValues } from '../hot/latestValues.ts';
import { valueAt } from '../sampleRun.ts';
import type { OpenFiles } from './openFiles.ts';
import { Segment, type SegmentDamage } from './segment.ts';
import type { TagRow } from './tagDirectory.ts';

export interface OpenedSegments {
  readonly segments: readonly Segment[];
  readonly latest: LatestValues;
}

interface Candidate {
  readonly name: string;
  readonly range: SegmentRange;
}

type OnDamage = (damage: SegmentDamage) => void;

/**
 * Removes what a crash left half written, sets aside what cannot be read. Rejects where the directory cannot be read, or
 * this process lacks what it needs to read its files.
 */
export async function openSegments(directory: string, files: OpenFiles, onDamage: OnDamage): Promise<OpenedSegments> {
  await removeUnfinished(directory);
  const names = await readdir(directory);
  const segments: Segment[] = [];
  const latest = new LatestValues();
  /** Where the latest value of a tag is a string, the segment that ends with it. */
  const texts = new Map<number, Segment>();
  let open: { rows: TagRow[]; segment: Segment | undefined } = { rows: [], segment: undefined };
  for (const { name, range } of candidates(names)) {
    const before = segments.at(-1)?.head;
    if (before && supersedes(before, range)) {
      // What was merged into another, or written anew, and could not be removed before the process ended.
      await rm(join(directory, name), { force: true });
      continue;
    }
    open = await openOne(directory, name, files, onDamage);
    if (!open.segment) continue;
    segments.at(-1)?.forgetLedgers();
    segments.push(open.segment);
    for (const { tag, maxTime, lastValue, lastKind, lastStatus } of open.rows) {
      if (!latest.takeOne(tag, maxTime, lastValue, lastKind, lastStatus)) continue;
      if (lastKind === ValueKind.string) texts.set(tag, open.segment);
      else texts.delete(tag);
    }
  }
  for (const [tag, segment] of texts) {
    const text = await lastText(segment, tag);
    if (text !== undefined) latest.setText(tag, text);
  }
  return { segments, latest };
}

/** Removes what was being written when the keeper's thread ended. Rejects where the directory cannot be read. */
export async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith(TEMPORARY_SUFFIX)) await rm(join(directory, name), { force: true });
  }
}

/**
 * Opens a segment that has just been written; `undefined` where it cannot be read back, and is then set aside. Rejects as
 * `Segment.open`.
 */
export async function addSegment(
  directory: string,
  name: string,
  files: OpenFiles,
  onDamage: OnDamage,
): Promise<Segment | undefined> {
  return (await openOne(directory, name, files, onDamage)).segment;
}

async function openOne(directory: string, name: string, files: OpenFiles, onDamage: OnDamage) {
  const rows: TagRow[] = [];
  const path = join(directory, name);
  const segment = await Segment.open({ path, files, onDamage, onTag: (row) => rows.push(row) });
  if (segment && segmentFileName(segment.head) === name) return { segment, rows };
  const reason = segment ? `it is a copy of ${segmentFileName(segment.head)}` : 'it cannot be read at all';
  await setAside(directory, name, reason, files, onDamage);
  return { segment: undefined, rows };
}

/** In the order of the log; of those that begin at the same record the one that holds most comes first. */
function candidates(names: readonly string[]): Candidate[] {
  const found: Candidate[] = [];
  for (const name of names) {
    const range = parseSegmentFileName(name);
    if (range) found.push({ name, range });
  }
  const order = ({ range: a }: Candidate, { range: b }: Candidate) =>
    a.generation - b.generation || a.from - b.from || b.end - a.end || b.revision - a.revision;
  return found.sort(order);
}

async function lastText(segment: Segment, tag: number): Promise<string | undefined> {
  const entries = await segment.entries(tag);
  const latest = entries.reduce((a, b) => (b.maxTime >= a.maxTime ? b : a), entries[0]);
  const [chunk] = latest ? await segment.chunks([latest]) : [];
  const run = chunk?.run();
  const text = run && valueAt(run, run.times.length - 1);
  return typeof text === 'string' ? text : undefined;
}

async function setAside(
  directory: string,
  name: string,
  reason: string,
  files: OpenFiles,
  onDamage: OnDamage,
): Promise<void> {
  await files.forget(join(directory, name));
  const aside = name + DAMAGED_SUFFIX;
  try {
    await rename(join(directory, name), join(directory, aside));
    onDamage({ file: name, detail: `${reason} and was renamed to ${aside}` });
  } catch (error) {
    onDamage({ file: name, detail: `${reason}, and cannot be renamed: ${(error as Error).message}` });
  }
}
