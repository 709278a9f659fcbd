import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { loadAssetModel } from '../../assets/loadAssetModel.ts';
import { loadTwins } from '../loadTwins.ts';
import { MemoryFeed } from '../testbed/memoryFeed.ts';
import { AttributeFeed } from './attributeFeed.ts';
import { TICK_MS, TwinEngine } from './twinEngine.ts';

const T0 = 1_700_000_000_000_000;
const texts = (path: string) =>
  new Map([
    [
      'types/t.yaml',
      `types:\n  - { type: pump, version: 1, attributes: { flow: { tag: "{path}/flow", unit: m3/h }, head: { tag: "{path}/head", unit: m } } }`,
    ],
    ['assets/a.yaml', `assets:\n  - { path: ${path}, type: pump, id: P1 }`],
    ['twins/pump.yaml', 'type: pump\nexpected:\n  flow: { formula: "\'flow\'", sigma: 0.5 }'],
  ]);

async function site(path = 'acme/pump-1') {
  const feed = new MemoryFeed();
  feed.define('acme/pump-1/flow', 'm3/h');
  feed.define('acme/pump-1/head', 'm');
  const clock = new ManualClock(T0 as Timestamp);
  const engine = new TwinEngine(feed, clock);
  engine.start();
  const load = async (at: string) => {
    const { model } = await loadAssetModel(texts(at));
    engine.load(model, loadTwins(texts(at), model).twins);
  };
  await load(path);
  const told: string[] = [];
  const watch = (...paths: string[]) =>
    new AttributeFeed(engine).watch(paths, (place, { value, text, time }) =>
      told.push(`${place} ${text ?? value} ${time - T0}`),
    );
  const store = async (signal: string, value: number, time: number) => {
    feed.store([[`acme/pump-1/${signal}`, T0 + time, value]]);
    await clock.advance(TICK_MS);
  };
  return { told, watch, store, load };
}

it('tells what an attribute is, and each change of it, to everybody who asked', async () => {
  const { told, watch, store } = await site();
  await store('flow', 5, 1);
  const stop = watch('acme/pump-1/flow', 'acme/pump-1/nothing', 'acme/pump-1/flow');
  expect(told).toEqual(['0 5 1', '2 5 1']);
  await store('flow', 6, 2);
  await store('head', 6, 3);
  expect(told.slice(2)).toEqual(['0 6 2', '2 6 2']);
  stop();
  await store('flow', 7, 4);
  expect(told).toHaveLength(4);
});

it('goes on with a model in which the attribute comes to be', async () => {
  const { told, watch, store, load } = await site('acme/elsewhere');
  watch('acme/pump-1/flow');
  await store('flow', 5, 1);
  expect(told).toEqual([]);
  await load('acme/pump-1');
  await store('flow', 6, 2);
  expect(told.at(-1)).toBe('0 6 2');
});
