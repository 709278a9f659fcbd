/** What plant people expect of a historian beside aggregates: plot values, summaries, counters and states. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import type { NeededSamples } from '../aggregate/neededSamples.ts';
import { type CounterColumns, type CounterOptions, CounterReducer } from '../counter/counterReducer.ts';
import { PlotReducer } from '../plot/plotReducer.ts';
import { type StateDurations, stateDurations } from '../state/stateDurations.ts';
import { type StateEvents, StateRecorder } from '../state/stateEvents.ts';
import type { IntervalSummaries } from '../summary/intervalSummaries.ts';
import { type SummaryOptions, SummaryReducer } from '../summary/summaryReducer.ts';
import { finalTime } from './processedAnswer.ts';
import { type Finality, optionsOf, type QuerySources, type Question, wayOf } from './question.ts';
import { feed, type SampleConsumer } from './sampleConsumer.ts';

export interface PlotQuestion extends Question {
  /** `start <= time < end`, in µs; the width is that of the picture in pixels. */
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

/** `boundaries` in µs, strictly ascending: interval `i` is `boundaries[i] <= time < boundaries[i + 1]`. */
export interface IntervalQuestion extends Question {
  readonly boundaries: Float64Array;
}

export interface SummaryQuestion extends IntervalQuestion {
  readonly summary: Omit<SummaryOptions, 'stepped' | 'treatUncertainAsBad'>;
}

export interface CounterQuestion extends IntervalQuestion {
  readonly counter: Omit<CounterOptions, 'treatUncertainAsBad'>;
}

/** The answer, and by interval 1 where nothing that is still under way can change it. */
export interface IntervalAnswer<Columns> extends Finality {
  readonly columns: Columns;
  readonly finals: Uint8Array;
}

export interface StatesAnswer extends IntervalAnswer<StateDurations> {
  readonly events: StateEvents;
}

/** Faults of all: those of units and filters. */
export async function plotAnswer(
  sources: QuerySources,
  question: PlotQuestion,
): Promise<Result<Finality & { readonly samples: SampleRun }>> {
  const { start, end, width } = question;
  const reducer = new PlotReducer(start, end, width);
  const fed = await feedReducer(sources, question, [start, end], reducer, { usableBefore: 0, usableAfter: 0 });
  return fed.ok ? success({ samples: reducer.finish(), finalUntil: finalTime(sources, question.tag) }) : fed;
}

export async function summaryAnswer(
  sources: QuerySources,
  question: SummaryQuestion,
): Promise<Result<IntervalAnswer<IntervalSummaries>>> {
  const { boundaries, summary } = question;
  const { stepped } = optionsOf(question);
  const treatUncertainAsBad = isUncertainBad(question);
  const reducer = new SummaryReducer(boundaries, { ...summary, stepped, treatUncertainAsBad });
  const fed = await feedReducer(sources, question, boundaries, reducer, { usableBefore: 0, usableAfter: 0 });
  if (!fed.ok) return fed;
  const hangsOnNext = summary.calculationBasis === 'timeWeighted';
  return success(intervalAnswer(sources, question, reducer.finish(), hangsOnNext ? fed.value : undefined));
}

export async function counterAnswer(
  sources: QuerySources,
  question: CounterQuestion,
): Promise<Result<IntervalAnswer<CounterColumns>>> {
  const { boundaries, counter } = question;
  const treatUncertainAsBad = isUncertainBad(question);
  const reducer = new CounterReducer(boundaries, { ...counter, treatUncertainAsBad });
  const fed = await feedReducer(sources, question, boundaries, reducer, { usableBefore: 1, usableAfter: 1 });
  return fed.ok ? success(intervalAnswer(sources, question, reducer.finish(), fed.value)) : fed;
}

export async function statesAnswer(sources: QuerySources, question: IntervalQuestion): Promise<Result<StatesAnswer>> {
  const { boundaries } = question;
  const [start, end] = [boundaries[0], boundaries[boundaries.length - 1]];
  const recorder = new StateRecorder(start, end, { treatUncertainAsBad: isUncertainBad(question) });
  const fed = await feedReducer(sources, question, boundaries, recorder, { usableBefore: 0, usableAfter: 0 });
  if (!fed.ok) return fed;
  const events = recorder.finish();
  if (!events.ok) return events;
  const columns = stateDurations(events.value, boundaries);
  return success({ ...intervalAnswer(sources, question, columns, undefined), events: events.value });
}

async function feedReducer(
  sources: QuerySources,
  question: Question,
  boundaries: ArrayLike<number>,
  reducer: SampleConsumer,
  needed: Omit<NeededSamples, 'earliest' | 'latest'>,
): Promise<Result<number>> {
  const way = await wayOf(sources, question);
  if (!way.ok) return way;
  const [earliest, latest] = [boundaries[0], boundaries[boundaries.length - 1] - 1];
  const range = { ...needed, earliest, latest, knownAt: question.knownAt };
  const treatUncertainAsBad = isUncertainBad(question);
  return success(
    await feed(sources.history, question.tag.index, { ...range, treatUncertainAsBad }, [reducer], way.value),
  );
}

/** Unlike the aggregates of the standard, these take an uncertain value for the best there is unless told otherwise. */
function isUncertainBad({ options }: Question): boolean {
  return options?.treatUncertainAsBad ?? false;
}

function intervalAnswer<Columns>(
  sources: QuerySources,
  { tag, boundaries }: IntervalQuestion,
  columns: Columns,
  lastUsable: number | undefined,
): IntervalAnswer<Columns> {
  const finalUntil = finalTime(sources, tag, lastUsable);
  const finals = Uint8Array.from(boundaries.subarray(1), (end) => (end <= finalUntil ? 1 : 0));
  return { columns, finalUntil, finals };
}
