/** What is said of one case and holds for all that began with it, over HTTP. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { mustSucceed } from '../historian/query/testbed/historians.ts';
import type { AnyJson } from './testbed/historianDoor.ts';
import { type LeakingSeal, openLeakingSeal } from './testbed/leakingSeal.ts';

let seal: LeakingSeal;
beforeAll(async () => {
  seal = await openLeakingSeal();
});
afterAll(() => seal.stop());

it('what began together goes the same way where that is asked for, and only then', async () => {
  const { door } = seal;
  const { cases } = seal.health;
  const onCase = async (body: object): Promise<AnyJson> => {
    const response = await door.post('/health/cases/operations', { number: 1, by: 'mira', ...body });
    return { status: response.status, ...((await response.json()) as object) };
  };
  const first = mustSucceed(cases.get(1));
  const change = { at: first.openedAt, by: 'tidegate', kind: 'opened', why: 'a dip of the power' } as const;
  const [second, third] = ['dry-seal', 'loose-seal'].map((failure) => {
    const { reasons } = first;
    return mustSucceed(cases.add({ ...first, beganWith: 1, reasons: { ...reasons, failure } }, change)).number;
  });
  const stateOf = (number: number) => mustSucceed(cases.get(number)).state;
  expect((await door.json('/health/cases')).cases[0].group).toMatchObject({ first: 1, count: 3, place: 'acme/p1' });
  const close = { operation: 'close', comment: 'the power dipped' };
  expect(await onCase({ number: second, operation: 'reopen', comment: 'no', group: true })).toMatchObject({
    ...{ status: 400, errors: [{ field: 'group', detail: 'goes with snooze, find, close, comment' }] },
  });
  expect(await onCase({ number: second, operation: 'comment', comment: 'seen', group: true })).toMatchObject({
    ...{ status: 200, number: second },
  });
  for (const number of [1, second, third]) {
    expect((await door.json(`/health/case?number=${number}`)).history.at(-1)).toMatchObject({ what: 'commented' });
  }
  await onCase({ number: second, ...close });
  expect([1, second, third].map(stateOf)).toEqual(['open', 'closed', 'open']);
  await onCase({ number: third, ...close, group: true });
  expect([1, second, third].map(stateOf)).toEqual(['closed', 'closed', 'closed']);
  await onCase({ operation: 'undo' });
  expect([1, second, third].map(stateOf)).toEqual(['open', 'closed', 'closed']);
});
