import { expect, it } from 'vitest';
import { treeMove, treeRows, typeAhead } from '../tree/treeRows.ts';
import { buildTagTree, filterTags, folderKeys, type TreeTag } from './tagTree.ts';

const tag = (index: number, path: string, more: Partial<TreeTag> = {}): TreeTag => ({
  index,
  path,
  unit: '',
  description: '',
  aliases: [],
  ...more,
});

const PLANT = [
  tag(0, 'works/area/reactor/level 10', { unit: '%', description: 'Liquid level' }),
  tag(1, 'works/area/reactor/level 2', { aliases: ['LI-102'] }),
  tag(2, 'works/area/stripper/flow', { unit: 'm3/h' }),
  tag(3, 'works/area/load'),
];

const shape = (open: Iterable<string>, tags = PLANT) =>
  treeRows(buildTagTree(tags), new Set(open)).map((row) => `${' '.repeat(row.level - 1)}${row.node.name}`);

it('joins folders that hold nothing but one folder, and puts folders before leaves in natural order', () => {
  expect(shape(['works/area/', 'works/area/reactor/'])).toEqual([
    'works / area',
    ' reactor',
    '  level 2',
    '  level 10',
    ' stripper',
    ' load',
  ]);
  expect(shape([])).toEqual(['works / area']);
  expect(folderKeys(buildTagTree(PLANT))).toEqual(['works/area/', 'works/area/reactor/', 'works/area/stripper/']);
});

it('keeps two tags of the same path apart, and a tag beside a folder of its name', () => {
  const tree = buildTagTree([tag(0, 'a/b'), tag(1, 'a/b'), tag(2, 'a/b/c')]);
  const rows = treeRows(tree, new Set(folderKeys(tree)));
  expect(new Set(rows.map((row) => row.node.key)).size).toBe(rows.length);
  expect(rows).toHaveLength(5);
});

it('tells each row its level, its place and its parent', () => {
  const rows = treeRows(buildTagTree(PLANT), new Set(['works/area/']));
  expect(rows.map(({ level, position, siblings, parent }) => [level, position, siblings, parent])).toEqual([
    [1, 1, 1, -1],
    [2, 1, 3, 0],
    [2, 2, 3, 0],
    [2, 3, 3, 0],
  ]);
});

it.each([
  ['', [0, 1, 2, 3]],
  ['LEVEL', [0, 1]],
  ['level liquid', [0]],
  ['li-102', [1]],
  ['m3', [2]],
  ['reactor flow', []],
])('filter "%s" leaves %j', (filter, expected) => {
  expect(filterTags(PLANT, filter).map(({ index }) => index)).toEqual(expected);
});

it.each([
  [0, 'ArrowDown', { kind: 'go', row: 1 }],
  [0, 'ArrowUp', { kind: 'go', row: 0 }],
  [0, 'ArrowRight', { kind: 'go', row: 1 }],
  [0, 'ArrowLeft', { kind: 'close', row: 0 }],
  [1, 'ArrowRight', { kind: 'open', row: 1 }],
  [1, 'ArrowLeft', { kind: 'go', row: 0 }],
  [3, 'ArrowLeft', { kind: 'go', row: 0 }],
  [3, 'ArrowRight', undefined],
  [3, 'ArrowDown', { kind: 'go', row: 3 }],
  [3, 'Home', { kind: 'go', row: 0 }],
  [0, 'End', { kind: 'go', row: 3 }],
  [0, 'PageDown', { kind: 'go', row: 2 }],
  [3, 'Enter', { kind: 'choose', row: 3 }],
  [3, ' ', { kind: 'choose', row: 3 }],
  [3, 'Tab', undefined],
  [9, 'Home', undefined],
])('on row %i the key %s asks for %j', (active, key, expected) => {
  const open = new Set(['works/area/']);
  expect(treeMove(treeRows(buildTagTree(PLANT), open), open, active, key, 2)).toEqual(expected);
});

it('finds rows by the letters typed', () => {
  const rows = treeRows(buildTagTree(PLANT), new Set(['works/area/']));
  expect(typeAhead(rows, 0, 's')).toBe(2);
  expect(typeAhead(rows, 2, 'st')).toBe(2);
  expect(typeAhead(rows, 3, 'r')).toBe(1);
  expect(typeAhead(rows, 0, 'x')).toBe(-1);
});

it('builds and flattens ten thousand tags well within a frame of patience', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    tag(index, `site/area ${index % 40}/unit ${index % 400}/t${index}`),
  );
  const tree = buildTagTree(many);
  const rows = treeRows(tree, new Set(folderKeys(tree)));
  expect(rows.filter((row) => row.node.kind === 'leaf')).toHaveLength(10_000);
});
