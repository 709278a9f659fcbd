/** The tables of the cases: migration `i` makes version `i + 1` of version `i`. */

export const CASE_MIGRATIONS = [
  `CREATE TABLE health_case (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     watch TEXT NOT NULL,
     state TEXT NOT NULL,
     failure TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX case_of ON health_case (watch, number);
   CREATE UNIQUE INDEX one_open_case ON health_case (watch, failure) WHERE state <> 'closed';
   CREATE TABLE change (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     number INTEGER NOT NULL,
     at INTEGER NOT NULL,
     author TEXT NOT NULL,
     kind TEXT NOT NULL,
     why TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX change_of ON change (number, id);
   CREATE TABLE outbox (
     key TEXT PRIMARY KEY,
     port TEXT NOT NULL,
     body TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     next_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE photo (
     number INTEGER NOT NULL,
     name TEXT NOT NULL,
     media_type TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     author TEXT NOT NULL,
     at INTEGER NOT NULL,
     PRIMARY KEY (number, name)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE watched (
     watch TEXT NOT NULL,
     day INTEGER NOT NULL,
     asset TEXT NOT NULL,
     PRIMARY KEY (watch, day)
   ) STRICT, WITHOUT ROWID;`,
  'CREATE INDEX case_state ON health_case (state)',
  `DROP INDEX one_open_case;
   CREATE UNIQUE INDEX one_open_case ON health_case (watch, failure) WHERE state <> 'closed' AND failure <> '';
   ALTER TABLE health_case ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE health_case ADD COLUMN asset_path TEXT NOT NULL DEFAULT '';
   ALTER TABLE health_case ADD COLUMN began_with INTEGER;
   UPDATE health_case SET opened_at = json_extract(body, '$.openedAt'), asset_path = json_extract(body, '$.assetPath');
   CREATE INDEX case_opened ON health_case (opened_at, asset_path, began_with)`,
];
