/** Scores of single signals made alike: one that swings all day scores higher than one at rest, and would drown it. */

import type { LearnedDetector } from './detector.ts';

const RARE = 0.99;

/**
 * Of the contributions of each signal, what one in a hundred rows of the table is above; `least` at least. For detectors whose
 * contributions are scores of the signals.
 */
export function rareBySignal(detector: LearnedDetector, columns: readonly Float64Array[], least: number): Float64Array {
  const stream = detector.stream();
  const row = new Float64Array(columns.length);
  const scores: number[][] = columns.map(() => []);
  for (let at = 0; at < columns[0].length; at++) {
    for (let i = 0; i < row.length; i++) row[i] = columns[i][at];
    if (Number.isNaN(stream.push(row))) continue;
    const own = stream.contributions();
    for (let i = 0; i < row.length; i++) scores[i].push(own[i]);
  }
  return Float64Array.from(scores, (values) => {
    const sorted = Float64Array.from(values).sort();
    return Math.max(least, sorted[Math.floor(sorted.length * RARE)] ?? least);
  });
}
