/** The tables of the metadata database, as the steps that lead from each version of them to the next. */

/** The tag catalogue. A database without a version may have it already. */
const TAGS = `
  CREATE TABLE IF NOT EXISTS tag (
    tag_index INTEGER PRIMARY KEY,
    gateway TEXT NOT NULL,
    number INTEGER,
    definition TEXT
  ) STRICT`;

/**
 * What is never forgotten: definitions, changes of history, annotations. Definitions from before versions were kept count
 * as recorded at the beginning of time, because nobody knows since when they held.
 */
const VERSIONS = `
  CREATE TABLE tag_version (
    tag_index INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    path TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (tag_index, recorded_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tag_version_path ON tag_version (path);
  INSERT INTO tag_version
    SELECT tag_index, 0, gateway, json_extract(definition, '$.path'), definition FROM tag WHERE definition IS NOT NULL;

  CREATE TABLE edit (
    edit INTEGER PRIMARY KEY,
    tag_index INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    first REAL NOT NULL,
    last REAL NOT NULL
  ) STRICT;
  CREATE INDEX edit_tag ON edit (tag_index, first);
  CREATE TABLE edit_sample (
    tag_index INTEGER NOT NULL,
    time INTEGER NOT NULL,
    edit INTEGER NOT NULL,
    row INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    value ANY,
    status INTEGER NOT NULL,
    inserted INTEGER NOT NULL,
    PRIMARY KEY (tag_index, time, edit, row)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE edit_deletion (
    tag_index INTEGER NOT NULL,
    start REAL NOT NULL,
    "end" REAL NOT NULL,
    edit INTEGER NOT NULL,
    PRIMARY KEY (tag_index, start, edit)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE annotation (
    annotation INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    tag_index INTEGER NOT NULL,
    time INTEGER NOT NULL,
    author TEXT NOT NULL,
    text TEXT,
    PRIMARY KEY (annotation, recorded_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX annotation_time ON annotation (tag_index, time)`;

/** How far the clock has come by which samples expire. */
const RETENTION_CLOCK = `
  CREATE TABLE retention_clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    observed REAL NOT NULL
  ) STRICT`;

/**
 * The signed ledger: checkpoints of gateways with what became of them, which blocks each names, the certificates that they
 * are verified with, and the blocks that no checkpoint has named yet.
 */
const SIGNED_LEDGER = `
  CREATE TABLE ledger_checkpoint (
    gateway TEXT NOT NULL,
    lane TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    from_time INTEGER NOT NULL,
    to_time INTEGER NOT NULL,
    text TEXT NOT NULL,
    verdict TEXT NOT NULL,
    detail TEXT NOT NULL,
    holes TEXT NOT NULL,
    received INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    PRIMARY KEY (gateway, lane, number, digest)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ledger_checkpoint_time ON ledger_checkpoint (to_time);
  CREATE INDEX ledger_checkpoint_waiting ON ledger_checkpoint (gateway, to_time, digest) WHERE verdict = 'waiting';
  CREATE TABLE ledger_run (
    gateway TEXT NOT NULL,
    lane TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (gateway, lane, epoch, first, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger_certificate (
    fingerprint TEXT PRIMARY KEY,
    gateway TEXT NOT NULL,
    pem TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger_block (
    gateway TEXT NOT NULL,
    lane TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    digest BLOB NOT NULL,
    samples INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    PRIMARY KEY (gateway, lane, epoch, sequence)
  ) STRICT, WITHOUT ROWID`;

/** Of which spool the blocks of each stream are, see `SpoolClaim`. */
const STREAM_SPOOLS = `
  CREATE TABLE stream_spool (
    gateway TEXT NOT NULL,
    lane TEXT NOT NULL,
    instance TEXT NOT NULL,
    PRIMARY KEY (gateway, lane)
  ) STRICT, WITHOUT ROWID`;

/** Step `n` leads from version `n` to version `n + 1`. A step that has been released is never changed. */
export const METADATA_MIGRATIONS: readonly string[] = [TAGS, VERSIONS, RETENTION_CLOCK, SIGNED_LEDGER, STREAM_SPOOLS];
