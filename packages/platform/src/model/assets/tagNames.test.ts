import { expect, it } from 'vitest';
import { storedTag } from '../../northbound/testbed/memoryHistorian.ts';
import { TagNames } from './tagNames.ts';

it('finds a tag by path, then by a name that it alone has, and sees new tags', () => {
  const tags = [
    { ...storedTag(0), path: 'acme/flow', id: 'A', aliases: ['FT-1', 'both'] },
    { ...storedTag(1), path: 'acme/power', id: 'B', aliases: ['acme/flow', 'both'] },
  ];
  const source = { tags: () => tags, tagRevision: 0 };
  const names = new TagNames(source);
  const found = ['acme/flow', 'FT-1', 'B', 'both', 'C'].map((name) => names.find(name)?.index);
  expect(found).toEqual([0, 0, 1, undefined, undefined]);
  tags.push({ ...storedTag(2), path: 'acme/new', id: 'C', aliases: [] });
  source.tagRevision = 1;
  expect(names.find('C')?.index).toBe(2);
});
