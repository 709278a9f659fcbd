/** Judges each signal by its own past alone: how unlike anything seen before the last value and the last stretches are. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { NoveltyOfSignal, PAST_ROWS } from './noveltyOfSignal.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

const FEWEST_ROWS = 50;

/** Knows nothing but the past of each signal, with which its streams begin (see `NoveltyOfSignal`). */
export class Novelty implements LearnedDetector {
  readonly names: readonly string[];
  readonly past: readonly Float64Array[];

  constructor(names: readonly string[], past: readonly Float64Array[]) {
    this.names = names;
    this.past = past;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new NoveltyStreams(this);
  }

  toJson(): DetectorDocument {
    return { kind: 'novelty', names: [...this.names], past: this.past.map((column) => [...column]) };
  }
}

/** Keeps the last usable values of each signal as its past. */
export function learnNovelty(table: SignalTable): Result<Novelty> {
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  if (rows.value.count < FEWEST_ROWS) {
    return failure('health.too-little', `${rows.value.count} rows have all values; ${FEWEST_ROWS} are needed.`);
  }
  const past = table.columns.map((column) => column.filter(Number.isFinite).slice(-PAST_ROWS));
  return success(new Novelty(table.names, past));
}

class NoveltyStreams implements DetectorStream {
  readonly #signals: readonly NoveltyOfSignal[];
  readonly #scores: Float64Array;

  constructor({ names, past }: Novelty) {
    this.#signals = names.map(() => new NoveltyOfSignal());
    this.#scores = new Float64Array(names.length);
    for (const [i, column] of past.entries()) for (const value of column) this.#signals[i].push(value);
  }

  push(row: Float64Array): number {
    let most = 0;
    let missing = false;
    for (let i = 0; i < row.length; i++) {
      this.#scores[i] = this.#signals[i].push(row[i]);
      if (Number.isNaN(this.#scores[i])) missing = true;
      if (this.#scores[i] > most) most = this.#scores[i];
    }
    if (missing) this.#scores.fill(0);
    return missing ? Number.NaN : most;
  }

  contributions(): Float64Array {
    return this.#scores;
  }
}
