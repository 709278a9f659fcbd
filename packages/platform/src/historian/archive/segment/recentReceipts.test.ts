import { expect, test } from 'vitest';
import type { Receipts } from '../receipts.ts';
import { RecentReceipts } from './recentReceipts.ts';

function receiptsOf(rows: number): Receipts {
  const [receivedAt, horizons, streamOf] = [new Float64Array(rows), new Float64Array(rows), new Uint16Array(rows)];
  return { streams: ['a'], receivedAt, horizons, streamOf };
}

test('those that were not used for longest go when there are too many rows, but never the newest', () => {
  const recent = new RecentReceipts();
  const kept = () => ['a', 'b', 'c', 'd'].filter((path) => recent.get(path));
  for (const path of ['a', 'b', 'c']) recent.add(path, receiptsOf(1_000_000));
  recent.get('a');
  recent.add('d', receiptsOf(2_000_000));
  expect(kept()).toEqual(['a', 'c', 'd']);
  recent.forget('c');
  recent.add('b', receiptsOf(1_000_000));
  expect(kept()).toEqual(['a', 'b', 'd']);
  recent.add('c', receiptsOf(9_000_000));
  expect(kept()).toEqual(['c']);
});
