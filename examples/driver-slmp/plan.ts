/** Which words are read in one request: those of points that lie near each other. */

import { BITS_PER_WORD, type Memory } from './address.ts';
import type { SlmpPoint } from './points.ts';

export interface PlannedPoint extends SlmpPoint {
  readonly tag: number;
}

/** What one request reads, all of it in one kind of memory. */
export interface Block {
  readonly memory: Memory;
  readonly first: number;
  readonly words: number;
  /** In the order of their places. */
  readonly points: readonly PlannedPoint[];
}

export interface PlanLimits {
  readonly maxWords: number;
  readonly maxGap: number;
}

export function planBlocks(points: readonly PlannedPoint[], { maxWords, maxGap }: PlanLimits): Block[] {
  const sorted = points.toSorted((a, b) => a.memory.code - b.memory.code || a.first - b.first);
  const groups: PlannedPoint[][] = [];
  let end = 0;
  for (const point of sorted) {
    const group = groups.at(-1);
    const near = group && group[0].memory === point.memory && point.first - end <= maxGap;
    const after = Math.max(near ? end : 0, point.first + point.words);
    if (near && after - group[0].first <= maxWords) group.push(point);
    else groups.push([point]);
    end = after;
  }
  return groups.map(blockOf);
}

/** `points` are in the order of their places, at least one. */
export function blockOf(points: readonly PlannedPoint[]): Block {
  const { memory, first } = points[0];
  const end = Math.max(...points.map((point) => point.first + point.words));
  return { memory, first, words: end - first, points };
}

/** As people write it: `D360`, or `4 words from M96`. */
export function describePlace({ memory, first, words }: Block): string {
  const number = memory.holds === 'bits' ? first * BITS_PER_WORD : first;
  const place = `${memory.name}${number.toString(memory.radix).toUpperCase()}`;
  return words === 1 ? place : `${words} words from ${place}`;
}
