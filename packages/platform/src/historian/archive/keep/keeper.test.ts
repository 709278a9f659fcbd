import { expect, onTestFinished, test } from 'vitest';
import { KEEPER_CLOSED, Keeper, THREAD_ENDED } from './keeper.ts';

const MISSING = { kind: 'scrub', path: '/nowhere/at-all.segment', share: 1 } as const;
/** A merge of nothing is a bug of ours, and ends the thread. */
const IMPOSSIBLE = { kind: 'merge', inputs: [], keepFrom: new Float64Array(0), share: 1 } as const;

function makeKeeper(): Keeper {
  const keeper = new Keeper(() => {});
  onTestFinished(() => keeper.close());
  return keeper;
}

test('a bug ends the thread with every job that it has, and the next job has one of its own', async () => {
  const keeper = makeKeeper();
  const jobs = [keeper.run<'merge'>(IMPOSSIBLE), keeper.run<'merge'>(IMPOSSIBLE)];
  const ended = { status: 'rejected', reason: { code: THREAD_ENDED } };
  expect(await Promise.allSettled(jobs)).toMatchObject([ended, ended]);
  await expect(keeper.run<'scrub'>(MISSING)).rejects.toMatchObject({ code: 'EIO' });
});

test('what is under way when it is closed, or comes later, is refused', async () => {
  const keeper = makeKeeper();
  const underWay = keeper.run<'scrub'>(MISSING);
  const closing = keeper.close();
  await expect(underWay).rejects.toMatchObject({ code: KEEPER_CLOSED });
  await closing;
  await expect(keeper.run<'scrub'>(MISSING)).rejects.toMatchObject({ code: KEEPER_CLOSED });
});
