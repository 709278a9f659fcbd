import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { SeenSample } from '@tidegate/edge/conditioning/tagColumns.ts';
import { expect, it } from 'vitest';
import { LiveTags } from './liveTags.ts';

const TAG: TagDefinition = {
  number: 0,
  id: 'b',
  path: 'site/b/flow',
  type: 'number',
  lane: 'operational',
  unit: 'm3/h',
  description: 'a flow',
  stepped: false,
  aliases: [],
};
const tagOf = (number: number, path: string): TagDefinition => ({ ...TAG, number, path, id: path });

const SEEN: Readonly<Record<number, SeenSample>> = {
  0: { time: 5 as Timestamp, value: 1.5, status: STATUS.Good },
  1: { time: 6 as Timestamp, value: Number.NaN, status: STATUS.Good },
  2: { time: 7 as Timestamp, value: undefined, status: STATUS.BadTimeout },
};
const tags = new LiveTags(
  {
    definitions: [TAG, tagOf(1, 'site/a/flow'), tagOf(3, 'north-1/_devices/pump/state')],
    withheld: [{ ...tagOf(2, 'site/a/recipe'), states: [{ code: 0, name: 'shut' }] }],
    rules: [],
    rates: [],
    crossings: [],
  },
  { latest: (number) => SEEN[number] },
);
const pathsOf = (pattern: string, from = 0, count = 10) => tags.page(pattern, from, count).tags.map(({ path }) => path);

it('shows what crosses and what does not, in the order of the paths', () => {
  const common = { type: 'number', lane: 'operational', unit: 'm3/h' };
  expect(tags.page('**', 0, 10)).toEqual({
    matched: 3,
    tags: [
      { ...common, path: 'site/a/flow', crosses: true, time: 6, status: STATUS.Good, value: 'NaN' },
      {
        ...common,
        path: 'site/a/recipe',
        crosses: false,
        states: [{ code: 0, name: 'shut' }],
        time: 7,
        status: STATUS.BadTimeout,
      },
      { ...common, path: 'site/b/flow', crosses: true, time: 5, status: STATUS.Good, value: 1.5 },
    ],
  });
});

it.each<[string, string[]]>([
  ['site/a/*', ['site/a/flow', 'site/a/recipe']],
  ['site/*/flow', ['site/a/flow', 'site/b/flow']],
  ['nothing/**', []],
  ['*/_devices/**', ['north-1/_devices/pump/state']],
])('finds %s', (pattern, paths) => {
  expect(pathsOf(pattern)).toEqual(paths);
});

it('gives pages, and what was not read without a value', () => {
  expect(tags.page('**', 1, 1)).toMatchObject({ matched: 3, tags: [{ path: 'site/a/recipe' }] });
  expect(tags.page('**', 3, 5)).toEqual({ matched: 3, tags: [] });
  expect(tags.page('*/_devices/**', 0, 1).tags[0]).not.toHaveProperty('time');
});

it('goes on to find what it is asked for when many patterns have been asked', () => {
  for (let count = 0; count < 100; count++) expect(pathsOf(`x${count}/**`)).toEqual([]);
  expect(pathsOf('site/b/*')).toEqual(['site/b/flow']);
});
