import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it, onTestFinished } from 'vitest';
import { emptyModel } from '../assetModel.ts';
import { MODEL_FILE, MODEL_MIGRATIONS, ModelVersions } from './modelVersions.ts';

it('docs/formats/model-store.md has the tables and columns of the code', () => {
  const database = new DatabaseSync(':memory:');
  for (const migration of MODEL_MIGRATIONS) database.exec(migration);
  const columns = database
    .prepare(
      `SELECT t.name AS "table", c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
        WHERE t.type = 'table' ORDER BY t.rowid, c.cid`,
    )
    .all();
  database.close();
  const page = readFileSync(new URL('../../../../../../docs/formats/model-store.md', import.meta.url), 'utf8');
  const described = page
    .split('\n## `')
    .slice(1)
    .flatMap((section) => {
      const table = section.slice(0, section.indexOf('`'));
      return Array.from(section.matchAll(/^\| `(\w+)` \| ([A-Z]+) \|/gm), ([, name, type]) => ({ table, name, type }));
    });
  expect(described).toEqual(columns.map((column) => ({ ...column })));
});

it.each<[string, Uint8Array]>([
  ['no gzip', Buffer.from('texts')],
  ['nothing', new Uint8Array()],
])('texts that are %s are a fault, and a version beside them is there', (_, bytes) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-versions-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, MODEL_FILE);
  const opened = ModelVersions.open(file);
  if (!opened.ok) throw new Error(opened.fault.detail);
  const version = { effective: 0 as Timestamp, applied: 0 as Timestamp, by: 'ada', comment: '' };
  const texts = new Map([['types/a.yaml', 'types: []\n']]);
  for (let count = 0; count < 2; count++) opened.value.add(version, texts, emptyModel());
  opened.value.close();
  const database = new DatabaseSync(file);
  database.prepare('UPDATE model_version SET texts = ? WHERE number = 1').run(bytes);
  database.close();
  const again = ModelVersions.open(file);
  if (!again.ok) throw new Error(again.fault.detail);
  expect(again.value.texts(1)).toMatchObject({ ok: false, fault: { code: 'model.damaged' } });
  expect(again.value.texts(2)).toEqual({ ok: true, value: texts });
  again.value.close();
});
