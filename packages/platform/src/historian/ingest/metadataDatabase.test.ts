import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { MetadataDatabase } from './metadataDatabase.ts';
import { METADATA_MIGRATIONS } from './metadataMigrations.ts';
import { TagCatalogue } from './tagCatalogue.ts';
import { openMetadata } from './testbed/openMetadata.ts';

let path: string;
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'metadata-'));
  path = join(directory, 'metadata.sqlite');
  onTestFinished(() => rmSync(directory, { recursive: true }));
});

/** What the file holds, seen by another program. */
function withFile<T>(use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

test('a database from before versions were kept gets its definitions as those of the beginning', () => {
  const definition = { number: 3, id: 'a', path: 'plant/a', unit: 'bar' };
  withFile((database) => {
    database.exec(
      'CREATE TABLE tag (tag_index INTEGER PRIMARY KEY, gateway TEXT NOT NULL, number INTEGER, definition TEXT) STRICT',
    );
    const insert = database.prepare('INSERT INTO tag VALUES (?, ?, ?, ?)');
    insert.run(0, 'north', 3, JSON.stringify(definition));
    insert.run(1, 'north', 4, null);
  });
  const catalogue = new TagCatalogue(openMetadata(path), () => 100);
  expect(catalogue.tags).toMatchObject([{ id: 'a', number: 3 }, { path: 'north/undefined/4' }]);
  expect(catalogue.versions(0)).toEqual({ ok: true, value: [{ recordedAt: 0, by: 'north', definition }] });
  expect(catalogue.versions(1)).toEqual({ ok: true, value: [] });
});

test('every version of the tables leads to the same ones', () => {
  const tables = (database: DatabaseSync) =>
    database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
  openMetadata(path).close();
  const expected = withFile(tables);
  for (let version = 0; version < METADATA_MIGRATIONS.length; version++) {
    rmSync(path);
    withFile((database) => {
      for (const migration of METADATA_MIGRATIONS.slice(0, version)) database.exec(migration);
      database.exec(`PRAGMA user_version = ${version}`);
    });
    openMetadata(path).close();
    expect(withFile(tables)).toEqual(expected);
  }
});

test('a file of a newer version is left alone', () => {
  const version = METADATA_MIGRATIONS.length + 1;
  withFile((database) => database.exec(`PRAGMA user_version = ${version}`));
  expect(MetadataDatabase.open(path)).toMatchObject({ fault: { code: 'archive.newer' } });
  withFile((database) =>
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: version }),
  );
});

test('a file that is no database, and a directory that is not there, are faults', () => {
  expect(MetadataDatabase.open(join(path, 'below'))).toMatchObject({ fault: { code: 'archive.unwritable' } });
  writeFileSync(path, 'no database at all, but long enough to be looked at as if it were one'.repeat(20));
  expect(MetadataDatabase.open(path)).toMatchObject({ fault: { code: 'archive.damaged' } });
});

test('a transaction that fails half way leaves nothing', () => {
  const database = openMetadata(path);
  const insert = database.prepare('INSERT INTO tag VALUES (?, ?, ?, ?)');
  const twice = database.transact(() => {
    insert.run(0, 'north', 1, null);
    insert.run(0, 'north', 1, null);
  });
  expect(twice).toMatchObject({ ok: false, fault: { code: 'archive.unwritable' } });
  expect(database.prepare('SELECT count(*) AS rows FROM tag').get()).toMatchObject({ rows: 0 });
});

test('a copy is whole while the database is in use', async () => {
  const database = openMetadata(path);
  const block = new SampleBlockBuilder();
  block.push(7, 1, 1, 0);
  new TagCatalogue(database, () => 1).resolve('north', block);
  expect(await database.copyTo(`${path}.copy`)).toEqual({ ok: true, value: undefined });
  expect(new TagCatalogue(openMetadata(`${path}.copy`), () => 1).tags).toMatchObject([{ number: 7 }]);
});
