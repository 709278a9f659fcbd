/** The latest sample of many tags as rows. */

import type { HistorianReader, TagIndex } from '../../historian/query/historianReader.ts';
import type { SampleRows } from '../contract/sample.ts';
import { jsonValue } from './sampleJson.ts';

/** One row for each of `tags` that has a sample, in their order. */
export function latestRows(historian: HistorianReader, tags: Iterable<TagIndex>): SampleRows {
  const rows: SampleRows = { tags: [], times: [], values: [], statuses: [] };
  for (const index of tags) {
    const sample = historian.latest(index);
    if (!sample) continue;
    rows.tags.push(index);
    rows.times.push(sample.time);
    rows.values.push(jsonValue(sample.value));
    rows.statuses.push(sample.status);
  }
  return rows;
}
