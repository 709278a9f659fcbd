/** Answers questions about history: each of them for all of its tags at the same time. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { AGGREGATES } from '../../../historian/query/aggregate/aggregates.ts';
import type { Question } from '../../../historian/query/answer/question.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import {
  type AtQuery,
  type CalculatedQuery,
  DEFAULT_INTERVALS,
  type InterpolatedQuery,
  MAX_TIMES,
  MAX_VALUES,
  type ModifiedQuery,
  type PlotQuery,
  type ProcessedQuery,
} from '../../contract/history.ts';
import type { AnswerSeries, ColumnAnswer } from '../../encoding/columns/columnAnswer.ts';
import { sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import { askedAggregates, askedExpression, askedTags } from './askedTags.ts';
import { boundariesOf, futureOf, knownAtOf, momentOf, planOf, type Range, rangeOf } from './moments.ts';
import { finalFacts, finalsColumn, labelsOf, stateNameColumn, tagFacts } from './seriesFacts.ts';

/** What a question of any kind may say beside its tags. */
interface AskedBase {
  readonly tag: readonly string[];
  readonly timeZone: string;
  readonly knownAt?: string | undefined;
  readonly unit?: string | undefined;
  readonly filter?: string | undefined;
  readonly stepped?: boolean | undefined;
  readonly treatUncertainAsBad?: boolean | undefined;
  readonly percentDataBad?: number | undefined;
  readonly percentDataGood?: number | undefined;
  readonly useSlopedExtrapolation?: boolean | undefined;
}

/** The questions for each tag, without what is asked of them. */
export function questionsOf(
  historian: NorthboundHistorian,
  asked: AskedBase,
  now: Timestamp,
): Outcome<readonly Question[]> {
  const tags = askedTags(historian, asked.tag);
  if (!tags.ok) return tags;
  const knownAt = knownAtOf(asked, now);
  if (!knownAt.ok) return knownAt;
  const filter = asked.filter === undefined ? answer(undefined) : askedExpression(historian, asked.filter);
  if (!filter.ok) return filter;
  const { unit, stepped, treatUncertainAsBad, percentDataBad, percentDataGood, useSlopedExtrapolation } = asked;
  const options = { stepped, treatUncertainAsBad, percentDataBad, percentDataGood, useSlopedExtrapolation };
  return answer(
    tags.value.map((tag) => {
      const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      return { tag, knownAt: knownAt.value, unit, filter: filter.value, options: given };
    }),
  );
}

/** Asks for all tags at the same time; the first fault is that of the whole. */
export async function askAll<Q, T>(
  questions: readonly Q[],
  ask: (question: Q) => Promise<Result<T>>,
): Promise<Outcome<readonly T[]>> {
  const results = await Promise.all(questions.map(ask));
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return { ...result, extras: {} };
    values.push(result.value);
  }
  return answer(values);
}

/** Questions, range and warnings of a read over a range. */
export function askedRange(
  historian: NorthboundHistorian,
  asked: AskedBase & { readonly start: string; readonly end: string },
  now: Timestamp,
  isEitherWay = false,
): Outcome<{ questions: readonly Question[]; range: Range; warnings: readonly string[] }> {
  const questions = questionsOf(historian, asked, now);
  if (!questions.ok) return questions;
  const range = rangeOf(asked, now, isEitherWay);
  if (!range.ok) return range;
  const tags = questions.value.map(({ tag }) => tag);
  const warnings = futureOf(historian, tags, range.value, now);
  if (!warnings.ok) return warnings;
  return answer({ questions: questions.value, range: range.value, warnings: warnings.value });
}

export async function readAt(
  historian: NorthboundHistorian,
  query: AtQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const texts = query.time.flatMap((one) => one.split(',')).map((text) => text.trim());
  if (texts.length > MAX_TIMES)
    return refusal('history.too-much', `At most ${MAX_TIMES} moments are answered at once.`);
  const moments: number[] = [];
  for (const text of texts) {
    const moment = momentOf('time', text, query.timeZone, now);
    if (!moment.ok) return moment;
    moments.push(moment.value);
  }
  const times = Float64Array.from(new Set(moments)).sort();
  const range = { start: times[0] as Timestamp, end: (times[times.length - 1] + 1) as Timestamp };
  return readValues(historian, query, { times, range, bounds: query.bounds }, now);
}

export async function readInterpolated(
  historian: NorthboundHistorian,
  query: InterpolatedQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const range = rangeOf(query, now);
  if (!range.ok) return range;
  const { start, end } = range.value;
  const interval = query.interval ?? `${Math.ceil((end - start) / DEFAULT_INTERVALS)}us`;
  const boundaries = boundariesOf(range.value, interval, query.timeZone);
  if (!boundaries.ok) return boundaries;
  return readValues(historian, query, { times: boundaries.value.subarray(0, -1), range: range.value }, now);
}

async function readValues(
  historian: NorthboundHistorian,
  query: AskedBase & { readonly stateNames?: boolean | undefined },
  asked: { readonly times: Float64Array; readonly range: Range; readonly bounds?: 'interpolated' | 'simple' },
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const questions = questionsOf(historian, query, now);
  if (!questions.ok) return questions;
  const tooMuch = tooMany(questions.value.length * asked.times.length);
  if (tooMuch) return tooMuch;
  const warnings = futureOf(historian, tagsOf(questions.value), asked.range, now);
  if (!warnings.ok) return warnings;
  const { times, bounds } = asked;
  const answers = await askAll(questions.value, (question) =>
    historian.queries.at({ ...question, times, ...(bounds && { bounds }) }),
  );
  if (!answers.ok) return answers;
  const series = answers.value.map(({ values, finalUntil }, at): AnswerSeries => {
    const question = questions.value[at];
    const names = query.stateNames ? stateNameColumn(historian, question.tag, values) : [];
    return {
      facts: { ...tagFacts(question), ...finalFacts(finalUntil) },
      labels: labelsOf(question.tag),
      rows: values.times.length,
      columns: [...sampleColumns(values), ...names],
    };
  });
  return answer({ ...asked.range, series, next: null, warnings: warnings.value });
}

export async function readPlot(
  historian: NorthboundHistorian,
  query: PlotQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const asked = askedRange(historian, query, now);
  if (!asked.ok) return asked;
  const { questions, range, warnings } = asked.value;
  const tooMuch = tooMany(questions.length * query.width);
  if (tooMuch) return tooMuch;
  const answers = await askAll(questions, (question) =>
    historian.queries.plot({ ...question, ...range, width: query.width }),
  );
  if (!answers.ok) return answers;
  const series = answers.value.map(({ samples, finalUntil }, at): AnswerSeries => {
    const names = query.stateNames ? stateNameColumn(historian, questions[at].tag, samples) : [];
    return {
      facts: { ...tagFacts(questions[at]), ...finalFacts(finalUntil) },
      labels: labelsOf(questions[at].tag),
      rows: samples.times.length,
      columns: [...sampleColumns(samples), ...names],
    };
  });
  return answer({ ...range, series, next: null, warnings });
}

export async function readProcessed(
  historian: NorthboundHistorian,
  query: ProcessedQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const aggregates = askedAggregates(query.aggregate);
  if (!aggregates.ok) return aggregates;
  const asked = askedRange(historian, query, now, true);
  if (!asked.ok) return asked;
  const { questions, range, warnings } = asked.value;
  const plan = planOf(range, query.interval, query.timeZone, MAX_VALUES);
  if (!plan.ok) return plan;
  const tooMuch = tooMany(questions.length * aggregates.value.length * plan.value.count);
  if (tooMuch) return tooMuch;
  const answers = await askAll(questions, (question) =>
    historian.queries.processed({ ...question, aggregates: aggregates.value, plan: plan.value }),
  );
  if (!answers.ok) return answers;
  const series = answers.value.flatMap((ofTag, at) =>
    ofTag.map(({ aggregate, results, finals, finalUntil }): AnswerSeries => {
      const { tag } = questions[at];
      return {
        facts: {
          ...tagFacts(questions[at]),
          ...{ aggregate, resultUnit: AGGREGATES[aggregate].unit, ...finalFacts(finalUntil) },
        },
        labels: [...labelsOf(tag), { name: 'aggregate', value: aggregate }],
        rows: results.times.length,
        columns: [...sampleColumns(results), finalsColumn(finals)],
      };
    }),
  );
  return answer({ ...range, series, next: null, warnings });
}

export async function readCalculated(
  historian: NorthboundHistorian,
  query: CalculatedQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const calculation = askedExpression(historian, query.expression);
  if (!calculation.ok) return calculation;
  const range = rangeOf(query, now);
  if (!range.ok) return range;
  const warnings = futureOf(historian, calculation.value.tags, range.value, now);
  if (!warnings.ok) return warnings;
  const knownAt = knownAtOf(query, now);
  if (!knownAt.ok) return knownAt;
  const boundaries =
    query.interval === undefined ? undefined : boundariesOf(range.value, query.interval, query.timeZone);
  if (boundaries && !boundaries.ok) return boundaries;
  const at = boundaries ? boundaries.value.subarray(0, -1) : range.value;
  const calculated = await historian.queries.calculated({ calculation: calculation.value, knownAt: knownAt.value, at });
  if (!calculated.ok) return { ...calculated, extras: {} };
  const { value } = calculated;
  const tooMuch = tooMany(value.times.length);
  if (tooMuch) return tooMuch;
  const facts = { expression: query.expression, tags: calculation.value.tags.map(({ path }) => path) };
  const series = [{ facts, labels: [], rows: value.times.length, columns: sampleColumns(value) }];
  return answer({ ...range.value, series, next: null, warnings: warnings.value });
}

export async function readModified(
  historian: NorthboundHistorian,
  query: ModifiedQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const asked = askedRange(historian, query, now);
  if (!asked.ok) return asked;
  const { questions, range, warnings } = asked.value;
  const answers = await askAll(questions, (question) => historian.queries.modified({ ...question, ...range }));
  if (!answers.ok) return answers;
  const series = answers.value.map(({ samples, modifications }, at): AnswerSeries => {
    const edits = modifications.map(({ edit }) => edit);
    return {
      facts: tagFacts(questions[at]),
      labels: labelsOf(questions[at].tag),
      rows: modifications.length,
      columns: [
        ...sampleColumns(samples),
        { name: 'modification', many: 'modifications', kind: 'text', values: modifications.map(({ type }) => type) },
        { name: 'edit', many: 'edits', kind: 'count', values: Uint32Array.from(edits, ({ id }) => id) },
        { name: 'by', many: 'by', kind: 'text', values: edits.map(({ by }) => by) },
        { name: 'at', many: 'at', kind: 'time', values: Float64Array.from(edits, (edit) => edit.at) },
        { name: 'reason', many: 'reasons', kind: 'text', values: edits.map(({ reason }) => reason) },
      ],
    };
  });
  return answer({ ...range, series, next: null, warnings });
}

export async function readAnnotations(
  historian: NorthboundHistorian,
  query: ModifiedQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const questions = questionsOf(historian, query, now);
  if (!questions.ok) return questions;
  const range = rangeOf(query, now);
  if (!range.ok) return range;
  const answers = await askAll(questions.value, async (question) =>
    historian.queries.annotations({ ...question, ...range.value }),
  );
  if (!answers.ok) return answers;
  const series = answers.value.map(
    (notes, at): AnswerSeries => ({
      facts: tagFacts(questions.value[at]),
      labels: labelsOf(questions.value[at].tag),
      rows: notes.length,
      columns: [
        { name: 'id', many: 'ids', kind: 'count', values: Uint32Array.from(notes, ({ id }) => id) },
        { name: 'time', many: 'times', kind: 'time', values: Float64Array.from(notes, ({ time }) => time) },
        { name: 'text', many: 'texts', kind: 'text', values: notes.map(({ text }) => text) },
        { name: 'by', many: 'by', kind: 'text', values: notes.map(({ by }) => by) },
        { name: 'at', many: 'at', kind: 'time', values: Float64Array.from(notes, (note) => note.at) },
      ],
    }),
  );
  return answer({ ...range.value, series, next: null, warnings: [] });
}

/** A refusal where an answer would hold more values than it may. */
export function tooMany(values: number): Outcome<never> | undefined {
  if (values <= MAX_VALUES) return undefined;
  return refusal('history.too-much', `The answer would hold ${values} values; at most ${MAX_VALUES} come at once.`);
}

function tagsOf(questions: readonly Question[]): readonly StoredTag[] {
  return questions.map(({ tag }) => tag);
}
