/** Opens the segments of a directory, in the order in which their samples arrived, whatever has happened to them. */

import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { DAMAGED_SUFFIX, parseSegmentFileName, TEMPORARY_SUFFIX } from './archiveFiles.ts';
import { LatestValues } from './latestValues.ts';
import type { OpenFiles } from './openFiles.ts';
import { Segment, type SegmentDamage } from './segment.ts';
import type { IndexEntry } from './segmentIndex.ts';

export interface OpenedSegments {
  readonly segments: readonly Segment[];
  readonly latest: LatestValues;
}

type OnDamage = (damage: SegmentDamage) => void;

/** Removes what a crash left half written, sets aside what cannot be read. Rejects where the directory cannot be read. */
export async function openSegments(directory: string, files: OpenFiles, onDamage: OnDamage): Promise<OpenedSegments> {
  const names = (await readdir(directory)).sort();
  for (const name of names) if (name.endsWith(TEMPORARY_SUFFIX)) await rm(join(directory, name), { force: true });
  const segments: Segment[] = [];
  const latest = new LatestValues();
  /** Where the latest value of a tag is a string, the chunk that ends with it. */
  const texts = new Map<number, { readonly segment: number; readonly entry: IndexEntry }>();
  for (const name of names) {
    if (!parseSegmentFileName(name)) continue;
    const onEntry = (entry: IndexEntry) => {
      const { tag, maxTime, lastValue, lastKind, lastStatus } = entry;
      if (!latest.takeOne(tag, maxTime, lastValue, lastKind, lastStatus)) return;
      if (lastKind === ValueKind.string) texts.set(tag, { segment: segments.length, entry });
      else texts.delete(tag);
    };
    const options = { path: join(directory, name), files, onDamage, onEntry };
    const segment = await Segment.open(options, segments.at(-1)?.tags);
    if (segment) segments.push(segment);
    else await setAside(directory, name, files, onDamage);
  }
  for (const [tag, { segment, entry }] of texts) {
    const { values } = await segments[segment].chunk(entry, 0, entry.maxTime, Number.POSITIVE_INFINITY);
    const text = values.at(-1);
    if (typeof text === 'string') latest.setText(tag, text);
  }
  return { segments, latest };
}

/** Opens a segment that has just been written; `undefined` where it cannot be read back, and is then set aside. */
export async function addSegment(
  directory: string,
  name: string,
  files: OpenFiles,
  before: Segment | undefined,
  onDamage: OnDamage,
): Promise<Segment | undefined> {
  const segment = await Segment.open({ path: join(directory, name), files, onDamage }, before?.tags);
  if (!segment) await setAside(directory, name, files, onDamage);
  return segment;
}

async function setAside(directory: string, name: string, files: OpenFiles, onDamage: OnDamage): Promise<void> {
  await files.forget(join(directory, name));
  const aside = name + DAMAGED_SUFFIX;
  try {
    await rename(join(directory, name), join(directory, aside));
    onDamage({ file: name, detail: `it cannot be read at all and was renamed to ${aside}` });
  } catch (error) {
    onDamage({ file: name, detail: `it cannot be read at all, nor renamed: ${(error as Error).message}` });
  }
}
