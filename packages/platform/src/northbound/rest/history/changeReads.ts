/** What people have changed in history, and what they have noted on it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { ModifiedQuery } from '../../contract/historyQuestion.ts';
import { type AnswerSeries, type ColumnAnswer, sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, type Outcome } from '../outcome.ts';
import { askAll, askedRange, questionsOf } from './ask.ts';
import { rangeOf } from './moments.ts';
import { labelsOf, tagFacts } from './seriesFacts.ts';

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
