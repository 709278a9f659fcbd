/** Whether a profile can raise an alarm by rows at all: the scores of some detectors end, and the threshold may lie beyond. */

import type { LearnedProfile } from './learnedProfile.ts';
import type { LearningRows } from './learningRows.ts';
import { STRANGE_ROWS } from './rowThreshold.ts';

/** Rows of the learning time that come before those that are far off. */
const ROWS_BEFORE = 200;
/** Times the range of all that was learned. */
const FAR = 10;

/** A sentence where rows far outside of all that was learned are no alarm; `undefined` where they are. */
export function reachNote(profile: LearnedProfile, { kept, times, columns }: LearningRows): string | undefined {
  const { spec, report } = profile;
  const stream = profile.stream();
  const row = new Float64Array(spec.features.length).fill(Number.NaN);
  for (let at = Math.max(0, times.length - ROWS_BEFORE); at < times.length; at++) {
    for (const [i, feature] of kept.entries()) row[feature] = columns[i][at];
    stream.push(times[at], row, 1);
  }
  for (const [i, feature] of kept.entries()) {
    const sorted = columns[i].slice().sort();
    const most = sorted[sorted.length - 1];
    row[feature] = most + FAR * (most - sorted[0]);
  }
  for (let far = 1; far <= STRANGE_ROWS; far++) {
    const { strange } = stream.push(times[times.length - 1] + far * spec.intervalUs, row, 1);
    if (strange) return undefined;
  }
  const judges = spec.detectors?.join(', ') ?? 'what judges them';
  return (
    `Even rows far outside of all that was learned are no alarm: the score by ${judges} stays below the threshold of ` +
    `${report.threshold.toFixed(1)} or does not last for ${STRANGE_ROWS} rows. Name other detectors beside, learn over a longer time, ` +
    'or allow more alarms.'
  );
}
