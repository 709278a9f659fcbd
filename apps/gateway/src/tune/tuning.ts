/** A history under every step of the ladder, with what a person needs to choose. */

import { findHistoryGaps, type HistoryGaps } from './historyGaps.ts';
import { frontierOf, kneeOf } from './knee.ts';
import { type Replay, replay } from './replay.ts';
import { type Step, settingsLadder } from './settingsLadder.ts';
import type { TagHistory } from './tagHistory.ts';

export interface TuningRow extends Replay {
  readonly step: Step;
  /** In the unit of the tag. */
  readonly deviation: number;
  readonly compression: number | undefined;
  /** No other row stores less with no more error. */
  readonly isFrontier: boolean;
  readonly isKnee: boolean;
}

export interface Tuning {
  readonly history: TagHistory;
  readonly rows: readonly TuningRow[];
  /** Present where the history lacks what was read: errors are then measured against what was left of it. */
  readonly gaps: HistoryGaps | undefined;
}

export interface Intervals {
  readonly maxIntervalMs: number;
  readonly compressionMaxIntervalMs: number;
}

export function tuneHistory(history: TagHistory, { maxIntervalMs, compressionMaxIntervalMs }: Intervals): Tuning {
  const { samples, span, stepped } = history;
  const results = settingsLadder(history).map((step) => {
    const deviation = step.deviation * span;
    const compression = step.compression === undefined ? undefined : step.compression * span;
    const door =
      compression === undefined ? undefined : { deviation: compression, maxIntervalMs: compressionMaxIntervalMs };
    const replayed = replay(samples, { exception: { deviation, maxIntervalMs }, compression: door }, stepped);
    return { step, deviation, compression, ...replayed };
  });
  const frontier = new Set(frontierOf(results));
  const knee = kneeOf(results, samples.count);
  const rows = results.map((row) => ({ ...row, isFrontier: frontier.has(row), isKnee: row === knee }));
  return { history, rows, gaps: findHistoryGaps(samples) };
}
