import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { expect, test } from 'vitest';
import { rowsOf } from '../../query/testbed/historians.ts';
import { HotStore } from './hotStore.ts';
import { SlabPool } from './slabPool.ts';

type Row = readonly [tag: number, time: number, value: SampleValue];

function storeOf(rows: readonly Row[], tags = 2): HotStore {
  const options = { pool: new SlabPool(0), editedBetween: () => false, hotBytes: 1_000_000 };
  const store = new HotStore({ ...options, tags });
  const block = new SampleBlockBuilder();
  for (const [tag, time, value] of rows) block.push(tag, time, value, 0);
  store.insert(
    { receivedAt: 7, stream: 'a', reaches: 0 },
    Uint32Array.from(rows, ([tag]) => tag),
    block,
  );
  return store;
}

test.each([2, 2_000, 1e6])('a range is read out of samples in any order, each as it came, with %i tags', (tags) => {
  const rows = Array.from({ length: 5_000 }, (_, at): Row => [at % 2, (at * 7919) % 1_000, at]);
  const store = storeOf(rows, tags);
  const expected = rows.filter(([tag, time]) => tag === 1 && time >= 100 && time < 300);
  const run = store.read(1, 100, 300, true);
  expect(run && rowsOf(run).map(([time, value]) => [time, value])).toEqual(
    expected.toSorted((a, b) => a[1] - b[1]).map(([, time, value]) => [time, value]),
  );
  expect(run?.received).toEqual(new Float64Array(expected.length).fill(7));
  expect(store.read(1, 1_000, 2_000, false)).toBeUndefined();
  expect(store.read(2, 0, 1_000, false)).toBeUndefined();
});

test('a reader gets the texts of its samples, not those of all tags', () => {
  const others = Array.from({ length: 100 }, (_, at): Row => [0, at, `text ${at}`]);
  const run = storeOf([...others, [1, 5, 'on'], [1, 6, null], [1, 7, 'text 40'], [1, 8, 'on']]).read(1, 0, 10, false);
  expect(run && rowsOf(run).map(([, value]) => value)).toEqual(['on', null, 'text 40', 'on']);
  expect(run?.strings).toEqual(['on', 'text 40']);
});

test('very many tags take no more memory than their samples need', () => {
  const rows = Array.from({ length: 40_000 }, (_, at): Row => [at, at, at]);
  expect(storeOf(rows, 40_000).bytes).toBeLessThan(3_000_000);
});
