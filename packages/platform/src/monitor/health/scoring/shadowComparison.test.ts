import { expect, it } from 'vitest';
import { ShadowTally } from './shadowComparison.ts';

/** A letter is a row: of an alarm to the active model (a), to the shadow (s), to both (b), to none (.). */
function tally(rows: string, state?: unknown): ShadowTally {
  const counted = new ShadowTally(2, 1, state);
  const before = counted.comparison().rows;
  for (const [at, row] of [...rows].entries()) counted.push(before + at + 1, 'ab'.includes(row), 'sb'.includes(row));
  return counted;
}

it.each([
  ['', { rows: 0, since: undefined, agreement: undefined }],
  ['....', { rows: 4, active: 0, shadow: 0, both: 0, agreement: 1, since: 1, until: 4 }],
  ['aa..', { active: 2, shadow: 0, activeAlarms: 1, shadowAlarms: 0, agreement: 0.5 }],
  ['a.bbs', { active: 3, shadow: 3, both: 2, activeAlarms: 2, shadowAlarms: 1, agreement: 0.6 }],
])('"%s"', (rows, expected) => expect(tally(rows).comparison()).toMatchObject(expected));

it('goes on after a restart, and begins anew against another model', () => {
  const state = JSON.parse(JSON.stringify(tally('a.b').state()));
  expect(tally('bs', state).comparison()).toEqual(tally('a.bbs').comparison());
  expect(new ShadowTally(2, 3, state).comparison()).toMatchObject({ rows: 0, against: 3 });
});
