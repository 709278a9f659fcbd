import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { ScoringStore } from './scoringStore.ts';

it('keeps all parts of a watch together, and finds damage', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-scoring-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'health-scoring.sqlite');
  const parts = (...names: string[]) => new Map(names.map((name, at) => [name, { at, name }]));
  const store = mustSucceed(ScoringStore.open(path));
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
  const again = mustSucceed(ScoringStore.open(path));
  const fault = { code: 'health.state-damaged', detail: expect.stringContaining('model 2') };
  expect(again.read('a')).toMatchObject({ ok: false, fault });
  expect(again.read('b')).toEqual({ ok: true, value: other });
  again.close();
});
