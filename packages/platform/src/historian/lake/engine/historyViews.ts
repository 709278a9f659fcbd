/** The SQL of the lake's views: `samples`, as they stand in the files, and `history`, with the paths of now beside them. */

import { join } from 'node:path';

const NO_ROWS = `SELECT NULL::INTEGER AS tag, NULL::TIMESTAMP AS time, NULL::DOUBLE AS value, NULL::VARCHAR AS text,
  NULL::UINTEGER AS status, NULL::DATE AS day WHERE false`;

/**
 * Every tag has its row in `tags`, so the inner join drops nothing; it is the one that DuckDB does fastest, and yet a
 * scan of everything takes half as long again as that of `samples`.
 */
export const HISTORY_VIEW = `CREATE VIEW history AS
  SELECT tag, path, time, value, text, status, day FROM samples JOIN tags USING (tag)`;

/**
 * Names every file, because listing directories and opening what is not wanted costs more than many a question. A filter
 * by `day` leaves files unopened; one by `tag`, `path` or `time` leaves row groups unread.
 */
export function samplesView(lake: string, paths: readonly string[]): string {
  return `CREATE OR REPLACE VIEW samples AS ${paths.length === 0 ? NO_ROWS : filesQuery(lake, paths)}`;
}

function filesQuery(lake: string, paths: readonly string[]): string {
  const files = paths.map((path) => sqlText(join(lake, path))).join(', ');
  return `SELECT tag, time, value, text, status, day
    FROM read_parquet([${files}], hive_partitioning = true, hive_types = {'day': DATE})`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
