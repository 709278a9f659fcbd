import type { AssetSummary } from '@tidegate/platform/northbound/contract/asset.ts';
import { describe, expect, it } from 'vitest';
import { isAlarmOf, worstPriorities } from '../alarms/alarmPlace.ts';
import type { EventStream } from '../live/liveStream.ts';
import { treeMove, treeRows } from '../tree/treeRows.ts';
import { localMoment } from './AsOf.tsx';
import { type AssetNode, ancestorsOf, buildAssetTree, openLevels, searchAssets } from './assetTree.ts';
import { LiveAttributes, type LiveReadings } from './liveAttributes.ts';

const asset = (path: string, parent: string | null, parts: Partial<AssetSummary> = {}): AssetSummary => ({
  ...{ id: path, path, parent, description: '', level: 'unit', type: null, children: 0, attributes: 0 },
  ...parts,
});
const PLANT = [
  asset('acme', null),
  asset('acme/hall', 'acme'),
  asset('acme/hall/train-10', 'acme/hall', { id: 'T10', type: 'train' }),
  asset('acme/hall/train-2', 'acme/hall', { id: 'T2', type: 'train', description: 'Spare' }),
  asset('acme/hall/train-2/driver', 'T2', { type: 'turbine' }),
  asset('acme/yard', 'acme'),
];
const shape = (nodes: readonly AssetNode[]): string[] =>
  nodes.flatMap(({ name, children = [] }) => [name, ...shape(children).map((line) => ` ${line}`)]);

it('is a tree by parents, in natural order', () => {
  expect(shape(buildAssetTree(PLANT))).toEqual([...['acme', ' hall', '  train-2', '   driver', '  train-10', ' yard']]);
});

it('puts what has no parent among them at the top, by its whole path', () => {
  expect(shape(buildAssetTree(PLANT.slice(3)))).toEqual(['acme/hall/train-2', ' driver', 'acme/yard']);
});

it.each([
  ['', PLANT.length],
  ['SPARE', 3],
  ['turbine driver', 4],
  ['T10', 3],
  ['nowhere', 0],
])('finds "%s" with what it is in: %i assets', (text, count) => {
  expect(searchAssets(PLANT, text)).toHaveLength(count);
});

it('opens so many levels, and what leads to an asset, by its path or its id', () => {
  expect(openLevels(buildAssetTree(PLANT), 2)).toEqual(['acme', 'acme/hall']);
  expect(ancestorsOf(PLANT, 'acme/hall/train-2/driver')).toEqual(['T2', 'acme/hall', 'acme']);
  expect(ancestorsOf(PLANT, 'T10')).toEqual(['acme/hall', 'acme']);
  expect(ancestorsOf(PLANT, 'nothing')).toEqual([]);
});

it('is moved through by the keys of the tree pattern', () => {
  const open = new Set(['acme', 'acme/hall']);
  const rows = treeRows(buildAssetTree(PLANT), open);
  expect(treeMove(rows, open, 2, 'ArrowRight', 5)).toEqual({ kind: 'open', row: 2 });
  expect(treeMove(rows, open, 2, 'ArrowLeft', 5)).toEqual({ kind: 'go', row: 1 });
  expect(treeMove(rows, open, 2, 'Enter', 5)).toEqual({ kind: 'choose', row: 2 });
});

describe('alarms', () => {
  const low = { name: 'acme/hall/train-2/oil/low', priority: 'low' } as const;
  const hot = { name: 'hot', priority: 'high', subject: { kind: 'tag', path: 'acme/hall/train-2/heat' } } as const;

  it('are of the asset that they are named for, or whose tag they watch, and of what it is in', () => {
    expect(isAlarmOf(low, 'acme/hall')).toBe(true);
    expect(isAlarmOf(low, 'acme/hall/train')).toBe(false);
    expect(isAlarmOf(hot, 'acme/hall/train-2')).toBe(true);
  });

  it('show above an asset by the most urgent of them', () => {
    const worst = worstPriorities([low, hot]);
    expect(worst.get('acme/hall/train-2/oil')).toBe('low');
    expect(worst.get('acme/hall/train-2')).toBe('high');
    expect(worst.get('acme')).toBe('high');
    expect(worst.has('acme/yard')).toBe(false);
  });
});

describe('live attributes', () => {
  const begin = () => {
    const listeners = new Map<string, (event: MessageEvent<string>) => void>();
    const told: LiveReadings[] = [];
    const runs: (() => void)[] = [];
    const live = new LiveAttributes(
      (readings) => told.push(readings),
      (_, run) => {
        runs.push(run);
      },
    );
    const source: Pick<EventStream, 'addEventListener'> = {
      addEventListener: (name, listener) => listeners.set(name, listener),
    };
    live.listen(source as EventStream);
    const say = (name: string, data: object) =>
      listeners.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
    const values = () => Object.fromEntries([...(told.at(-1) ?? [])].map(([path, { value }]) => [path, value]));
    const tell = () => {
      for (const run of runs.splice(0)) run();
    };
    return { say, values, tell, told };
  };
  const table = (generation: number, paths: readonly string[]) => ({
    ...{ generation, paths, numbers: paths.map((_, at) => at + 7), units: [] },
  });
  const rows = (tags: readonly number[], values: readonly number[]) => ({
    ...{ tags, values, times: tags.map(() => 1), statuses: tags.map(() => 0), skipped: 0 },
  });

  it('are told together by path, and begin anew with another model', () => {
    const { say, values, tell, told } = begin();
    say('attributes', table(1, ['a/speed', 'a/flow']));
    say('samples', rows([7, 8, 9], [1, 2, 3]));
    say('samples', rows([8], [4]));
    expect(told).toEqual([]);
    tell();
    expect(told).toHaveLength(1);
    expect(values()).toEqual({ 'a/speed': 1, 'a/flow': 4 });
    say('attributes', table(2, ['a/flow']));
    say('samples', rows([7], [5]));
    tell();
    expect(values()).toEqual({ 'a/flow': 5 });
  });
});

it.each([
  [undefined, ''],
  ['*-1d', ''],
  [new Date(2026, 0, 31, 14, 3).toISOString(), '2026-01-31T14:03'],
])('the moment %s stands in its field as "%s"', (at, text) => {
  expect(localMoment(at)).toBe(text);
});
