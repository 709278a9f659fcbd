/** Aggregates of intervals, and values at given times: ReadProcessed and ReadAtTime of OPC 10000-11, 6.5.4 and 6.5.5. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { lastKnown } from '../../archive/receipts.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import { type SampleRun, upperBound } from '../../archive/sampleRun.ts';
import type { StoredTag } from '../../ingest/storedTag.ts';
import { AggregateCalculator } from '../aggregate/aggregateCalculator.ts';
import { AGGREGATES, type AggregateName } from '../aggregate/aggregates.ts';
import type { IntervalPlan } from '../aggregate/intervalPlan.ts';
import type { ResultColumns } from '../aggregate/resultColumns.ts';
import { valuesAtTimes } from '../atTime/valuesAtTimes.ts';
import { type Finality, optionsOf, type QuerySources, type Question, wayOf } from './question.ts';
import { feed, type SampleConsumer, type SampleWay } from './sampleConsumer.ts';

export interface ProcessedQuestion extends Question {
  /** All of them are calculated in one pass. */
  readonly aggregates: readonly AggregateName[];
  readonly plan: IntervalPlan;
}

export interface ProcessedAnswer extends Finality {
  readonly aggregate: AggregateName;
  /** One result for each interval, in the order of the plan's query. */
  readonly results: ResultColumns;
  /** 1 where nothing that is still under way can change the result. */
  readonly finals: Uint8Array;
}

export interface AtTimesQuestion extends Question {
  /** Whole microseconds, ascending, each once. */
  readonly times: Float64Array;
  readonly bounds?: 'interpolated' | 'simple';
}

export interface AtTimesAnswer extends Finality {
  readonly values: SampleRun;
}

/** Faults: `request.invalid` where percentDataGood and percentDataBad contradict each other, those of units and filters. */
export async function processedAnswer(
  sources: QuerySources,
  question: ProcessedQuestion,
): Promise<Result<readonly ProcessedAnswer[]>> {
  const { tag, plan, aggregates, knownAt } = question;
  const options = optionsOf(question);
  if (options.percentDataGood < 100 - options.percentDataBad) {
    return failure('request.invalid', 'percentDataGood must be at least 100 - percentDataBad (OPC 10000-13, 4.2.1.2).');
  }
  const way = await wayOf(sources, question);
  if (!way.ok) return way;
  let notes: Float64Array | undefined;
  if (aggregates.includes('AnnotationCount')) {
    const known = knownAt === undefined ? undefined : lastKnown(knownAt);
    const times = sources.annotations.times(tag.index, plan.earliest, plan.latest + 1, known);
    if (!times.ok) return times;
    notes = times.value;
  }
  const calculators = aggregates.map((name) => AggregateCalculator.of(name, plan, options, notes));
  const lastUsable = await feedCalculators(sources, question, calculators, way.value);
  return success(
    aggregates.map((aggregate, at) => {
      const finalUntil = finalTime(sources, tag, AGGREGATES[aggregate].bounds === 'none' ? undefined : lastUsable);
      return { aggregate, results: calculators[at].finish(), finalUntil, finals: finalIntervals(plan, finalUntil) };
    }),
  );
}

/** Faults: those of units and filters. */
export async function atTimesAnswer(sources: QuerySources, question: AtTimesQuestion): Promise<Result<AtTimesAnswer>> {
  const way = await wayOf(sources, question);
  if (!way.ok) return way;
  const calculator = valuesAtTimes(question.times, optionsOf(question), question.bounds);
  if (question.times.length === 0)
    return success({ values: calculator.finish(), finalUntil: finalTime(sources, question.tag) });
  const lastUsable = await feedCalculators(sources, question, [calculator], way.value);
  return success({ values: calculator.finish(), finalUntil: finalTime(sources, question.tag, lastUsable) });
}

/** Returns the time of the last usable sample that was read. */
function feedCalculators(
  { history }: QuerySources,
  question: Question,
  calculators: readonly AggregateCalculator[],
  way: SampleWay,
): Promise<number> {
  const needs = calculators.map(({ needed }) => needed);
  const range = {
    ...{ earliest: needs[0].earliest, latest: needs[0].latest, knownAt: question.knownAt },
    usableBefore: Math.max(...needs.map(({ usableBefore }) => usableBefore)) as 0 | 1 | 2,
    usableAfter: Math.max(...needs.map(({ usableAfter }) => usableAfter)) as 0 | 1,
    insideOnly: needs.every(({ insideOnly }) => insideOnly),
    treatUncertainAsBad: optionsOf(question).treatUncertainAsBad,
  };
  return feed(history, question.tag.index, range, calculators.map(consumerOf), way);
}

function consumerOf(calculator: AggregateCalculator): SampleConsumer {
  return {
    push: (run) => calculator.push(run),
    wantsWhole: (first, last, bits) => calculator.wantsWhole(first, last, bits),
    pushSummary: (summary: RunSummary) => calculator.pushSummary(summary),
  };
}

/**
 * Up to where everything of the tag is here. A value between two samples, or held behind one, hangs on the next sample, too:
 * then it is not later than the last usable sample.
 */
export function finalTime({ watermarks }: QuerySources, tag: StoredTag, lastUsable?: number): number {
  const watermark = watermarks().of(tag);
  return lastUsable === undefined ? watermark : Math.min(watermark, lastUsable);
}

function finalIntervals({ edges, count, isReversed }: IntervalPlan, finalUntil: number): Uint8Array {
  // A backward interval includes its later end.
  const final = Math.max(0, upperBound(edges, isReversed ? finalUntil - 1 : finalUntil) - 1);
  const finals = new Uint8Array(count);
  return isReversed ? finals.fill(1, count - final) : finals.fill(1, 0, final);
}
