import { expect, it } from 'vitest';
import { mutateDatagrams } from './diodeMutations.ts';

it('SR 3.1, SR 3.5: of mutated datagrams none has an effect, and genuine ones between them all have theirs', async () => {
  const counts = await mutateDatagrams({ count: 50_000, seed: 17 });
  const { mutated, accepted, malformed, unauthenticated, replayed, sent, stored } = counts;
  expect(accepted).toBe(0);
  expect(malformed + unauthenticated + replayed).toBe(mutated);
  expect(malformed).toBeGreaterThan(1_000);
  expect(unauthenticated).toBeGreaterThan(1_000);
  expect(stored).toBe(sent);
});
