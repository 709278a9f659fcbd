/** Every question that can be asked about history. Each answers for one tag; to ask for many, ask at the same time. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { lastKnown } from '../archive/receipts.ts';
import type { Annotation } from '../archive/versions/annotations.ts';
import { type ModifiedValues, modifiedValues } from '../archive/versions/modifiedValues.ts';
import type { StoredTag } from '../ingest/storedTag.ts';
import { type CalculatedQuestion, calculatedAnswer } from './answer/calculatedAnswer.ts';
import { FilterFault } from './answer/expressionInputs.ts';
import {
  type CounterQuestion,
  counterAnswer,
  type IntervalQuestion,
  type PlotQuestion,
  plotAnswer,
  type SummaryQuestion,
  statesAnswer,
  summaryAnswer,
} from './answer/intervalAnswers.ts';
import {
  type AtTimesQuestion,
  atTimesAnswer,
  type ProcessedQuestion,
  processedAnswer,
} from './answer/processedAnswer.ts';
import type { QuerySources } from './answer/question.ts';
import { type RawQuestion, rawAnswer } from './answer/rawAnswer.ts';
import { RunBuilder } from './runBuilder.ts';

/** `start <= time < end` (µs). */
export interface RangeQuestion {
  readonly tag: StoredTag;
  readonly start: number;
  readonly end: number;
  readonly knownAt?: number | undefined;
}

export class HistoryQueries {
  readonly #sources: QuerySources;

  constructor(sources: QuerySources) {
    this.#sources = sources;
  }

  /** Samples as they were stored, in pages, with bounding values where they are asked for. */
  raw(question: RawQuestion) {
    return guarded(rawAnswer(this.#sources, question));
  }

  /** Values at given times; those of an interpolated series are at the starts of its intervals. */
  at(question: AtTimesQuestion) {
    return guarded(atTimesAnswer(this.#sources, question));
  }

  /** Aggregates of OPC UA Part 13, several in one pass. */
  processed(question: ProcessedQuestion) {
    return guarded(processedAnswer(this.#sources, question));
  }

  /** The few samples that make a picture of a given width look like that of all. */
  plot(question: PlotQuestion) {
    return guarded(plotAnswer(this.#sources, question));
  }

  /** Averages, totals and extremes by time or by event. */
  summary(question: SummaryQuestion) {
    return guarded(summaryAnswer(this.#sources, question));
  }

  /** How far a counter has counted. */
  counter(question: CounterQuestion) {
    return guarded(counterAnswer(this.#sources, question));
  }

  /** From when until when a tag had which value, and how long it had it in each interval. */
  states(question: IntervalQuestion) {
    return guarded(statesAnswer(this.#sources, question));
  }

  calculated(question: CalculatedQuestion) {
    return calculatedAnswer(this.#sources, question);
  }

  /** What was replaced, deleted and inserted (OPC 10000-11, 6.5.3.3). Fault: `archive.unwritable`. */
  async modified({ tag, start, end, knownAt }: RangeQuestion): Promise<Result<ModifiedValues>> {
    const edits = this.#sources.edits.read(tag.index, start, end);
    if (!edits.ok) return edits;
    const base = new RunBuilder();
    if (edits.value.edits.length > 0) {
      for await (const run of this.#sources.history.base(tag.index, start, end, knownAt)) base.add(run);
    }
    const known = knownAt === undefined ? undefined : lastKnown(knownAt);
    return success(modifiedValues(base.build(), edits.value, known));
  }

  /** The notes on a tag, by time. Fault: `archive.unwritable`. */
  annotations({ tag, start, end, knownAt }: RangeQuestion): Result<readonly Annotation[]> {
    const known = knownAt === undefined ? undefined : lastKnown(knownAt);
    return this.#sources.annotations.within(tag.index, start, end, known);
  }
}

async function guarded<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof FilterFault) return failure('history.too-much', error.message);
    throw error;
  }
}
