/** The SQL of `history`: the samples of the lake beside the paths that their tags have now. */

import { join } from 'node:path';

const NO_ROWS = `SELECT NULL::INTEGER AS tag, NULL::VARCHAR AS path, NULL::TIMESTAMP AS time, NULL::DOUBLE AS value,
  NULL::VARCHAR AS text, NULL::UINTEGER AS status, NULL::DATE AS day WHERE false`;

/**
 * Names every file, because listing directories and opening what is not wanted costs more than many a question. A filter
 * by `day` leaves files unopened, by `tag`, `path` or `time` row groups unread. Every tag has its row in `tags`, so the
 * inner join drops nothing; DuckDB does it faster than an outer one.
 */
export function historyQuery(lake: string, paths: readonly string[]): string {
  if (paths.length === 0) return NO_ROWS;
  const files = paths.map((path) => sqlText(join(lake, path))).join(', ');
  return `SELECT tag, path, time, value, text, status, day
    FROM read_parquet([${files}], hive_partitioning = true, hive_types = {'day': DATE}) JOIN tags USING (tag)`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
