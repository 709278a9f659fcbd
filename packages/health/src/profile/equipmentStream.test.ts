import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assessment } from './assessment.ts';
import type { LearnedProfile, ProfileStream } from './learnedProfile.ts';
import type { FeatureRowsLike } from './learningRows.ts';
import { learnProfile } from './learnProfile.ts';
import { profileFromJson } from './profileFromJson.ts';
import { DAY_US, MACHINE, type MachineOptions, machineRows, rowsBetween, START_US } from './testbed/machine.ts';

const LEARNED_ROWS = 40 * 24;
const RESISTANCE = 2;

const month = machineRows({ days: 40 });
const profile = learned(month);

function learned(rows: FeatureRowsLike, spec = MACHINE): LearnedProfile {
  const result = learnProfile(rows, spec);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

/** The days after those that were learned from. */
function daysAfter(options: MachineOptions): FeatureRowsLike {
  const rows = machineRows({ ...options, days: 40 + options.days });
  return rowsBetween(rows, LEARNED_ROWS, rows.times.length);
}

function pushAll(stream: ProfileStream, rows: FeatureRowsLike): Assessment[] {
  return Array.from(rows.times, (time, row) =>
    stream.push(
      time,
      Float64Array.from(rows.columns, (column) => column[row]),
      rows.quality[row],
    ),
  );
}

function after(rows: FeatureRowsLike, days: number): FeatureRowsLike {
  return { ...rows, times: rows.times.map((time) => time + days * DAY_US) };
}

function last(seen: readonly Assessment[]): Assessment {
  return seen[seen.length - 1];
}

function dayOf(time: number): number {
  return (time - START_US) / DAY_US;
}

describe('sound rows', () => {
  it('raise nothing in half a year of other weather, in most of eight machines', () => {
    let falseCases = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const rows = machineRows({ days: 220, seed });
      const own = learned(rowsBetween(rows, 0, LEARNED_ROWS));
      const seen = pushAll(own.stream(), rowsBetween(rows, LEARNED_ROWS, rows.times.length));
      if (seen.some(({ strange, drifting }) => strange || drifting)) falseCases++;
    }
    expect(falseCases).toBeLessThanOrEqual(2);
  });

  it('have scores, modes and levels as they were learned', () => {
    const { score, unscored, mode, drifts, contributions } = last(pushAll(profile.stream(), daysAfter({ days: 20 })));
    expect(unscored).toBeUndefined();
    expect(score).toBeGreaterThanOrEqual(0);
    expect(mode).toBeGreaterThanOrEqual(0);
    expect(contributions.every((share) => share >= 0)).toBe(true);
    expect(drifts[RESISTANCE]).toMatchObject({ life: undefined, step: undefined, noLife: 'There is no drift.' });
    expect(drifts[RESISTANCE].level).toBeCloseTo(1, 1);
  });
});

describe('a resistance that grows', () => {
  /** From day 60 on, faster and faster: at its limit of 4 at day 220. */
  const grown = (day: number) => (day < 60 ? 0 : 3 * ((day - 60) / 160) ** 2);
  const seen = pushAll(profile.stream(), daysAfter({ days: 160, wrong: (day) => [0, 0, grown(day)] }));
  const first = seen.findIndex(({ drifting }) => drifting);

  it('is told as a drift of that feature, early, with its beginning', () => {
    expect(dayOf(seen[first].time)).toBeGreaterThan(62);
    expect(dayOf(seen[first].time)).toBeLessThan(110);
    const evidence = seen[first].drifts.map((drift) => drift.evidence);
    expect(evidence.indexOf(Math.max(...evidence))).toBe(RESISTANCE);
    expect(seen.filter(({ time }) => dayOf(time) < 60).some(({ strange }) => strange)).toBe(false);
    const later = last(seen).drifts[RESISTANCE];
    expect(later.step).toBeUndefined();
    expect(dayOf(later.since)).toBeGreaterThan(50);
    expect(dayOf(later.since)).toBeLessThan(140);
    expect(later.perDay).toBeGreaterThan(0.015);
    expect(later.perDay).toBeLessThan(0.05);
  });

  it.each([30, 60, 90])('leaves a life that holds the truth within its interval, %i days ahead', (ahead) => {
    const at = seen.find(({ time }) => dayOf(time) >= 220 - ahead);
    const { life, noLife } = at!.drifts[RESISTANCE];
    expect(noLife).toBeUndefined();
    expect(life!.lowDays).toBeLessThan(ahead);
    expect(life!.highDays).toBeGreaterThan(ahead);
    expect(life!.medianDays).toBeGreaterThan(ahead / 4);
    expect(life!.medianDays).toBeLessThan(ahead * 4);
  });

  it('has no life to tell where it goes away from its limit', () => {
    const falling = daysAfter({ days: 40, wrong: (day) => [0, 0, -0.01 * Math.max(0, day - 45)] });
    const { life, noLife, evidence } = last(pushAll(profile.stream(), falling)).drifts[RESISTANCE];
    expect(evidence).toBeGreaterThan(1);
    expect(life).toBeUndefined();
    expect(noLife).toMatch(/away from its limit/);
  });
});

describe('weather and load', () => {
  it('are no drift of what depends on them', () => {
    const hot = daysAfter({ days: 60, wrong: (day) => [0.3 * (day - 40), 0.15 * (day - 40), 0] });
    const seen = last(pushAll(profile.stream(), hot));
    expect(seen.drifts[1].evidence).toBeLessThan(1);
    const alone = daysAfter({ days: 60, wrong: (day) => [0, 0.15 * (day - 40), 0] });
    expect(last(pushAll(profile.stream(), alone)).drifts[1].evidence).toBeGreaterThan(1);
  });

  it('that did not change are no drift either, where what they explain drifts', () => {
    const alone = daysAfter({ days: 60, wrong: (day) => [0, 0.15 * (day - 40), 0] });
    const features = MACHINE.features.map((one, i) => (i === 0 ? { ...one, negligible: 3 } : one));
    const { drifts } = last(pushAll(learned(month, { ...MACHINE, features }).stream(), alone));
    expect(drifts.map(({ evidence }) => evidence >= 1)).toEqual([false, true, false]);
  });
});

describe('a strange row', () => {
  const RESISTANCE_BORNE = 0.5;
  const features = MACHINE.features.map((one, i) =>
    i === RESISTANCE ? { ...one, negligible: RESISTANCE_BORNE } : one,
  );
  const tolerant = learned(month, { ...MACHINE, features });
  const isStrange = (from: LearnedProfile, more: readonly [number, number, number]) => {
    const rows = daysAfter({ days: 10, wrong: (day) => (day > 45 && day < 45.5 ? more : [0, 0, 0]) });
    return pushAll(from.stream(), rows).filter(({ strange }) => strange);
  };

  it.each<[string, readonly [number, number, number], boolean]>([
    ['lies outside of what was learned, but along its relations', [40, 20, 0], false],
    ['breaks a relation', [0, 20, 0], true],
    ['breaks it outside of what was learned', [40, -10, 0], true],
  ])('that %s', (_, more, is) => {
    expect(isStrange(profile, more).length > 0).toBe(is);
  });

  it('is none as long as every feature is negligibly far from what is expected', () => {
    expect(isStrange(profile, [0, 0, 0.6 * RESISTANCE_BORNE]).length).toBeGreaterThan(0);
    expect(isStrange(tolerant, [0, 0, 0.6 * RESISTANCE_BORNE])).toEqual([]);
    const seen = isStrange(tolerant, [0, 0, 2 * RESISTANCE_BORNE]);
    expect(seen.length).toBeGreaterThan(0);
    for (const { contributions } of seen)
      expect([...contributions].map((part) => part > 0)).toEqual([false, false, true]);
  });
});

describe('a step', () => {
  it.each<[string, number, (value: number) => number, RegExp | undefined]>([
    ['a factor of 1000', RESISTANCE, (value) => value * 1_000, /a factor of 1000/],
    ['Fahrenheit', 1, (value) => value * 1.8 + 32, /Celsius to Fahrenheit/],
    ['another part', RESISTANCE, (value) => value + 0.7, undefined],
    ['next to nothing', RESISTANCE, (value) => value * 0.004, undefined],
  ])('is told at once, as a step and no trend: %s', (_, feature, to, conversion) => {
    const rows = daysAfter({ days: 40 });
    const column = rows.columns[feature].map((value, row) => (row < 20 * 24 ? value : to(value)));
    const changed = { ...rows, columns: rows.columns.map((one, i) => (i === feature ? column : one)) };
    const seen = pushAll(profile.stream(), changed);
    const first = seen.findIndex(({ drifting }) => drifting);
    expect(first - 20 * 24).toBeLessThanOrEqual(6);
    expect(seen.findIndex(({ strange }) => strange) - 20 * 24).toBeLessThanOrEqual(6);
    for (const { drifts } of [seen[first], last(seen)]) {
      const { step, life, noLife, since } = drifts[feature];
      expect(dayOf(since)).toBeCloseTo(60, 0);
      expect(step!.to / to(step!.from)).toBeCloseTo(1, 1);
      expect(life).toBeUndefined();
      expect(noLife).toBe('It is a step and no trend.');
      if (conversion) expect(step!.conversion).toMatch(conversion);
      else expect(step!.conversion).toBeUndefined();
    }
  });
});

it('a machine that runs for three hours every third day has levels and drifts as well', () => {
  const running = (rows: FeatureRowsLike): FeatureRowsLike => {
    const runs = (_: unknown, row: number) => row % 72 < 3;
    const columns = rows.columns.map((column) => column.filter(runs));
    return { times: rows.times.filter(runs), columns, quality: rows.quality.filter(runs) };
  };
  const rows = running(machineRows({ days: 250, wrong: (day) => [0, 0, 0.005 * Math.max(0, day - 150)] }));
  const seen = pushAll(learned(rowsBetween(rows, 0, 144)).stream(), rowsBetween(rows, 144, rows.times.length));
  const first = seen.findIndex(({ drifting }) => drifting);
  expect(dayOf(seen[first].time)).toBeGreaterThan(150);
  expect(last(seen).drifts[RESISTANCE].evidence).toBeGreaterThan(1);
});

describe('doubtful rows', () => {
  const rows = daysAfter({ days: 30 });
  const broken = daysAfter({ days: 30, wrong: () => [30, 30, 1] });

  it.each([
    ['doubtful', 'doubtful', { ...broken, quality: broken.quality.map(() => 0.4) }],
    [
      'without a value',
      'missing',
      { ...broken, columns: broken.columns.map((c, i) => (i === 0 ? c.map(() => Number.NaN) : c)) },
    ],
    ['of a quality that is none', 'doubtful', { ...broken, quality: broken.quality.map(() => Number.NaN) }],
  ])('%s have no score, move nothing and raise nothing', (_, unscored, bad) => {
    const stream = profile.stream();
    const before = last(pushAll(stream, rows)).drifts;
    for (const seen of pushAll(stream, after(bad as FeatureRowsLike, 30))) {
      expect(seen).toMatchObject({ score: Number.NaN, unscored, strange: false, drifting: false, mode: -1 });
      expect(seen.drifts.map(({ level }) => level)).toEqual(before.map(({ level }) => level));
    }
    const again = pushAll(stream, after(rows, 60));
    expect(again.some(({ strange, drifting }) => strange || drifting)).toBe(false);
  });

  it('do not become scores after a gap of weeks, and levels begin anew after it', () => {
    const stream = profile.stream();
    pushAll(stream, rows);
    const shifted = after(daysAfter({ days: 10, wrong: () => [0, 0, 0.3] }), 60);
    const seen = pushAll(stream, shifted);
    expect(seen.slice(2 * 24).some(({ drifting }) => drifting)).toBe(true);
    expect(last(seen).drifts[RESISTANCE].level).toBeCloseTo(1.3, 1);
  });

  it('that go back in time, or have another width, are a mistake of the caller', () => {
    const stream = profile.stream();
    stream.push(START_US, new Float64Array(3), 1);
    expect(() => stream.push(START_US, new Float64Array(3), 1)).toThrow(RangeError);
    expect(() => stream.push(START_US + 1, new Float64Array(2), 1)).toThrow(RangeError);
  });
});

describe('what is stored', () => {
  const rows = daysAfter({ days: 60, wrong: (day) => [0, 0, 0.01 * Math.max(0, day - 50)] });
  for (let row = 0; row < rows.times.length; row += 97) rows.columns[1][row] = Number.NaN;
  const whole = pushAll(profile.stream(), rows);

  it('goes on exactly where it stood, wherever that was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: rows.times.length }), (cut) => {
        const before = profile.stream();
        pushAll(before, rowsBetween(rows, 0, cut));
        const stored = JSON.parse(JSON.stringify(before.state()));
        const rest = pushAll(profile.stream(stored), rowsBetween(rows, cut, rows.times.length));
        expect(rest).toEqual(whole.slice(cut));
      }),
      { numRuns: 6 },
    );
  });

  it('is the same profile, read from its document', () => {
    const document = JSON.parse(JSON.stringify(profile.toJson()));
    const read = profileFromJson(document);
    if (!read.ok) throw new Error(read.fault.detail);
    expect(read.value.report).toEqual(profile.report);
    expect(read.value.spec).toEqual(profile.spec);
    expect(pushAll(read.value.stream(), rows)).toEqual(whole);
    expect(JSON.parse(JSON.stringify(read.value.toJson()))).toEqual(document);
  });

  it('does not grow', () => {
    const stream = profile.stream();
    const numbers = () => JSON.stringify(stream.state()).split(',').length;
    const before = numbers();
    pushAll(stream, daysAfter({ days: 400 }));
    expect(numbers()).toBe(before);
  });

  it('of another profile begins afresh', () => {
    const afresh = pushAll(profile.stream(), rowsBetween(rows, 0, 50));
    for (const state of [null, 7, {}, { memory: [] }, { memory: [[1], 2] }]) {
      expect(pushAll(profile.stream(state), rowsBetween(rows, 0, 50))).toEqual(afresh);
    }
  });

  it('with a count that is none begins afresh, and goes through nothing without end', () => {
    const afresh = pushAll(profile.stream(), rowsBetween(rows, 0, 50));
    const stream = profile.stream();
    pushAll(stream, daysAfter({ days: 30 }));
    const state = stream.state() as { memory: number[][] };
    const last = state.memory.length - 1;
    for (const [memory, at] of [
      [last, state.memory[last].length - 2],
      [last - 1, 0],
      [last - 1, 2],
      [last - 1, 3],
    ]) {
      for (const wrong of [1e300, -1, 0.5, 'NaN']) {
        const spoilt = { memory: state.memory.map((one) => [...one]) };
        spoilt.memory[memory][at] = wrong as number;
        expect(pushAll(profile.stream(spoilt), rowsBetween(rows, 0, 50))).toEqual(afresh);
      }
    }
  });

  it('and spoilt is a fault that names a member, never an exception', () => {
    const document = JSON.stringify(profile.toJson());
    const members = [
      'spec',
      'kept',
      'detector',
      'normals',
      'rowNormals',
      'report',
      'usualPeak',
      'clock',
      'kind',
      'form',
    ];
    for (const member of members) {
      const spoilt = JSON.parse(document);
      delete spoilt[member];
      expect(profileFromJson(spoilt)).toMatchObject({ ok: false, fault: { code: 'health.bad-data' } });
    }
    for (const junk of [undefined, null, 1, 'profile', [], {}]) expect(profileFromJson(junk).ok).toBe(false);
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.jsonValue(), (member, value) => {
        const spoilt = JSON.parse(document);
        spoilt[member] = value;
        const read = profileFromJson(spoilt);
        if (read.ok) read.value.stream().push(START_US, new Float64Array(read.value.spec.features.length), 1);
      }),
      { numRuns: 60 },
    );
  });
});
