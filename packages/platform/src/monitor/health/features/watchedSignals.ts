/** The signals whose vibration a watch measures, each with all that is asked of it: a signal is read once. */

import type { VibrationQuestion } from '@tidegate/health/signal/vibrationMeasure.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { FeatureDefinition } from '../definition/healthWatch.ts';

export interface WatchedSignal {
  readonly of: Expression;
  /** The speed of its shaft in Hz, where something asks for it. */
  readonly shaft: Expression | undefined;
  readonly questions: readonly VibrationQuestion[];
  /** Which features of the watch the questions are. */
  readonly features: readonly number[];
}

export function watchedSignals(features: readonly FeatureDefinition[]): readonly WatchedSignal[] {
  const signals: WatchedSignal[] = [];
  for (const [feature, { of, vibration }] of features.entries()) {
    if (!vibration) continue;
    const { shaft, ...question } = vibration;
    const at = signals.findIndex(
      (signal) => isSame(signal.of, of) && (!shaft || !signal.shaft || isSame(signal.shaft, shaft)),
    );
    const known = at < 0 ? { of, shaft, questions: [], features: [] } : signals[at];
    const questions = [...known.questions, question];
    const joined = { of, shaft: known.shaft ?? shaft, questions, features: [...known.features, feature] };
    if (at < 0) signals.push(joined);
    else signals[at] = joined;
  }
  return signals;
}

/** Of two expressions over attributes of one asset. */
function isSame(one: Expression, other: Expression): boolean {
  return JSON.stringify([one.tags, one.root]) === JSON.stringify([other.tags, other.root]);
}
