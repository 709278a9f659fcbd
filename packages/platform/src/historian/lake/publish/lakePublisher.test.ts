/** The lake is read here by a DuckDB that knows nothing but its files: there is no second Parquet reader on board. */

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LakeManifest, readManifest } from '../lakeManifest.ts';
import { type MemorySeries, memoryPlace, memorySource, runOf, storedTag } from '../testbed/memorySource.ts';
import { LakePublication } from './lakePublication.ts';
import { LakePublisher } from './lakePublisher.ts';

const at = (text: string) => parseTimestamp(text)!;
const ROWS: readonly (readonly [string, SampleValue, number])[] = [
  ['2026-01-30T23:59:59.999999Z', 1, 0],
  ['2026-01-31T00:00:00.000000Z', 2.5, 0],
  ['2026-01-31T12:00:00.000001Z', null, 0x80050000],
  ['2026-01-31T12:00:00.000001Z', Number.NaN, 0x40000000],
  ['2026-01-31T23:59:59.999999Z', -3, 0x00960000],
  ['2026-02-01T00:00:00.000000Z', 4, 0],
];
const series = (rows: typeof ROWS = ROWS): MemorySeries[] => [
  {
    tag: storedTag(3, 'plant/line/temperature', { low: 0, high: 120 }),
    run: runOf(rows.map(([t, v, s]) => [at(t), v, s])),
  },
  {
    tag: storedTag(7, 'plant/line/recipe', { type: 'string', stepped: true, unit: '', aliases: ["R'1"] }),
    run: runOf([
      [at('2026-01-31T08:00:00Z'), 'Märzen', 0],
      [at('2026-01-31T09:00:00Z'), '', 0],
    ]),
  },
];
const day = (name: string, mark = '1') => ({ day: name, mark });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lake-it's-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function read(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function files(manifest: LakeManifest): string {
  const paths = manifest.days.flatMap((entry) => entry.files.map(({ path }) => join(directory, path)));
  return `read_parquet([${paths.map((path) => `'${path.replaceAll("'", "''")}'`).join()}])`;
}

interface Settings {
  readonly from?: MemorySeries[];
  readonly mark?: string;
  readonly graceMs?: number;
  readonly maxPartRows?: number;
}

/** In this process, for speed. */
function tryPublish(days: string[], settings: Settings = {}) {
  const { from = series(), mark = '1', graceMs = 0, maxPartRows = 1000 } = settings;
  const limits = { memoryBytes: 2 ** 28, threads: 1 };
  const source = memoryPlace(from);
  const order = { directory, days: days.map((name) => day(name, mark)), source, limits, maxPartRows, graceMs };
  return LakePublication.run(order, memorySource(from), () => {});
}

async function publish(days: string[], settings?: Settings): Promise<LakeManifest> {
  const result = await tryPublish(days, settings);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

describe('the lake', () => {
  it('holds every sample of its days with its status, to the microsecond, and no other', async () => {
    const manifest = await publish(['2026-01-31']);
    const rows = await read(`SELECT tag, epoch_us(time), value::VARCHAR, text, status FROM ${files(manifest)}`);
    const expected = ROWS.slice(1, 5).map(([t, v, s]) => [3, String(at(t)), v === null ? null : text(v), null, s]);
    expect(rows).toEqual([
      ...expected,
      [7, String(at('2026-01-31T08:00:00Z')), null, 'Märzen', 0],
      [7, String(at('2026-01-31T09:00:00Z')), null, '', 0],
    ]);
    expect(await read(`DESCRIBE FROM ${files(manifest)}`)).toEqual(
      [
        ['tag', 'INTEGER'],
        ['time', 'TIMESTAMP'],
        ['value', 'DOUBLE'],
        ['text', 'VARCHAR'],
        ['status', 'UINTEGER'],
        ['day', 'DATE'],
      ].map(([name, type]) => [name, type, 'YES', null, null, null]),
    );
  });

  it('tells of its tags beside the samples', async () => {
    const { tags } = await publish([]);
    const rows = await read(`SELECT tag, path, type, stepped, low, high, aliases FROM '${quoted(tags!.path)}'`);
    expect(rows).toEqual([
      [3, 'plant/line/temperature', 'number', false, 0, 120, '[]'],
      [7, 'plant/line/recipe', 'string', true, null, null, `["R'1"]`],
    ]);
  });

  it('says in its manifest what is in each file', async () => {
    const manifest = await publish(['2026-01-31', '2026-01-30']);
    expect(await readManifest(directory)).toEqual({ ok: true, value: manifest });
    expect(manifest.days.map((entry) => [entry.day, entry.rows, entry.mark])).toEqual([
      ['2026-01-30', 1, '1'],
      ['2026-01-31', 6, '1'],
    ]);
    const [part] = manifest.days[1].files;
    const bytes = await readFile(join(directory, part.path));
    expect(part).toMatchObject({
      ...{ rows: 6, firstTag: 3, lastTag: 7, bytes: bytes.length },
      ...{ firstTime: '2026-01-31T00:00:00.000000Z', lastTime: '2026-01-31T23:59:59.999999Z' },
      sha256: digest(bytes),
    });
  });

  it('is read as docs/formats/lake.md says', async () => {
    await publish(['2026-01-30', '2026-01-31']);
    const page = await readFile(new URL('../../../../../../docs/formats/lake.md', import.meta.url), 'utf8');
    const example = /```sql\n([\s\S]+?)```/.exec(page)![1].replaceAll('/var/lib/tidegate/lake/', quoted(''));
    const rows = (await read(example)) as [number, string, number | null][];
    expect(rows.sort(([a], [b]) => a - b)).toEqual([
      [3, '3', 2.5],
      [7, '2', null],
    ]);
  });

  it('splits a day that is large, in order of tags', async () => {
    const manifest = await publish(['2026-01-31'], { maxPartRows: 4 });
    expect(manifest.days[0].files.map(({ rows, firstTag, lastTag }) => [rows, firstTag, lastTag])).toEqual([
      [4, 3, 3],
      [2, 7, 7],
    ]);
    expect(await read(`SELECT count(*)::INTEGER FROM ${files(manifest)}`)).toEqual([[6]]);
  });

  it('publishes a day again under new names, and removes the old ones after the grace time', async () => {
    const before = await publish(['2026-01-31']);
    const late = [...ROWS.slice(0, 5), ['2026-01-31T23:59:59.999999Z', 9, 0] as const, ROWS[5]];
    const after = await publish(['2026-01-31'], { from: series(late), mark: '2', graceMs: 3600_000 });
    expect(after.days[0]).toMatchObject({ rows: 7, mark: '2' });
    expect(after.tags).toEqual(before.tags);
    expect(await read(`SELECT count(*)::INTEGER FROM ${files(before)}`), 'a reader under way').toEqual([[6]]);
    expect(await read(`SELECT count(*)::INTEGER FROM ${files(after)}`)).toEqual([[7]]);
    expect((await publish([], { from: series(late) })).retired).toEqual([]);
    expect(await readdir(join(directory, 'day=2026-01-31'))).toEqual([after.days[0].files[0].path.split('/')[1]]);
  });

  it('keeps a day without samples as an entry without files', async () => {
    expect((await publish(['2026-03-01'])).days[0]).toMatchObject({ rows: 0, files: [] });
  });

  it('removes what a publication that was cut short has left, and nothing else', async () => {
    await publish(['2026-01-31']);
    const orphans = ['day=2026-01-31/part-0000-r00000099.parquet', 'day=2026-01-31/part-0001-r00000099.parquet.tmp'];
    const others = ['tags-r00000001.parquet.bak', 'day=2026-01-31/notes.txt'];
    for (const name of [...orphans, ...others]) await writeFile(join(directory, name), 'x');
    await publish([]);
    const left = new Set(await readdir(directory, { recursive: true }));
    expect(orphans.filter((name) => left.has(name))).toEqual([]);
    expect(others.filter((name) => left.has(name))).toEqual(others);
  });

  it.each([
    ['no day', ['2026-02-30'], undefined, 'lake.day'],
    ['a damaged manifest', ['2026-01-31'], '{"format":"tidegate-lake"', 'lake.manifest'],
    ['a manifest that names a file elsewhere', [], manifestNaming('../../etc/passwd'), 'lake.manifest'],
  ])('refuses %s', async (_name, days, manifest, code) => {
    if (manifest) await writeFile(join(directory, 'manifest.json'), manifest);
    expect(await tryPublish(days)).toMatchObject({ ok: false, fault: { code } });
  });
});

describe('the process that publishes', () => {
  const DAYS = Array.from({ length: 28 }, (_, index) => `2026-02-${String(index + 1).padStart(2, '0')}`);
  const busy: MemorySeries[] = Array.from({ length: 20 }, (_, index) => ({
    tag: storedTag(index, `plant/t${index}`),
    run: runOf(DAYS.flatMap((name) => [0, 1, 2].map((hour) => [at(`${name}T0${hour}:00:00Z`), hour, 0] as const))),
  }));

  it('may be killed at any moment: the manifest names whole files only, and the next publication goes on', async () => {
    const marked = DAYS.map((name) => day(name));
    for (const killAfter of [1, 5, 12]) {
      const publisher = new LakePublisher({ directory, graceMs: 0 });
      let published = 0;
      const publication = publisher.publish(marked, memoryPlace(busy), () => {
        if (++published === killAfter) void publisher.close();
      });
      expect(await publication).toMatchObject({ ok: false, fault: { code: 'lake.publisher' } });
      const left = await readManifest(directory);
      if (!left.ok) throw new Error(left.fault.detail);
      expect(left.value.days.length).toBeGreaterThanOrEqual(killAfter);
      expect(await read(`SELECT count(*)::INTEGER FROM ${files(left.value)}`)).toEqual([[left.value.days.length * 60]]);
      for (const { path, sha256 } of left.value.days.flatMap((entry) => entry.files)) {
        expect(digest(await readFile(join(directory, path)))).toBe(sha256);
      }
    }
    const done = await publish(DAYS, { from: busy });
    expect(await read(`SELECT count(*)::INTEGER FROM ${files(done)}`)).toEqual([[28 * 60]]);
    expect((await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('that cannot have its source is a fault', async () => {
    const publisher = new LakePublisher({ directory });
    const publication = publisher.publish([day('2026-01-31')], { module: 'file:///nowhere.ts', spec: null });
    expect(await publication).toMatchObject({ ok: false, fault: { code: 'lake.unwritable' } });
    await publisher.close();
  });
});

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function text(value: number | string): string {
  return Number.isNaN(value) ? 'nan' : Number.isInteger(value) ? `${value}.0` : String(value);
}

function quoted(path: string): string {
  return `${directory}/${path}`.replaceAll("'", "''");
}

function manifestNaming(path: string): string {
  const tags = { path, rows: 0, bytes: 0, sha256: '0'.repeat(64) };
  const times = { publishedAt: '2026-01-01T00:00:00Z' };
  return JSON.stringify({ format: 'tidegate-lake', version: 1, revision: 1, ...times, tags, days: [], retired: [] });
}
