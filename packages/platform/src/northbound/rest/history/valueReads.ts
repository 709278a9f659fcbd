/** Values of tags: at given times, at even distances, for a picture, and calculated from other tags. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Question } from '../../../historian/query/answer/question.ts';
import {
  type AtQuery,
  type CalculatedQuery,
  DEFAULT_INTERVALS,
  type InterpolatedQuery,
  MAX_TIMES,
  type PlotQuery,
} from '../../contract/historyQuestion.ts';
import { type AnswerSeries, type ColumnAnswer, sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import { type AskedBase, askAll, askedRange, questionsOf, tooMany } from './ask.ts';
import { askedExpression } from './askedTags.ts';
import { boundariesOf, futureOf, knownAtOf, momentOf, type Range, rangeOf } from './moments.ts';
import { finalFacts, labelsOf, stateNameColumn, tagFacts } from './seriesFacts.ts';

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
  const warnings = futureOf(
    historian,
    questions.value.map(({ tag }) => tag),
    asked.range,
    now,
  );
  if (!warnings.ok) return warnings;
  const { times, bounds } = asked;
  const answers = await askAll(questions.value, (question) =>
    historian.queries.at({ ...question, times, ...(bounds && { bounds }) }),
  );
  if (!answers.ok) return answers;
  const series = answers.value.map(({ values, finalUntil }, at) =>
    sampleSeries(historian, questions.value[at], values, finalUntil, query.stateNames),
  );
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
  const series = answers.value.map(({ samples, finalUntil }, at) =>
    sampleSeries(historian, questions[at], samples, finalUntil, query.stateNames),
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

function sampleSeries(
  historian: NorthboundHistorian,
  question: Question,
  samples: SampleRun,
  finalUntil: number,
  withNames = false,
): AnswerSeries {
  const { tag } = question;
  return {
    facts: { ...tagFacts(question), ...finalFacts(finalUntil) },
    labels: labelsOf(tag),
    rows: samples.times.length,
    columns: [...sampleColumns(samples), ...(withNames ? stateNameColumn(historian, tag, samples) : [])],
  };
}
