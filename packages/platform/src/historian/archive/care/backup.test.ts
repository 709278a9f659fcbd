import { appendFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DurableDatabase } from '../../ingest/durableDatabase.ts';
import type { Historian } from '../../query/historian.ts';
import { definitionOf, GatewayStream, type Row } from '../../query/testbed/gatewayStream.ts';
import { EARLIEST, historiansOf, LATEST, mustSucceed, NO_LIMIT, rowsOf } from '../../query/testbed/historians.ts';
import { runOf } from '../sampleRun.ts';
import { type BackupOptions, type BackupOutcome, writeBackup } from './backup.ts';
import { BACKUP_MANIFEST, decodeBackupManifest } from './backupManifest.ts';
import { restoreBackup } from './restoreBackup.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const NOW = 1_700_000_000_000_000 as Timestamp;

async function backUp(historian: Historian, to: string, options: Partial<BackupOptions> = {}) {
  const copy = join(await makeDirectory(), 'copy.sqlite');
  const { held, release } = mustSucceed(await historian.hold(copy));
  const written = await writeBackup(held, to, { at: NOW, product: '1.2.3', ...options }).finally(release);
  return written;
}

async function mustBackUp(historian: Historian, to: string): Promise<BackupOutcome> {
  return mustSucceed(await backUp(historian, to));
}

async function append(historian: Historian, north: GatewayStream, rows: readonly Row[]): Promise<void> {
  const { header, bytes } = north.sealRows(rows);
  mustSucceed(await historian.sink.append(header, bytes));
}

async function contentOf(historian: Historian) {
  const samples = [];
  for (const { index } of historian.tags())
    samples.push(rowsOf(await historian.raw(index, EARLIEST, LATEST, NO_LIMIT)));
  return { tags: historian.tags(), samples };
}

/** A historian with two segments, an edit, and samples in memory. */
async function livedHistorian(directory: string) {
  const historian = await openHistorian(directory);
  const north = new GatewayStream();
  mustSucceed(await historian.sink.defineTags('north', [definitionOf(0), definitionOf(1, { type: 'string' })]));
  await append(historian, north, [
    [0, 10, 1.5],
    [1, 10, 'on'],
    [0, 20, null, 0x800a0000],
  ]);
  mustSucceed(await historian.seal());
  await append(historian, north, [
    [0, 30, Number.NaN, 7],
    [1, 5, 'late\n"text"'],
  ]);
  const samples = runOf([{ time: 20, value: 4, status: 0 }]);
  mustSucceed(await historian.edit({ kind: 'replace', tag: 0, by: 'ann', reason: 'gauge was off', samples }));
  mustSucceed(await historian.seal());
  await append(historian, north, [[0, 40, 9]]);
  return { historian, north };
}

async function filesOf(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).sort();
}

test('what is restored is what was there: samples, edits, tags and accounts', async () => {
  const [data, to, restored] = [await makeDirectory(), await makeDirectory(), join(await makeDirectory(), 'a', 'b')];
  const { historian, north } = await livedHistorian(data);
  const before = await contentOf(historian);
  const { manifest } = await mustBackUp(historian, to);
  expect(manifest).toMatchObject({ samples: 6, tags: 2, product: '1.2.3', madeAt: '2023-11-14T22:13:20.000000Z' });
  expect(manifest.streams).toEqual([{ gateway: 'north', lane: 'operational', stored: 6, lost: 0 }]);
  await append(historian, north, [[0, 50, 10]]);

  mustSucceed(await restoreBackup(to, restored));
  const events: PlantEvent[] = [];
  const again = await openHistorian(restored, {}, events);
  expect(await contentOf(again)).toEqual(before);
  expect(again.ledgers()).toMatchObject([{ stored: 6, lost: 0, position: { sequence: 2 } }]);
  // The gateway goes on where the backup ends.
  const { header, bytes } = north.sealRows([[1, 60, 'next']]);
  mustSucceed(await again.sink.append(header, bytes));
  await again.close();
  const third = await openHistorian(restored, {}, events);
  expect(third.ledgers()).toMatchObject([{ stored: 7, holes: [{ from: 6, to: 7 }] }]);
  expect(events).toEqual([]);
});

test('an archive without a sample can be backed up and restored, too', async () => {
  const [to, restored] = [await makeDirectory(), await makeDirectory()];
  await mustBackUp(await openHistorian(await makeDirectory()), to);
  mustSucceed(await restoreBackup(to, restored));
  const again = await openHistorian(restored);
  await append(again, new GatewayStream(), [[0, 1, 1]]);
  await again.close();
  expect((await openHistorian(restored)).statistics().samples).toBe(1);
});

test('what other stages keep beside the samples is in it, open or not', async () => {
  const [data, to, restored] = [await makeDirectory(), await makeDirectory(), await makeDirectory()];
  const { historian } = await livedHistorian(data);
  const tables = ['CREATE TABLE note (text TEXT)'];
  const open = mustSucceed(DurableDatabase.open(join(data, 'model.sqlite'), tables));
  const closed = mustSucceed(DurableDatabase.open(join(data, 'alarms.sqlite'), tables));
  for (const database of [open, closed]) {
    mustSucceed(database.transact(() => database.prepare("INSERT INTO note VALUES ('kept')").run()));
  }
  closed.close();
  onTestFinished(() => open.close());
  const { manifest } = await mustBackUp(historian, to);
  expect(manifest.beside).toHaveLength(2);
  mustSucceed(await restoreBackup(to, restored));
  for (const name of ['model.sqlite', 'alarms.sqlite']) {
    const database = mustSucceed(DurableDatabase.open(join(restored, name), tables));
    expect(database.prepare('SELECT text FROM note').all()).toMatchObject([{ text: 'kept' }]);
    database.close();
  }
  expect(await filesOf(restored)).not.toContain('events.sqlite');
});

test('all of health is in it: models, scoring, cases, and the photos that these show', async () => {
  const [data, to, restored] = [await makeDirectory(), await makeDirectory(), await makeDirectory()];
  const { historian } = await livedHistorian(data);
  const health = ['health-models.sqlite', 'health-scoring.sqlite', 'health-cases.sqlite'];
  for (const name of health) {
    mustSucceed(DurableDatabase.open(join(data, name), ['CREATE TABLE note (text TEXT)'])).close();
  }
  const photo = `${'0123456789abcdef'.repeat(4)}.jpg`;
  const photos = join(data, 'health-cases-photos');
  await mkdir(photos);
  await writeFile(join(photos, photo), 'of a joint');
  await writeFile(join(photos, `${photo}.1.new`), 'half');
  const { manifest } = await mustBackUp(historian, to);
  expect(manifest.photos.map(({ path }) => path)).toEqual([`health-cases-photos/${photo}`]);
  expect(await mustBackUp(historian, to)).toMatchObject({ copiedFiles: 0 });
  mustSucceed(await restoreBackup(to, restored));
  expect(await filesOf(restored)).toEqual(expect.arrayContaining(health));
  expect(await filesOf(join(restored, 'health-cases-photos'))).toEqual([photo]);
  expect(await readFile(join(restored, 'health-cases-photos', photo), 'utf8')).toBe('of a joint');
});

test('what is there already is not copied again, and what is not needed any more goes', async () => {
  const to = await makeDirectory();
  const { historian, north } = await livedHistorian(await makeDirectory());
  expect((await mustBackUp(historian, to)).copiedFiles).toBe(4);
  const files = await filesOf(to);
  expect(await mustBackUp(historian, to)).toMatchObject({ copiedFiles: 0, copiedBytes: 0 });
  expect(await filesOf(to)).toEqual(files);
  // A file that has changed in the backup is replaced.
  const { manifest } = await mustBackUp(historian, to);
  await appendFile(join(to, manifest.segments[1].path), 'x');
  expect((await mustBackUp(historian, to)).copiedFiles).toBe(1);

  for (let round = 0; round < 8; round++) {
    await append(historian, north, [[0, 100 + round, round]]);
    mustSucceed(await historian.seal());
  }
  await historian.settle();
  const { manifest: merged } = await mustBackUp(historian, to);
  expect(merged.segments.length).toBeLessThan(11);
  const { metadata, segments } = merged;
  expect(await filesOf(to)).toEqual(
    [
      BACKUP_MANIFEST,
      'evidence',
      'health-cases-photos',
      'segments',
      ...[metadata, ...segments].map(({ path }) => path),
    ].sort(),
  );
  const restored = await makeDirectory();
  mustSucceed(await restoreBackup(to, restored));
  expect(await contentOf(await openHistorian(restored))).toEqual(await contentOf(historian));
});

test('ingest and merges go on meanwhile, and the backup holds a stretch of the stream without a gap', async () => {
  const data = await makeDirectory();
  const historian = await openHistorian(data, { hotBytes: 2 * 2 ** 20, keeperShare: 1 });
  const north = new GatewayStream();
  let isDone = false;
  const feeding = (async () => {
    for (let time = 0; !isDone; time += 500) {
      await append(
        historian,
        north,
        Array.from({ length: 500 }, (_, at): Row => [at % 5, time + at, time + at]),
      );
      if (time % 5_000 === 0) mustSucceed(await historian.seal());
      await nextTurn();
    }
  })();
  const to = await makeDirectory();
  while (historian.statistics().samples === 0) await nextTurn();
  for (let round = 0; round < 4; round++) {
    const { manifest } = await mustBackUp(historian, to);
    const restored = await makeDirectory();
    mustSucceed(await restoreBackup(to, restored));
    const events: PlantEvent[] = [];
    const copy = await openHistorian(restored, {}, events);
    const [ledger] = copy.ledgers();
    expect(copy.statistics()).toMatchObject({ samples: manifest.samples, damage: 0 });
    expect(ledger).toMatchObject({ stored: manifest.samples, lost: 0 });
    for (let tag = 0; tag < 5; tag++) {
      const { times, values } = await copy.raw(tag, EARLIEST, LATEST, NO_LIMIT);
      expect(times.length).toBe(manifest.samples / 5);
      expect(times.findIndex((time, row) => time !== row * 5 + tag || values[row] !== time)).toBe(-1);
    }
    expect(events).toEqual([]);
    await copy.close();
  }
  isDone = true;
  await feeding;
  await historian.settle();
  const { samples, damage, segments } = historian.statistics();
  expect({ samples, damage }).toEqual({ samples: north.accepted, damage: 0 });
  const names = (await readdir(join(data, 'segments'))).filter((name) => name.endsWith('.segment'));
  expect(names.length).toBe(segments);
});

test('one that is interrupted leaves the one before as it was', async () => {
  const to = await makeDirectory();
  const { historian, north } = await livedHistorian(await makeDirectory());
  await mustBackUp(historian, to);
  const before = await contentOf(historian);
  await append(historian, north, [[0, 99, 99]]);
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error('enough'));
  await expect(backUp(historian, to, { signal: abort.signal, onProgress })).rejects.toThrow('enough');
  expect((await filesOf(to)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const restored = await makeDirectory();
  mustSucceed(await restoreBackup(to, restored));
  expect(await contentOf(await openHistorian(restored))).toEqual(before);
  expect((await mustBackUp(historian, to)).manifest.samples).toBe(7);
});

test('progress ends with all bytes', async () => {
  const { historian } = await livedHistorian(await makeDirectory());
  const seen: number[][] = [];
  const to = await makeDirectory();
  const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
    seen.push([doneBytes, totalBytes]);
  mustSucceed(await backUp(historian, to, { onProgress }));
  mustSucceed(await restoreBackup(to, await makeDirectory(), { onProgress }));
  for (const last of [seen[seen.length / 2 - 1], seen[seen.length - 1]]) expect(last[0]).toBe(last[1]);
});

describe('a directory that holds something else is not touched', () => {
  test.each(['report.pdf', 'metadata.sqlite', 'segments/notes.txt'])('such as %s', async (name) => {
    const to = await makeDirectory();
    await mkdir(join(to, 'segments'), { recursive: true });
    await writeFile(join(to, name), 'mine');
    const { historian } = await livedHistorian(await makeDirectory());
    expect(await backUp(historian, to)).toMatchObject({ ok: false, fault: { code: 'backup.target' } });
    expect(await readFile(join(to, name), 'utf8')).toBe('mine');
    const source = await makeDirectory();
    await mustBackUp(historian, source);
    expect(await restoreBackup(source, to)).toMatchObject({ ok: false, fault: { code: 'backup.target' } });
    expect((await filesOf(to)).length).toBeLessThanOrEqual(4);
  });

  test('nor the data directory itself', async () => {
    const data = await makeDirectory();
    const { historian } = await livedHistorian(data);
    expect(await backUp(historian, data)).toMatchObject({ ok: false, fault: { code: 'backup.target' } });
  });
});

describe('a damaged backup is refused, and nothing is restored', () => {
  const damages: [string, (to: string, segment: string) => Promise<unknown>][] = [
    [
      'a changed byte',
      async (_, segment) => {
        const bytes = await readFile(segment);
        bytes[bytes.length >> 1] ^= 1;
        await rm(segment);
        await writeFile(segment, bytes);
      },
    ],
    ['a missing file', (_, segment) => rm(segment)],
    [
      'another file in its place',
      async (to, segment) => {
        await rm(segment);
        await link(join(to, BACKUP_MANIFEST), segment);
      },
    ],
    [
      'a manifest cut short',
      async (to) => {
        const text = await readFile(join(to, BACKUP_MANIFEST), 'utf8');
        await writeFile(join(to, BACKUP_MANIFEST), text.slice(0, -20));
      },
    ],
    ['no manifest', (to) => rm(join(to, BACKUP_MANIFEST))],
  ];
  test.each(damages)('%s', async (_, damage) => {
    const [to, parent] = [await makeDirectory(), await makeDirectory()];
    const { historian } = await livedHistorian(await makeDirectory());
    const { manifest } = await mustBackUp(historian, to);
    await damage(to, join(to, manifest.segments[1].path));
    const refused = await restoreBackup(to, join(parent, 'data'));
    expect(refused).toMatchObject({ ok: false, fault: { code: 'backup.damaged' } });
    expect(await readdir(parent)).toEqual([]);
  });

  test('a later format, by what it is', () => {
    const later = decodeBackupManifest(JSON.stringify({ format: 'tidegate-backup', version: 99 }));
    expect(later).toMatchObject({ ok: false, fault: { code: 'backup.newer' } });
  });

  test('a path that leads elsewhere', async () => {
    const to = await makeDirectory();
    const { manifest } = await mustBackUp(await openHistorian(await makeDirectory()), to);
    for (const path of ['../../etc/passwd', 'segments/../x', '/etc/passwd', 'segments/a.segment', 'metadata.sqlite']) {
      const hostile = { ...manifest, metadata: { ...manifest.metadata, path } };
      expect(decodeBackupManifest(JSON.stringify(hostile))).toMatchObject({ fault: { code: 'backup.damaged' } });
    }
  });

  test('any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !decodeBackupManifest(text).ok));
  });
});

test('a place that takes no file says so', async () => {
  const { historian } = await livedHistorian(await makeDirectory());
  expect(await backUp(historian, '/proc/backup')).toMatchObject({ ok: false, fault: { code: 'backup.unwritable' } });
});

test('SR 7.3, SR 3.9: the evidence comes along: the bytes as gateways signed them are there when all is restored', async () => {
  const options = { evidenceBytes: 1e9 };
  const data = await makeDirectory();
  // A file of the log ends with the life of the server, and becomes evidence when the archive needs it no more.
  const north = new GatewayStream();
  for (const time of [10, 20, 30]) {
    const historian = await openHistorian(data, options);
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0)]));
    await append(historian, north, [[0, time, time]]);
    mustSucceed(await historian.seal());
    await historian.close();
  }
  const historian = await openHistorian(data, options);
  const keptIn = async ({ evidence }: Historian) => {
    const blocks: string[] = [];
    for await (const { payload } of evidence!.blocks(() => true)) blocks.push(Buffer.from(payload).toString('hex'));
    return blocks;
  };
  const kept = await keptIn(historian);
  expect(kept.length).toBeGreaterThan(0);
  const [to, restored] = [await makeDirectory(), await makeDirectory()];
  const { manifest } = await mustBackUp(historian, to);
  expect(manifest.evidence.map(({ path }) => path).sort()).toEqual(
    (await filesOf(join(data, 'evidence'))).map((name) => `evidence/${name}`),
  );
  expect((await mustBackUp(historian, to)).copiedFiles).toBe(0);
  mustSucceed(await restoreBackup(to, restored));
  expect(await keptIn(await openHistorian(restored, options))).toEqual(kept);
  await appendFile(join(to, manifest.evidence[0].path), 'x');
  expect(await restoreBackup(to, await makeDirectory())).toMatchObject({ fault: { code: 'backup.damaged' } });
});
