/** Checks a copy of the metadata database, of which nobody else makes use. */

import { DatabaseSync } from 'node:sqlite';
import { METADATA_MIGRATIONS } from '../../ingest/metadataMigrations.ts';

/** The number of tags; `undefined` where the catalogue cannot be read. */
export function verifyMetadata(path: string, onDefect: (defect: string) => void): number | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    for (const { integrity_check: line } of database.prepare('PRAGMA integrity_check').all()) {
      if (line !== 'ok') onDefect(String(line));
    }
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > METADATA_MIGRATIONS.length) onDefect(`it is of version ${version}, newer than this program`);
    return verifyTags(database, onDefect);
  } catch (error) {
    onDefect((error as Error).message);
    return undefined;
  } finally {
    if (database?.isOpen) database.close();
  }
}

function verifyTags(database: DatabaseSync, onDefect: (defect: string) => void): number {
  let count = 0;
  for (const { tag_index: index, definition } of database.prepare('SELECT * FROM tag ORDER BY tag_index').all()) {
    if (index !== count) onDefect(`tag ${count} is missing`);
    count = Number(index) + 1;
    if (definition !== null && !isObject(String(definition))) onDefect(`the definition of tag ${index} cannot be read`);
  }
  return count;
}

function isObject(json: string): boolean {
  try {
    return typeof JSON.parse(json) === 'object';
  } catch {
    return false;
  }
}
