import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { ScoringStore } from './scoringStore.ts';

const neverTold = (detail: string) => expect.unreachable(detail);

it('keeps all parts of a watch together, and finds damage', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-scoring-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'health-scoring.sqlite');
  const parts = (...names: string[]) => new Map(names.map((name, at) => [name, { at, name }]));
  const store = mustSucceed(ScoringStore.open(path, neverTold));
  expect(store.read('a')).toEqual({ ok: true, value: new Map() });
  const [first, other] = [parts('rows', 'model 1', 'fatigue shaft'), parts('rows')];
  mustSucceed(
    store.write([
      { watch: 'a', parts: first },
      { watch: 'b', parts: other },
    ]),
  );
  expect(store.read('a')).toEqual({ ok: true, value: first });
  const second = parts('model 2', 'rows');
  mustSucceed(store.write([{ watch: 'a', parts: second }]));
  expect(mustSucceed(store.read('a'))).toEqual(second);
  store.close();
  const database = new DatabaseSync(path);
  database.exec(
    `UPDATE part SET document = replace(document, '"at":0', '"at":9') WHERE watch = 'a' AND name = 'model 2'`,
  );
  database.close();
  const again = mustSucceed(ScoringStore.open(path, neverTold));
  const fault = { code: 'health.state-damaged', detail: expect.stringContaining('model 2') };
  expect(again.read('a')).toMatchObject({ ok: false, fault });
  expect(again.read('b')).toEqual({ ok: true, value: other });
  again.close();
});

describe('a damaged file is set aside, and another begins', () => {
  const state = (watch: string) => ({ watch, parts: new Map([['rows', { until: 7, text: 'x'.repeat(20_000) }]]) });
  let path: string;
  let told: string[];
  beforeEach(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidegate-scoring-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    path = join(directory, 'health-scoring.sqlite');
    told = [];
    const store = opened();
    mustSucceed(store.write([state('a'), state('b')]));
    store.close();
  });
  const opened = () => mustSucceed(ScoringStore.open(path, (detail) => void told.push(detail)));

  it.each([
    ['it is no database', () => writeFile(path, 'x'.repeat(9_000))],
    ['its first page is cut', async () => writeFile(path, (await readFile(path)).subarray(0, 300))],
  ])('when it is opened: %s', async (_says, damage) => {
    await damage();
    const damaged = await readFile(path);
    const store = opened();
    expect(told).toEqual([expect.stringMatching(/health-scoring\.sqlite: .*; it lies beside it as \.damaged$/)]);
    expect(await readFile(`${path}.damaged`)).toEqual(damaged);
    expect(store.read('a')).toEqual({ ok: true, value: new Map() });
    mustSucceed(store.write([state('a')]));
    store.close();
    expect(mustSucceed(opened().read('a'))).toEqual(state('a').parts);
    expect(told).toHaveLength(1);
  });

  it('when it is written: its pages are changed', async () => {
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(size - 4_096, 0x5a), 0, undefined, 4_096);
    await file.close();
    const store = opened();
    expect(store.read('a')).toMatchObject({ ok: false, fault: { code: 'archive.damaged' } });
    mustSucceed(store.write([state('a')]));
    expect(told).toHaveLength(1);
    expect(mustSucceed(store.read('a'))).toEqual(state('a').parts);
    store.close();
  });

  it('where it cannot be set aside it is refused, until it can', async () => {
    await writeFile(path, 'x'.repeat(9_000));
    await mkdir(join(`${path}.damaged`, 'full'), { recursive: true });
    const fault = { code: 'archive.unwritable', detail: expect.stringContaining('cannot be set aside') };
    expect(ScoringStore.open(path, neverTold)).toMatchObject({ ok: false, fault });
    await rm(`${path}.damaged`, { recursive: true });
    opened().close();
    expect(told).toHaveLength(1);
  });
});
