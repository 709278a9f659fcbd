/**
 * Which tags a segment has samples of, where their entries are, and the last sample of each.
 *
 *     0     4             8         12             16      24         32         40           48            52
 *     +-----+-------------+---------+--------------+-------+----------+----------+------------+-------------+-----------+------+
 *     | tag | first entry | entries | entries crc32| count | min time | max time | last value | last status | last kind | zero |
 *     +-----+-------------+---------+--------------+-------+----------+----------+------------+-------------+-----------+------+
 */

import { crc32 } from 'node:zlib';
import { lowerBound } from '../sampleRun.ts';
import { type ChunkEntry, ENTRY_BYTES, readEntry } from './chunkEntry.ts';

export const TAG_ROW_BYTES = 56;

/** One tag as the directory names it. */
export interface TagRow {
  readonly tag: number;
  readonly count: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly lastValue: number;
  readonly lastStatus: number;
  readonly lastKind: number;
}

/** What stays in memory of a segment's directory: 12 bytes for each tag. */
export interface TagDirectory {
  /** Ascending. */
  readonly tags: Uint32Array;
  /** By tag the number of its first entry, and behind the last tag the number of entries. */
  readonly firstEntry: Uint32Array;
  readonly entriesCrc: Uint32Array;
}

/** The rows for `entries`, which stand in the order of their tags. */
export function encodeTagRows(entries: Uint8Array): Uint8Array {
  const count = entries.length / ENTRY_BYTES;
  const rows: Uint8Array[] = [];
  for (let from = 0; from < count; ) {
    const first = readEntry(entries, from);
    const group: ChunkEntry[] = [first];
    let to = from + 1;
    for (let next = nextEntry(entries, to, count); next?.tag === first.tag; next = nextEntry(entries, to, count)) {
      group.push(next);
      to++;
    }
    rows.push(encodeTagRow(from, group, crc32(entries.subarray(from * ENTRY_BYTES, to * ENTRY_BYTES))));
    from = to;
  }
  return Buffer.concat(rows);
}

/** Reads the rows back, calling `onRow` for each; `undefined` where they contradict themselves. */
export function readTagRows(rows: Uint8Array, entries: number, onRow: (row: TagRow) => void): TagDirectory | undefined {
  const count = rows.length / TAG_ROW_BYTES;
  const tags = new Uint32Array(count);
  const firstEntry = new Uint32Array(count + 1);
  const entriesCrc = new Uint32Array(count);
  const view = new DataView(rows.buffer, rows.byteOffset, rows.length);
  let entry = 0;
  for (let row = 0; row < count; row++) {
    const at = row * TAG_ROW_BYTES;
    tags[row] = view.getUint32(at, true);
    firstEntry[row] = view.getUint32(at + 4, true);
    entriesCrc[row] = view.getUint32(at + 12, true);
    if (firstEntry[row] !== entry || (row > 0 && tags[row] <= tags[row - 1])) return undefined;
    entry += view.getUint32(at + 8, true);
    onRow({
      tag: tags[row],
      count: view.getFloat64(at + 16, true),
      minTime: view.getFloat64(at + 24, true),
      maxTime: view.getFloat64(at + 32, true),
      lastValue: view.getFloat64(at + 40, true),
      lastStatus: view.getUint32(at + 48, true),
      lastKind: view.getUint8(at + 52),
    });
  }
  firstEntry[count] = entry;
  return entry === entries ? { tags, firstEntry, entriesCrc } : undefined;
}

/** The row of `tag`; -1 where the segment has none of it. */
export function rowOfTag({ tags }: TagDirectory, tag: number): number {
  const row = lowerBound(tags, tag);
  return row < tags.length && tags[row] === tag ? row : -1;
}

function nextEntry(entries: Uint8Array, number: number, count: number): ChunkEntry | undefined {
  return number < count ? readEntry(entries, number) : undefined;
}

/** Of chunks that end at the same time the last one arrived last. */
function encodeTagRow(firstEntry: number, group: readonly ChunkEntry[], crc: number): Uint8Array {
  const latest = group.reduce((a, b) => (b.maxTime >= a.maxTime ? b : a));
  const minTime = group.reduce((least, entry) => Math.min(least, entry.minTime), Number.POSITIVE_INFINITY);
  const row = new Uint8Array(TAG_ROW_BYTES);
  const view = new DataView(row.buffer);
  view.setUint32(0, latest.tag, true);
  view.setUint32(4, firstEntry, true);
  view.setUint32(8, group.length, true);
  view.setUint32(12, crc, true);
  view.setFloat64(
    16,
    group.reduce((sum, { count }) => sum + count, 0),
    true,
  );
  view.setFloat64(24, minTime, true);
  view.setFloat64(32, latest.maxTime, true);
  view.setFloat64(40, latest.lastValue, true);
  view.setUint32(48, latest.lastStatus, true);
  view.setUint8(52, latest.lastKind);
  return row;
}
