import { failure } from '@tidegate/core/fault/fault.ts';
import { describe, expect, it } from 'vitest';
import type { LearnedProfile } from './learnedProfile.ts';
import type { FeatureRowsLike } from './learningRows.ts';
import { learnProfile } from './learnProfile.ts';
import type { ProfileSpec } from './profileSpec.ts';
import { DAY_US, MACHINE, machineRows, rowsBetween, START_US } from './testbed/machine.ts';

function learned(rows: FeatureRowsLike, spec = MACHINE): LearnedProfile {
  const profile = learnProfile(rows, spec);
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}

function withColumn(rows: FeatureRowsLike, at: number, column: Float64Array): FeatureRowsLike {
  return { ...rows, columns: rows.columns.map((one, i) => (i === at ? column : one)) };
}

describe('a month of sound rows', () => {
  const month = machineRows({ days: 30 });

  it('gives a profile that says what it was learned from', () => {
    const { report } = learned(month);
    expect(report).toMatchObject({ rows: 720, start: month.times[0], end: month.times[719], leftOut: [] });
    expect(report.threshold).toBeGreaterThan(1.5);
    expect(report.thresholdInterval[0]).toBeLessThanOrEqual(report.threshold);
    expect(report.leastDrifts[2]).toBeGreaterThanOrEqual(0.02);
    expect(report.leastDrifts[2]).toBeLessThan(0.1);
  });

  it('says that it is short for one alarm in a year, and has seen no summer', () => {
    const { notes } = learned(month).report;
    expect(notes.join(' ')).toMatch(/30 days is short for one false alarm in 365 days.*no whole year/);
    expect(notes[0]).toMatch(/would allow [\d.]+ to [\d.]+; [\d.]+ is taken/);
  });

  it('gives a wider threshold than one whose budget it can count', () => {
    const weekly = { ...MACHINE, budget: { alarms: 1, perUs: 3 * DAY_US } };
    const often = learned(month, weekly).report;
    expect(often.threshold).toBeLessThan(learned(month).report.threshold);
    expect(often.notes.join(' ')).not.toMatch(/extrapolated/);
  });

  it('leaves out what never changes or has no values, and learns the rest', () => {
    const constant = withColumn(month, 0, new Float64Array(720).fill(50));
    expect(learned(constant).report).toMatchObject({ leftOut: ['load'], rows: 720 });
    const empty = withColumn(month, 1, new Float64Array(720).fill(Number.NaN));
    expect(learned(empty).report.leftOut).toEqual(['temperature']);
    const sparse = withColumn(
      month,
      2,
      month.columns[2].map((value, row) => (row % 5 === 0 ? value : Number.NaN)),
    );
    expect(learned(sparse).report.leftOut).toEqual(['resistance']);
  });

  it('passes over doubtful rows and says how many', () => {
    const quality = month.quality.map((_, row) => (row % 2 === 0 ? 0.3 : 1));
    const { report } = learned({ ...month, quality });
    expect(report.rows).toBe(360);
    expect(report.notes.join(' ')).toMatch(/50 % of the rows were passed over/);
  });

  it('takes a feature that wanders for one whose drift is hard to tell', () => {
    const wandering = month.columns[2].map((value, row) => value - Math.cos(row / 100));
    const { report } = learned(withColumn(month, 2, wandering));
    expect(report.leastDrifts[2]).toBeGreaterThan(5 * learned(month).report.leastDrifts[2]);
    expect(report.notes.join(' ')).toMatch(/resistance wanders slowly of itself/);
  });

  it('promises no budget that the rows do not carry', () => {
    expect(learned(month).report.notes.join(' ')).not.toMatch(/not promised/);
    const rising = month.columns[2].map((value, row) => value + row / 100);
    expect(learned(withColumn(month, 2, rising)).report.notes.join(' ')).toMatch(
      /'resistance' moved too slowly.*The budget is not promised/,
    );
  });
});

describe('what is refused', () => {
  const month = machineRows({ days: 30 });
  const spec = (more: Partial<ProfileSpec>): ProfileSpec => ({ ...MACHINE, ...more });
  const twice = [MACHINE.features[0], MACHINE.features[0], MACHINE.features[2]];
  const jump = (to: (value: number) => number, column: number) =>
    withColumn(
      month,
      column,
      month.columns[column].map((value, row) => (row < 400 ? value : to(value))),
    );

  it.each<[string, FeatureRowsLike, ProfileSpec, string, RegExp]>([
    ['two rows', rowsBetween(month, 0, 2), MACHINE, 'health.too-little', /None of load|2 of 2 rows/],
    ['three days', rowsBetween(month, 0, 72), MACHINE, 'health.too-little', /72 of 72 rows/],
    ['no rows', rowsBetween(month, 0, 0), MACHINE, 'health.too-little', /None of load, temperature, resistance/],
    [
      'all constant',
      { ...month, columns: month.columns.map((c) => c.map(() => 1)) },
      MACHINE,
      'health.too-little',
      /None/,
    ],
    ['all doubtful', { ...month, quality: month.quality.map(() => 0) }, MACHINE, 'health.too-little', /None of load/],
    ['a name for two features', month, spec({ features: twice }), 'health.bad-data', /'load' stands for two/],
    ['no feature', { ...month, columns: [] }, spec({ features: [] }), 'health.bad-data', /no feature/],
    ['a column too few', { ...month, columns: month.columns.slice(1) }, MACHINE, 'health.bad-data', /2 columns/],
    [
      'a short column',
      withColumn(month, 1, new Float64Array(3)),
      MACHINE,
      'health.bad-data',
      /'temperature' has 3 rows/,
    ],
    ['times that fall', { ...month, times: month.times.map((time) => -time) }, MACHINE, 'health.bad-data', /row 2/],
    ['an interval of nothing', month, spec({ intervalUs: 0 }), 'health.bad-data', /interval of 0/],
    ['no budget', month, spec({ budget: { alarms: 0, perUs: DAY_US } }), 'health.bad-data', /no budget/],
    [
      'a factor in the midst',
      jump((value) => value * 1_000, 2),
      MACHINE,
      'health.bad-data',
      /'resistance' goes from.*factor of 1000/,
    ],
    [
      'Fahrenheit in the midst',
      jump((value) => value * 1.8 + 32, 1),
      MACHINE,
      'health.bad-data',
      /'temperature' goes from.*Celsius to Fahrenheit/,
    ],
  ])('%s', (_, rows, spec, code, detail) => {
    expect(learnProfile(rows, spec)).toMatchObject(failure(code as never, expect.stringMatching(detail) as never));
  });
});

it('a start each morning is a mode of its own, and no anomaly', () => {
  const withStarts = (days: number, seed: number) => {
    const rows = machineRows({ days, seed });
    for (let row = 0; row < rows.times.length; row++) {
      if (row % 24 < 6) for (const [i, off] of [-45, -22, 0].entries()) rows.columns[i][row] += off;
    }
    return rows;
  };
  const profile = learned(withStarts(40, 1));
  expect(profile.report.modes).toBeGreaterThan(1);
  const rows = withStarts(60, 2);
  const stream = profile.stream();
  const seen = Array.from(rows.times, (time, row) =>
    stream.push(
      START_US + 100 * DAY_US + time,
      Float64Array.from(rows.columns, (column) => column[row]),
      1,
    ),
  );
  expect(seen.some(({ strange }) => strange)).toBe(false);
  expect(new Set(seen.map(({ mode }) => mode)).size).toBeGreaterThan(1);
});
