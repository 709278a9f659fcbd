/** The set is read back here by a DuckDB that knows nothing but its files. */

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { success } from '@tidegate/core/fault/fault.ts';
import { expect, it, onTestFinished } from 'vitest';
import { mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { loadAssetModel } from '../../../model/assets/loadAssetModel.ts';
import { loadHealth } from '../definition/loadHealth.ts';
import type { FeatureOrigin } from './featureReader.ts';
import { exportFeatureSet, type FeatureSetRequest } from './featureSetExport.ts';
import type { FeatureTable } from './featureTable.ts';

const MIN = 60_000_000;
const START = Date.UTC(2026, 0, 31) * 1_000;
const TEXTS = new Map([
  [
    'assets/a.yaml',
    'assets: [{ path: acme/pump, attributes: { pressure: { tag: acme/p, unit: kPa }, oil: { tag: acme/o, unit: Cel } } }]',
  ],
  [
    'health/h.yaml',
    `health:
  - name: wear
    asset: acme/pump
    description: How it wears
    features:
      head: { attribute: pressure, unit: bar, limit: { low: 2 } }
      oil-swing: { attribute: oil, measure: range }
`,
  ],
]);
const { model } = await loadAssetModel(TEXTS);
const watch = loadHealth(TEXTS, model).watches.get('acme/pump/wear')!;

const TABLE: FeatureTable = {
  names: ['head', 'oil-swing'],
  times: Float64Array.of(START + 10 * MIN, START + 20 * MIN, START + 40 * MIN),
  columns: [Float64Array.of(3, Number.NaN, 2.5), Float64Array.of(0.1, 1 / 3, 0)],
  quality: Float64Array.of(1, 0, 0.75),
};
const ORIGIN = { start: START, end: START + 40 * MIN, version: 3, tags: [], lacks: [] };
const TAG = { path: 'acme/p', unit: 'kPa' } as FeatureOrigin['tags'][number];
const ORIGINS: FeatureOrigin[] = [
  { ...ORIGIN, feature: 'head', tags: [TAG] },
  { ...ORIGIN, feature: 'oil-swing', version: 4, lacks: ['there is no tag acme/o'] },
];
const reader = { rows: async () => success(TABLE), origins: async () => success(ORIGINS) };

async function makeRequest(more: Partial<FeatureSetRequest> = {}): Promise<FeatureSetRequest> {
  const parent = await mkdtemp(join(tmpdir(), 'tidegate-features-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const range = { start: START, end: START + 35 * MIN, knownAt: START + 100 * MIN };
  return { watch, ...range, by: 'ada', at: START + 200 * MIN, directory: join(parent, 'set'), ...more };
}

async function query(sql: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

it('writes rows, card and text, and each of them says the same', async () => {
  const labels = [{ start: START + 12 * MIN, end: START + 15 * MIN, label: 'worn' }];
  const request = await makeRequest({ labels });
  const set = await exportFeatureSet(reader, request);
  if (!set.ok) throw new Error(set.fault.detail);
  const { parquet, card, cardText, rows, content } = set.value;
  expect(await readdir(request.directory)).toEqual(['card.json', 'card.md', 'features.parquet']);
  expect(rows).toBe(3);
  expect(await query(`SELECT * FROM '${parquet}'`)).toEqual([
    ['2026-01-31 00:10:00', 3, 0.1, 1, null],
    ['2026-01-31 00:20:00', null, 1 / 3, 0, 'worn'],
    ['2026-01-31 00:40:00', 2.5, 0, 0.75, null],
  ]);
  expect(await query(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${parquet}')`)).toEqual([
    ['time', 'TIMESTAMP'],
    ['head', 'DOUBLE'],
    ['oil-swing', 'DOUBLE'],
    ['quality', 'DOUBLE'],
    ['label', 'VARCHAR'],
  ]);
  const told = await query(`SELECT decode(key), decode(value) FROM parquet_kv_metadata('${parquet}')`);
  expect(told).toEqual(
    expect.arrayContaining([
      ['unit:head', 'bar'],
      ['unit:oil-swing', 'K'],
    ]),
  );
  const written = JSON.parse(await readFile(card, 'utf8'));
  expect(JSON.parse(String(told.find(([name]) => name === 'tidegate')?.[1]))).toEqual(written);
  expect(written).toEqual(content);
  expect(content).toMatchObject({
    ...{ watch: 'acme/pump/wear', rows: 3, modelVersions: [3, 4], featureVersion: watch.featureVersion },
    ...{
      start: '2026-01-31T00:00:00.000000Z',
      end: '2026-01-31T00:40:00.000000Z',
      knownAt: '2026-01-31T01:40:00.000000Z',
    },
    ...{ quality: 1.75 / 3, doubtful: 2 / 3, incomplete: 1 / 3, tags: [{ path: 'acme/p', unit: 'kPa' }] },
    features: [
      { name: 'head', formula: "'pressure'", unit: 'bar', missing: 1 / 3, least: 2.5, mean: 2.75, greatest: 3 },
      { name: 'oil-swing', measure: 'range', unit: 'K', missing: 0, limit: null },
    ],
    lacks: [{ feature: 'oil-swing', reason: 'there is no tag acme/o' }],
    labels: [{ label: 'worn', start: '2026-01-31T00:12:00.000000Z' }],
    reproduce:
      'tidegate health export acme/pump/wear --start 2026-01-31T00:00:00.000000Z --end 2026-01-31T00:40:00.000000Z --known-at 2026-01-31T01:40:00.000000Z',
  });
  const text = await readFile(cardText, 'utf8');
  for (const part of [
    content.reproduce,
    watch.featureVersion,
    '| head | average | bar |',
    'there is no tag acme/o',
    'worn',
  ]) {
    expect(text).toContain(part);
  }
});

it('a set without labels has no column of them', async () => {
  const set = await exportFeatureSet(reader, await makeRequest());
  expect(set.ok && (await query(`SELECT count(*) FROM (DESCRIBE SELECT * FROM '${set.value.parquet}')`))).toEqual([
    ['4'],
  ]);
});

it('labels that contradict each other are refused, and the same label twice is one', async () => {
  const worn = { start: START, end: START + MIN, label: 'worn' };
  const twice = await exportFeatureSet(
    reader,
    await makeRequest({ labels: [worn, { ...worn, end: START + 2 * MIN }] }),
  );
  expect(twice.ok).toBe(true);
  const clogged = { ...worn, label: 'clogged', source: 'case 2' };
  const request = await makeRequest({ labels: [{ ...worn, source: 'case 1' }, clogged] });
  expect(await exportFeatureSet(reader, request)).toMatchObject({
    fault: { code: 'health.bad-data', detail: expect.stringContaining('worn (case 1), clogged (case 2). Put one') },
  });
});

it('a label that yields holds only where no other does', async () => {
  const sound = { start: START, end: START + 40 * MIN, label: 'sound', yields: true };
  const worn = { start: START + 12 * MIN, end: START + 15 * MIN, label: 'worn' };
  const set = mustSucceed(await exportFeatureSet(reader, await makeRequest({ labels: [sound, worn] })));
  const rows = await query(`SELECT label FROM '${set.parquet}' ORDER BY time`);
  expect(rows).toEqual([['sound'], ['worn'], ['sound']]);
});

it('what is there is not written over, and where nothing can be written that is a fault', async () => {
  const request = await makeRequest();
  expect(await exportFeatureSet(reader, request)).toMatchObject({ ok: true });
  const again = { fault: { code: 'health.export-failed', detail: `${request.directory} is there already.` } };
  expect(await exportFeatureSet(reader, request)).toMatchObject(again);
  const file = join(request.directory, 'card.md');
  const below = await exportFeatureSet(reader, { ...request, directory: join(file, 'set') });
  expect(below).toMatchObject({ fault: { code: 'health.export-failed' } });
});

it('a disk without room leaves nothing behind', async () => {
  const { directory } = await makeRequest();
  const parent = join(directory, '..');
  const values = Float64Array.from({ length: 50_000 }, Math.random);
  const order = {
    ...{
      directory,
      shapes: [{ name: 'x', type: 'DOUBLE' }],
      table: { rows: values.length, columns: [{ values: [...values] }] },
    },
    ...{ metadata: [['unit:x', 'K']], texts: [] },
  };
  const script = join(parent, 'write.ts');
  const writer = JSON.stringify(join(import.meta.dirname, 'writeFeatureSet.ts'));
  await writeFile(join(parent, 'order.json'), JSON.stringify(order));
  await writeFile(
    script,
    `import { readFileSync } from 'node:fs';
import { writeFeatureSet } from ${writer};
const order = JSON.parse(readFileSync(${JSON.stringify(join(parent, 'order.json'))}, 'utf8'));
order.table.columns[0].values = Float64Array.from(order.table.columns[0].values);
process.on('SIGXFSZ', () => {});
await writeFeatureSet(order).catch(({ code }) => console.log('refused', code));
`,
  );
  // No file may be longer than 64 KiB there, which the file system says as it says that there is no room.
  const { stdout } = await promisify(execFile)('bash', ['-c', `ulimit -f 64; exec "${process.execPath}" "${script}"`]);
  expect(stdout).toBe('refused EIO\n');
  expect((await readdir(parent)).sort()).toEqual(['order.json', 'write.ts']);
});
