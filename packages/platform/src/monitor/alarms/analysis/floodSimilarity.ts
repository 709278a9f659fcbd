/**
 * How alike two alarm floods are: local alignment of their sequences with a blur over time, so that alarms that came
 * almost together may have come in either order. Y. Cheng, I. Izadi, T. Chen: Pattern matching of alarm flood sequences by
 * a modified Smith-Waterman algorithm, Chemical Engineering Research and Design 91 (2013), 1085-1094.
 */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { AlarmFlood } from './alarmFlood.ts';

/** Reward of a match, and the prices of a mismatch and of a gap. */
const MATCH = 1;
const MISMATCH = -0.6;
const GAP = -0.4;
/** Alarms so far apart count as in exchangeable order with weight exp(-1/2). */
const BLUR_US = 60 * US_PER_S;
/** Of longer floods only the beginning is compared: that is when somebody asks what this is. */
const MAX_LENGTH = 300;

/** From 0, nothing in common, to 1, one contains the other in its order. */
export function floodSimilarity(a: AlarmFlood, b: AlarmFlood): number {
  const [rows, columns] = [blurred(a), blurred(b)];
  const score = align(rows, columns);
  const shorter = Math.min(rows.length, columns.length);
  return shorter === 0 ? 0 : Math.min(1, score / (MATCH * shorter));
}

/** For each place of a sequence how much each alarm is at that place: 1 for the one that is there, less for neighbours. */
type Blurred = readonly ReadonlyMap<string, number>[];

/** Each flood is compared with many. */
const BLURRED = new WeakMap<AlarmFlood, Blurred>();

function blurred(flood: AlarmFlood): Blurred {
  const known = BLURRED.get(flood) ?? blur(flood);
  BLURRED.set(flood, known);
  return known;
}

function blur({ sequence }: AlarmFlood): Blurred {
  const taken = firstOfEach(sequence.slice(0, MAX_LENGTH));
  return taken.map(({ activated }) => {
    const weights = new Map<string, number>();
    for (const other of taken) {
      const distance = (other.activated - activated) / BLUR_US;
      const weight = Math.exp(-0.5 * distance * distance);
      if (weight > 0.01) weights.set(other.key, Math.max(weight, weights.get(other.key) ?? 0));
    }
    return weights;
  });
}

/** A chattering alarm would drown the others: each counts where it first came. */
export function firstOfEach<T extends { readonly key: string }>(sequence: readonly T[]): T[] {
  const seen = new Set<string>();
  return sequence.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function align(rows: Blurred, columns: Blurred): number {
  let last = new Float64Array(columns.length + 1);
  let best = 0;
  for (const row of rows) {
    const next = new Float64Array(columns.length + 1);
    for (const [at, column] of columns.entries()) {
      const alike = likeness(row, column);
      const matched = last[at] + MISMATCH + alike * (MATCH - MISMATCH);
      next[at + 1] = Math.max(0, matched, last[at + 1] + GAP, next[at] + GAP);
      best = Math.max(best, next[at + 1]);
    }
    last = next;
  }
  return best;
}

/** The strongest alarm that both have at this place. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const [key, weight] of a) most = Math.max(most, weight * (b.get(key) ?? 0));
  return most;
}
