/** The latest sample of many tags, in columns. */

import type { HistorianReader, TagIndex } from '../../../historian/query/historianReader.ts';
import type { LatestQuery } from '../../contract/tag.ts';
import type { AnswerSeries, ColumnAnswer } from '../../encoding/columns/columnAnswer.ts';
import { sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import { answer, type Outcome } from '../outcome.ts';
import { askedTags } from './askedTags.ts';

/** One row for each tag that has a sample; all tags where none is named. */
export function readLatest(historian: HistorianReader, query: LatestQuery): Outcome<ColumnAnswer> {
  const asked = query.tag === undefined ? answer(historian.tags()) : askedTags(historian, query.tag);
  if (!asked.ok) return asked;
  const latest = historian.latestColumns(asked.value.map(({ index }) => index));
  const pathOf = (index: TagIndex) => historian.tag(index)?.path ?? '';
  const series: AnswerSeries = {
    facts: {},
    labels: [],
    rows: latest.tags.length,
    columns: [
      { name: 'tag', many: 'tags', kind: 'count', values: latest.tags },
      { name: 'path', many: 'paths', kind: 'text', values: Array.from(latest.tags, pathOf) },
      ...sampleColumns(latest),
    ],
  };
  return answer({ start: null, end: null, series: [series], next: null, warnings: [] });
}
