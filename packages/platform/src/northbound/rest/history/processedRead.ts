/** Aggregates of several tags by interval. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { AGGREGATES } from '../../../historian/query/aggregate/aggregates.ts';
import { MAX_VALUES, type ProcessedQuery } from '../../contract/historyQuestion.ts';
import { type AnswerSeries, type ColumnAnswer, sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, type Outcome } from '../outcome.ts';
import { askAll, askedRange, tooMany } from './ask.ts';
import { askedAggregates } from './askedTags.ts';
import { planOf } from './moments.ts';
import { finalFacts, finalsColumn, labelsOf, tagFacts } from './seriesFacts.ts';

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
