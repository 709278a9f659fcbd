import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import type { Assessment } from './assessment.ts';
import type { LearnedProfile } from './learnedProfile.ts';
import type { FeatureRowsLike } from './learningRows.ts';
import { learnProfile } from './learnProfile.ts';
import { profileFromJson } from './profileFromJson.ts';
import { MACHINE, machineRows } from './testbed/machine.ts';

const month = machineRows({ days: 30 });
const random = seededRandom(3);
/** Negative, and of a size of its own, as scores from elsewhere are. */
const scores = month.times.map(() => -1_000 + 100 * Math.log(1 / (1 - random())));

function learned(outside = scores, rows: FeatureRowsLike = month): LearnedProfile {
  const profile = learnProfile(rows, MACHINE, outside);
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}

function judged(profile: LearnedProfile, rows: FeatureRowsLike, outside: (row: number) => number): Assessment[] {
  const stream = profile.stream();
  return Array.from(rows.times, (time, row) => {
    const values = Float64Array.from(rows.columns, (column) => column[row]);
    return stream.push(time, values, rows.quality[row], outside(row));
  });
}

const further = machineRows({ days: 20, seed: 9 });

describe('scores of a model from elsewhere', () => {
  const profile = learned();

  it('are told by how rare they are among those of normal rows', () => {
    const sorted = scores.toSorted();
    const [one] = judged(profile, further, () => sorted[Math.floor(0.98 * sorted.length)]);
    expect(one.score).toBeGreaterThan(1.5);
    expect(one.score).toBeLessThan(1.9);
    // An exponential tail of 100 falls to a thousandth in 691.
    const far = judged(profile, further, () => sorted[0] + 1_500)[0].score;
    expect(far).toBeGreaterThan(4);
  });

  it('raise an alarm where three rows in line are above the threshold, whatever the own score is', () => {
    const strange = judged(profile, further, (row) => (row >= 200 && row < 206 ? 2_000 : -900)).map(
      (row) => row.strange,
    );
    expect(strange.flatMap((is, row) => (is ? [row] : []))).toEqual([202, 203, 204, 205]);
    const wild = machineRows({ days: 20, seed: 9, wrong: () => [0, 60, 0] });
    expect(judged(profile, wild, () => -900).some((row) => row.strange)).toBe(false);
    expect(judged(learnedAlone(), wild, () => -900).some((row) => row.strange)).toBe(true);
  });

  it('leave levels, modes and drifts as they are without them', () => {
    const own = judged(learnedAlone(), further, () => Number.NaN).map(({ drifts }) => drifts);
    expect(judged(profile, further, () => -900).map(({ drifts }) => drifts)).toEqual(own);
  });

  it('a row without one has no score and raises nothing', () => {
    const rows = judged(profile, further, () => Number.NaN);
    expect(new Set(rows.map(({ unscored }) => unscored))).toEqual(new Set(['missing']));
    expect(rows.some(({ strange, drifting }) => strange || drifting)).toBe(false);
  });

  it('go on after the profile and its stream were stored', () => {
    const read = profileFromJson(JSON.parse(JSON.stringify(profile.toJson())));
    if (!read.ok) throw new Error(read.fault.detail);
    const outside = (row: number) => -950 + 30 * (row % 50);
    expect([read.value.needsOutside, learnedAlone().needsOutside]).toEqual([true, false]);
    expect(judged(read.value, further, outside)).toEqual(judged(profile, further, outside));
  });
});

it.each<[string, Float64Array, RegExp]>([
  ['none for one row', scores.map((score, row) => (row === 7 ? Number.NaN : score)), /no number for 1 of 720/],
  ['an infinite one', scores.map((score, row) => (row === 7 ? Number.POSITIVE_INFINITY : score)), /no number for 1/],
  ['the same for all', new Float64Array(720).fill(3), /nothing is strange to it/],
])('%s is refused', (_what, outside, says) => {
  expect(learnProfile(month, MACHINE, outside)).toMatchObject({
    ok: false,
    fault: { code: 'health.bad-data', detail: expect.stringMatching(says) },
  });
});

it('those of rows that are not complete are not looked at', () => {
  const rows = { ...month, quality: month.quality.map((_, row) => (row < 20 ? 0 : 1)) };
  const outside = scores.map((score, row) => (row < 20 ? Number.NaN : score));
  expect(learned(outside, rows).report).toMatchObject({ rows: 700 });
});

function learnedAlone(): LearnedProfile {
  const profile = learnProfile(month, MACHINE);
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}
