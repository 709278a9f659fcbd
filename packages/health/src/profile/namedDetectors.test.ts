import { describe, expect, it } from 'vitest';
import { DETECTOR_NAMES, type DetectorName } from '../detect/namedEnsemble.ts';
import type { Assessment } from './assessment.ts';
import type { LearnedProfile, ProfileStream } from './learnedProfile.ts';
import type { FeatureRowsLike } from './learningRows.ts';
import { learnProfile } from './learnProfile.ts';
import { profileFromJson } from './profileFromJson.ts';
import { DAY_US, MACHINE, machineRows, rowsBetween } from './testbed/machine.ts';

const LEARNED_ROWS = 40 * 24;
/** A tenth of a year: the forty days carry it. */
const OFTEN = { alarms: 1, perUs: 36 * DAY_US };

/** From day 50 on for half a day. */
const machine = machineRows({ days: 60, wrong: (day) => (day > 50 && day < 50.5 ? [0, 12, 0.3] : [0, 0, 0]) });
const month = rowsBetween(machine, 0, LEARNED_ROWS);
const later = rowsBetween(machine, LEARNED_ROWS, machine.times.length);

function learned(detectors?: readonly DetectorName[], budget = OFTEN): LearnedProfile {
  const profile = learnProfile(month, { ...MACHINE, budget, detectors });
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}

function pushAll(stream: ProfileStream, rows: FeatureRowsLike): Assessment[] {
  return Array.from(rows.times, (time, row) => {
    const values = Float64Array.from(rows.columns, (column) => column[row]);
    return stream.push(time, values, 1);
  });
}

describe.each(DETECTOR_NAMES)('a profile that judges by %s', (name) => {
  const profile = learned([name]);
  const whole = pushAll(profile.stream(), later);

  it('is the same from its document, and its streams go on from their states', () => {
    const read = profileFromJson(JSON.parse(JSON.stringify(profile.toJson())));
    if (!read.ok) throw new Error(read.fault.detail);
    expect(read.value.spec.detectors).toEqual([name]);
    for (const cut of [1, 100, 245]) {
      const before = profile.stream();
      pushAll(before, rowsBetween(later, 0, cut));
      const after = read.value.stream(JSON.parse(JSON.stringify(before.state())));
      expect(pushAll(after, rowsBetween(later, cut, later.times.length))).toEqual(whole.slice(cut));
    }
  });

  it('finds what is wrong, or says that it never can', () => {
    const strange = whole.flatMap(({ strange }, row) => (strange ? [40 + row / 24] : []));
    for (const day of strange) expect(Math.abs(day - 50.25)).toBeLessThan(0.5);
    const says = profile.report.notes.join(' ');
    if (name === 'spectral') expect(says).toMatch(/the score by spectral .*Name other detectors/);
    else expect(strange.length).toBeGreaterThan(0);
  });
});

it('several detectors are one score: that of the most surprised', () => {
  const scores = ([...names]: DetectorName[]) => pushAll(learned(names).stream(), later).map(({ score }) => score);
  const [limits, nearest, both] = [scores(['limits']), scores(['nearest']), scores(['limits', 'nearest'])];
  for (const [row, score] of both.entries()) expect(score).toBe(Math.max(limits[row], nearest[row]));
});

it('a detector that the rows do not carry is named, and the others judge', () => {
  const rows = Array.from(month.times.keys()).filter((row) => row % 5 !== 0);
  const broken = {
    times: Float64Array.from(rows, (row) => month.times[row]),
    columns: month.columns.map((column) => Float64Array.from(rows, (row) => column[row])),
    quality: new Float64Array(rows.length).fill(1),
  };
  const profile = learnProfile(broken, { ...MACHINE, detectors: ['spectral', 'nearest'] });
  expect(profile.ok && profile.value.report.notes.join(' ')).toMatch(/'spectral' does not judge: 0 normal scores/);
  const alone = learnProfile(broken, { ...MACHINE, detectors: ['spectral'] });
  expect(alone).toMatchObject({ ok: false, fault: { code: 'health.too-little' } });
});

it.each<[string, readonly string[], RegExp]>([
  ['none', [], /no detector at all/],
  ['one that is none', ['pca', 'magic'], /'magic' is no detector; there are limits,/],
  ['one twice', ['pca', 'pca'], /'pca' is named twice/],
])('a watch that names %s is refused, and so is its document', (_, names, reason) => {
  const detectors = names as DetectorName[];
  const fault = { code: 'health.bad-data', detail: expect.stringMatching(reason) };
  expect(learnProfile(month, { ...MACHINE, detectors })).toMatchObject({ ok: false, fault });
  const document = JSON.parse(JSON.stringify(learned().toJson()));
  document.spec.detectors = names;
  expect(profileFromJson(document)).toMatchObject({ ok: false, fault });
});

describe('a document of another form', () => {
  const document = JSON.parse(JSON.stringify(learned().toJson()));

  it('is read where it is the first, which had no seasons', () => {
    const { seasons: _, ...others } = document;
    const read = profileFromJson({ ...others, form: 1 });
    if (!read.ok) throw new Error(read.fault.detail);
    expect(pushAll(read.value.stream(), later)).toEqual(pushAll(learned().stream(), later));
    expect(JSON.parse(JSON.stringify(read.value.toJson()))).toEqual(document);
  });

  it('is refused where it is not known yet', () => {
    const fault = { code: 'health.bad-data', detail: 'Its form is 3, and 1 to 2 are known.' };
    expect(profileFromJson({ ...document, form: 3 })).toEqual({ ok: false, fault });
  });
});
