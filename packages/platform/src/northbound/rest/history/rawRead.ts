/** Raw samples of many tags, in pages that go from tag to tag. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Question } from '../../../historian/query/answer/question.ts';
import type { RawPlace } from '../../../historian/query/answer/rawAnswer.ts';
import type { RawQuery } from '../../contract/historyQuestion.ts';
import { type AnswerSeries, type ColumnAnswer, sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, invalidFields, type Outcome } from '../outcome.ts';
import { questionsOf } from './ask.ts';
import { decodeHistoryCursor, encodeHistoryCursor, type HistoryCursor } from './historyCursor.ts';
import { futureOf, momentOf } from './moments.ts';
import { labelsOf, stateNameColumn, tagFacts } from './seriesFacts.ts';

export async function readRaw(
  historian: NorthboundHistorian,
  query: RawQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const questions = questionsOf(historian, query, now);
  if (!questions.ok) return questions;
  const identity = identityOf(query, questions.value);
  const cursor = query.cursor === undefined ? firstPage(query, now) : laterPage(query.cursor, identity);
  if (!cursor.ok) return cursor;
  const { start, end } = cursor.value;
  let warnings: readonly string[] = [];
  if (start !== undefined) {
    const range = { start: start as Timestamp, end: (end ?? start) as Timestamp };
    const future = futureOf(
      historian,
      questions.value.map(({ tag }) => tag),
      range,
      now,
    );
    if (!future.ok) return future;
    warnings = future.value;
  }
  const read = await readPage(historian, query, questions.value, cursor.value);
  if (!read.ok) return read;
  const next = read.value.next && encodeHistoryCursor(read.value.next, identity);
  return answer({ start: start ?? null, end: end ?? null, series: read.value.series, next: next ?? null, warnings });
}

/** What a cursor must fit: everything but the range, which it holds itself, and the limit, which may change. */
function identityOf(query: RawQuery, questions: readonly Question[]): string {
  const { unit, filter, bounds } = query;
  return JSON.stringify([questions.map(({ tag }) => tag.index), unit, filter, bounds]);
}

function firstPage(query: RawQuery, now: Timestamp): Outcome<HistoryCursor> {
  const moments: Partial<Record<'start' | 'end' | 'knownAt', number>> = {};
  const isBare = query.start === undefined && query.end === undefined;
  const texts = { start: isBare ? '*-1h' : query.start, end: isBare ? '*' : query.end, knownAt: query.knownAt };
  for (const [field, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    const moment = momentOf(field, text, query.timeZone, now);
    if (!moment.ok) return moment;
    moments[field as keyof typeof moments] = moment.value;
  }
  const { start, end, knownAt } = moments;
  return answer({ start, end, knownAt, tagAt: 0, behind: undefined });
}

function laterPage(text: string, identity: string): Outcome<HistoryCursor> {
  const cursor = decodeHistoryCursor(text, identity);
  if (cursor) return answer(cursor);
  return invalidFields([{ field: 'cursor', detail: 'must be the `next` of a page of the same question' }]);
}

/** Reads tag after tag until the page is full. */
async function readPage(
  historian: NorthboundHistorian,
  query: RawQuery,
  questions: readonly Question[],
  cursor: HistoryCursor,
): Promise<Outcome<{ series: AnswerSeries[]; next: HistoryCursor | undefined }>> {
  const { start, end, knownAt } = cursor;
  const series: AnswerSeries[] = [];
  let room = query.limit;
  let behind: RawPlace | undefined = cursor.behind;
  for (let tagAt = cursor.tagAt; tagAt < questions.length; tagAt++) {
    if (room === 0) return answer({ series, next: { ...cursor, tagAt, behind: undefined } });
    const question = { ...questions[tagAt], knownAt };
    const request = { start, end, limit: room, returnBounds: query.bounds ?? false };
    const page = await historian.queries.raw({ ...question, request, behind });
    if (!page.ok) return { ...page, extras: {} };
    const { samples, next } = page.value;
    room -= samples.times.length;
    series.push({
      facts: tagFacts(question),
      labels: labelsOf(question.tag),
      rows: samples.times.length,
      columns: [
        ...sampleColumns(samples),
        ...(query.stateNames ? stateNameColumn(historian, question.tag, samples) : []),
      ],
    });
    if (next) return answer({ series, next: { ...cursor, tagAt, behind: next } });
    behind = undefined;
  }
  return answer({ series, next: undefined });
}
