import { expect, test } from 'vitest';
import type { StoredTag } from '../../ingest/storedTag.ts';
import { Retention } from './retention.ts';

function tagsOf(...paths: string[]): StoredTag[] {
  return paths.map((path) => ({ path }) as StoredTag);
}

test('the first rule that fits holds, and follows a tag to its new name', () => {
  const retention = new Retention([
    { tags: 'plant/*/alarm', keepUs: Number.POSITIVE_INFINITY },
    { tags: 'plant/**', keepUs: 10 },
  ]);
  const never = Number.NEGATIVE_INFINITY;
  expect([...retention.keepFrom(tagsOf('plant/a/alarm', 'plant/a/x', 'office/x'), 100)]).toEqual([never, 90, never]);
  expect([...retention.keepFrom(tagsOf('plant/a/alarm', 'office/y', 'plant/b/x'), 101)]).toEqual([never, never, 91]);
});
