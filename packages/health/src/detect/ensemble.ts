/** Several detectors as one: each says how rare its score is in normal data it was not learnt from, the rarest counts. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { fitTail, type TailFit } from '../threshold/tailFit.ts';
import {
  type DetectorDocument,
  type DetectorStream,
  type LearnDetector,
  type LearnedDetector,
  scoreThroughStream,
} from './detector.ts';
import { scoresOfLeftOutBlocks } from './leftOutBlocks.ts';
import type { SignalTable } from './signalTable.ts';

export interface EnsembleMember {
  readonly detector: LearnedDetector;
  /** How its scores are spread in normal data. */
  readonly tail: TailFit;
}

/** The score is the surprise of the most surprised member: -log10 of the probability of its score in normal data. */
export class Ensemble implements LearnedDetector {
  readonly names: readonly string[];
  readonly members: readonly EnsembleMember[];

  constructor(members: readonly EnsembleMember[]) {
    this.names = members[0].detector.names;
    this.members = members;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new EnsembleStream(this.members);
  }

  toJson(): DetectorDocument {
    const members = this.members.map(({ detector, tail }) => ({
      detector: detector.toJson(),
      normal: [...tail.sorted],
    }));
    return { kind: 'ensemble', members };
  }
}

export interface LearnedEnsemble {
  readonly ensemble: Ensemble;
  /** The ensemble's scores of the normal rows, each by detectors that did not learn from its block: for thresholds. */
  readonly normalScores: Float64Array;
}

/** Learns every member from all rows, and its tail from blocks of rows that are left out in turn. */
export function learnEnsemble(table: SignalTable, learners: readonly LearnDetector[]): Result<LearnedEnsemble> {
  const learned: LearnedEnsemble[] = [];
  for (const learn of learners) {
    const one = learnMember(table, learn);
    if (!one.ok) return one;
    learned.push(one.value);
  }
  return learned.length > 0
    ? success(joinedEnsemble(learned))
    : failure('health.bad-data', 'An ensemble needs a detector.');
}

/** All members of ensembles that were learned from the same rows, one at least. */
export function joinedEnsemble(learned: readonly LearnedEnsemble[]): LearnedEnsemble {
  const normalScores = learned[0].normalScores.map((score, row) =>
    learned.reduce((most, other) => greater(most, other.normalScores[row]), score),
  );
  return { ensemble: new Ensemble(learned.flatMap(({ ensemble }) => ensemble.members)), normalScores };
}

function learnMember(table: SignalTable, learn: LearnDetector): Result<LearnedEnsemble> {
  const detector = learn(table);
  if (!detector.ok) return detector;
  const scores = scoresOfLeftOutBlocks(table, learn);
  if (!scores.ok) return scores;
  const tail = fitTail(scores.value);
  if (!tail.ok) return tail;
  const ensemble = new Ensemble([{ detector: detector.value, tail: tail.value }]);
  return success({ ensemble, normalScores: scores.value.map((score) => surprise(tail.value, score)) });
}

function surprise(tail: TailFit, score: number): number {
  return -Math.log10(tail.exceedance(score));
}

function greater(most: number, other: number): number {
  return Number.isNaN(most) || other > most ? other : most;
}

class EnsembleStream implements DetectorStream {
  readonly #members: readonly EnsembleMember[];
  readonly #streams: readonly DetectorStream[];
  readonly #nothing: Float64Array;
  #mostSurprised = -1;

  constructor(members: readonly EnsembleMember[]) {
    this.#members = members;
    this.#streams = members.map(({ detector }) => detector.stream());
    this.#nothing = new Float64Array(members[0].detector.names.length);
  }

  push(row: Float64Array): number {
    let most = Number.NaN;
    this.#mostSurprised = -1;
    for (let i = 0; i < this.#streams.length; i++) {
      const score = surprise(this.#members[i].tail, this.#streams[i].push(row));
      if (score > most || (Number.isNaN(most) && !Number.isNaN(score))) {
        most = score;
        this.#mostSurprised = i;
      }
    }
    return most;
  }

  memory(): readonly Float64Array[] {
    return this.#streams.flatMap((stream) => stream.memory());
  }

  /** Those of the member that is most surprised. */
  contributions(): Float64Array {
    return this.#mostSurprised < 0 ? this.#nothing.fill(0) : this.#streams[this.#mostSurprised].contributions();
  }
}
