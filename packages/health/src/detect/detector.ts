/** The contract of all detectors: learnt from normal data, then one score for every row, in a batch or as rows come. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { SignalTable } from './signalTable.ts';

/** Learns what is normal; `health.too-little` and `health.bad-data` name the column or row that prevents it. */
export type LearnDetector = (normal: SignalTable) => Result<LearnedDetector>;

export interface LearnedDetector {
  /** The signals of a row, in their order. */
  readonly names: readonly string[];
  /**
   * One score per row, higher is stranger; NaN where a row has no answer (a value is missing, or too few rows came
   * before), so that it is above no threshold. Starts a fresh stream, hence equals it exactly.
   */
  score(columns: readonly Float64Array[]): Float64Array;
  stream(): DetectorStream;
  /** All that was learnt, as JSON; `detectorFromJson` reads it back. */
  toJson(): DetectorDocument;
}

/** Rows in the order of time, evenly spaced; the state of one equipment. */
export interface DetectorStream {
  /** The score of the next row, which is only read; NaN where there is none. Allocates nothing. */
  push(row: Float64Array): number;
  /** What each signal adds to the score pushed last, 0 or more, the largest first to be looked at; all 0 without a score. */
  contributions(): Float64Array;
  /** All that it remembers of rows, in place: what is written there in another stream of the detector goes on exactly. */
  memory(): readonly Float64Array[];
}

/** A learnt detector in JSON: its kind and whatever that kind needs. */
export interface DetectorDocument {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** Pushes all rows through a fresh stream: the batch form of every detector. */
export function scoreThroughStream(detector: LearnedDetector, columns: readonly Float64Array[]): Float64Array {
  const rowCount = columns.length === 0 ? 0 : columns[0].length;
  const stream = detector.stream();
  const row = new Float64Array(columns.length);
  const scores = new Float64Array(rowCount);
  for (let index = 0; index < rowCount; index++) {
    for (let column = 0; column < columns.length; column++) row[column] = columns[column][index];
    scores[index] = stream.push(row);
  }
  return scores;
}
