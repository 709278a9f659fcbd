import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { learnChangePoints } from './changePoints.ts';
import type { DetectorDocument, LearnedDetector } from './detector.ts';
import { detectorFromJson } from './detectorFromJson.ts';
import { learnIsolationForest } from './isolationForest.ts';
import { learnLimits } from './limits.ts';
import { learnNamedEnsemble } from './namedEnsemble.ts';
import { learnNearestNeighbours } from './nearestNeighbours.ts';
import { learnNovelty } from './novelty.ts';
import { learnOperatingModes } from './operatingModes.ts';
import { learnPrincipalComponents } from './principalComponents.ts';
import type { SignalTable } from './signalTable.ts';
import { learnSpectralResidual } from './spectralResidual.ts';

/** `flow` and `power` move together, `noise` alone. */
function normalTable(rowCount: number, seed = 7): SignalTable {
  const random = seededRandom(seed);
  const draw = () => random() + random() + random() + random() - 2;
  const load = Float64Array.from({ length: rowCount }, draw);
  return {
    names: ['flow', 'power', 'noise'],
    columns: [
      load.map((value) => 50 + 5 * value + 0.1 * draw()),
      load.map((value) => 2 + 0.2 * value + 0.004 * draw()),
      load.map(() => 1000 * draw()),
    ],
  };
}

const LEARNERS: Readonly<Record<string, (table: SignalTable) => Result<LearnedDetector>>> = {
  'limits at once': (table) => learnLimits(table, { form: 'shewhart' }),
  ewma: (table) => learnLimits(table, { form: 'ewma', newest: 0.2 }),
  cusum: (table) => learnLimits(table, { form: 'cusum', shift: 1 }),
  'principal components': (table) => learnPrincipalComponents(table),
  'dynamic components': (table) => learnPrincipalComponents(table, { lags: 3 }),
  'running mean of components': (table) => learnPrincipalComponents(table, { newest: 0.1, variance: 1 }),
  'nearest neighbours': (table) => learnNearestNeighbours(table),
  'isolation forest': (table) => learnIsolationForest(table),
  'change points': (table) => learnChangePoints(table),
  'spectral residual': (table) => learnSpectralResidual(table, { window: 30 }),
  'operating modes': (table) => learnOperatingModes(table, (mode) => learnPrincipalComponents(mode)),
  novelty: learnNovelty,
  'standard ensemble': (table) => {
    const named = learnNamedEnsemble(table);
    return named.ok ? success(named.value.ensemble) : named;
  },
};

function learned(name: string, table = normalTable(200)): LearnedDetector {
  const result = LEARNERS[name](table);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

/** As `pushed`, by streams that take over from one another every seven rows, with nothing but the memory of the one before. */
function resumed(detector: LearnedDetector, rows: readonly (readonly number[])[]): number[] {
  let stream = detector.stream();
  return rows.map((row, at) => {
    if (at % 7 === 6) {
      const before = stream.memory();
      stream = detector.stream();
      for (const [i, memory] of stream.memory().entries()) memory.set(before[i]);
    }
    return stream.push(Float64Array.from(row));
  });
}

describe.each(Object.keys(LEARNERS))('%s', (name) => {
  it('gives the same scores in a batch, row by row, and read back from JSON', () => {
    const detector = learned(name);
    const back = detectorFromJson(JSON.parse(JSON.stringify(detector.toJson())));
    if (!back.ok) throw new Error(back.fault.detail);
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: -100, max: 100 }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 60 }), (rows) => {
        const columns = [0, 1, 2].map((i) => Float64Array.from(rows, (row) => row[i]));
        const batch = detector.score(columns);
        const stream = detector.stream();
        const pushed = rows.map((row) => stream.push(Float64Array.from(row)));
        expect(Array.from(batch)).toEqual(pushed);
        expect(Array.from(back.value.score(columns))).toEqual(pushed);
        for (const [i, row] of rows.entries()) if (row.some(Number.isNaN)) expect(pushed[i]).toBeNaN();
        expect(resumed(detector, rows)).toEqual(pushed);
      }),
      { numRuns: 20 },
    );
  });

  it('has no score and no contributions for a row that misses a value, and goes on after it', () => {
    const stream = learned(name).stream();
    const table = normalTable(80, 3);
    const row = (i: number) => Float64Array.from(table.columns, (column) => column[i]);
    for (let i = 0; i < 40; i++) stream.push(row(i));
    expect(stream.push(Float64Array.of(50, Number.NaN, 0))).toBeNaN();
    expect(Array.from(stream.contributions())).toEqual([0, 0, 0]);
    let last = Number.NaN;
    for (let i = 40; i < 80; i++) last = stream.push(row(i));
    expect(last).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, SignalTable, RegExp]>([
    ['two rows', normalTable(2), /2 of 2 rows/],
    [
      'a constant column',
      { ...normalTable(200), columns: [...normalTable(200).columns.slice(0, 2), new Float64Array(200)] },
      /'noise' never changes/,
    ],
    [
      'a column without values',
      {
        ...normalTable(200),
        columns: [...normalTable(200).columns.slice(0, 2), new Float64Array(200).fill(Number.NaN)],
      },
      /'noise' has no value/,
    ],
    ['a name twice', { ...normalTable(200), names: ['flow', 'power', 'flow'] }, /'flow' stands for two/],
    [
      'columns of two lengths',
      { ...normalTable(200), columns: [...normalTable(200).columns.slice(0, 2), normalTable(9).columns[2]] },
      /'noise' has 9 rows/,
    ],
    ['no column', { names: [], columns: [] }, /no signal/],
  ])('refuses %s', (_, table, detail) => {
    const result = LEARNERS[name](table);
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(detail) } });
  });
});

describe('what is found', () => {
  const NAMES = Object.keys(LEARNERS).filter((name) => name !== 'spectral residual');

  it.each(NAMES)('%s: rows far off score above all normal rows', (name) => {
    const detector = learned(name, normalTable(400));
    const table = normalTable(200, 11);
    const before = Math.max(...detector.score(table.columns).filter(Number.isFinite).subarray(10));
    const shifts = [60, 2.4, 12_000];
    const scores = detector.score(
      table.columns.map((column, i) => column.map((value, row) => (row >= 150 ? value + shifts[i] : value))),
    );
    expect(Math.max(...scores.subarray(150, 170))).toBeGreaterThan(before);
  });

  it('components see a broken relation that no limit sees, and name the signals', () => {
    const table = normalTable(400);
    const detector = learned('principal components', table);
    const stream = detector.stream();
    const broken = stream.push(Float64Array.of(54, 1.84, 0));
    expect(broken).toBeGreaterThan(10 * Math.max(...detector.score(table.columns)));
    const [flow, power, noise] = stream.contributions();
    expect(flow + power + noise).toBeCloseTo(broken, 6);
    expect(noise).toBeLessThan(0.01 * broken);
    expect(
      Math.max(
        ...learned('limits at once', table).score([Float64Array.of(54), Float64Array.of(1.84), Float64Array.of(0)]),
      ),
    ).toBeLessThan(3);
  });

  it('a forest isolates rows the sooner, the further they are from all normal ones', () => {
    const detector = learned('isolation forest', normalTable(400));
    const stream = detector.stream();
    const scores = [0, 0.4, 0.8].map((far) => stream.push(Float64Array.of(50 + 20 * far, 2 + 0.8 * far, 4000 * far)));
    expect(scores[0]).toBeLessThan(0.5);
    expect(scores[1]).toBeGreaterThan(scores[0]);
    expect(scores[2]).toBeGreaterThan(scores[1]);
    expect(scores[2]).toBeGreaterThan(1.1 * Math.max(...detector.score(normalTable(400).columns)));
  });

  it('neighbours are exact: the fifth smallest distance of all', () => {
    const table = normalTable(300);
    const detector = learnNearestNeighbours(table, { references: 300 });
    if (!detector.ok) throw new Error(detector.fault.detail);
    const { scaling, references } = detector.value;
    const row = Float64Array.of(48, 2.3, 900);
    const squares = Array.from({ length: 300 }, (_, at) =>
      row.reduce(
        (sum, value, i) => sum + ((value - scaling.centre[i]) / scaling.spread[i] - references[at * 3 + i]) ** 2,
        0,
      ),
    ).sort((a, b) => a - b);
    expect(detector.value.stream().push(row)).toBeCloseTo(Math.sqrt(squares[4] / 3), 12);
  });

  it('two ways of running share no mode, and rows of neither are found', () => {
    const slow = normalTable(200, 1);
    const fast = normalTable(200, 2);
    const both = {
      names: slow.names,
      columns: slow.columns.map((column, i) =>
        Float64Array.of(...column, ...fast.columns[i].map((value) => value + [300, 20, 20_000][i])),
      ),
    };
    const detector = learnOperatingModes(both, (mode) => learnPrincipalComponents(mode));
    if (!detector.ok) throw new Error(detector.fault.detail);
    const stream = detector.value.stream();
    const modes = Array.from(both.columns[0], (_, row) => {
      stream.push(Float64Array.from(both.columns, (column) => column[row]));
      return stream.mode;
    });
    const slowModes = new Set(modes.slice(0, 200));
    expect(modes.slice(200).some((mode) => slowModes.has(mode))).toBe(false);
    const normal = Math.max(...detector.value.score(both.columns));
    expect(detector.value.stream().push(Float64Array.of(200, 12, 10_000))).toBeGreaterThan(10 * normal);
  });

  it('a change of level is most likely right after it, and forgotten later', () => {
    const table = normalTable(300, 5);
    const columns = table.columns.map((column, i) =>
      i === 2 ? column.map((value, row) => (row >= 200 ? value + 4000 : value)) : column,
    );
    const scores = learned('change points').score(columns);
    expect(Math.max(...scores.subarray(50, 200))).toBeLessThan(0.3);
    expect(Math.max(...scores.subarray(200, 208))).toBeGreaterThan(3);
    expect(scores[290]).toBeLessThan(0.05);
  });

  it('a spike stands out of the spectrum of a wave', () => {
    const wave = Float64Array.from({ length: 300 }, (_, i) => Math.sin(i / 5) + (i === 250 ? 4 : 0));
    const detector = learnSpectralResidual({ names: ['wave'], columns: [wave.subarray(0, 200)] });
    if (!detector.ok) throw new Error(detector.fault.detail);
    const scores = detector.value.score([wave]);
    expect(scores.indexOf(Math.max(...scores.subarray(100)))).toBe(250);
  });
});

it('a document that is no detector is refused, whatever is wrong in it', () => {
  const good = learned('standard ensemble').toJson() as DetectorDocument & { readonly members: { detector: object }[] };
  const texts = [
    'null',
    '{}',
    '{"kind":"toString"}',
    '{"kind":"ensemble","members":[]}',
    '{"kind":"forest","names":["a"],"centre":[0],"nodes":{}}',
  ];
  for (const text of texts) expect(detectorFromJson(JSON.parse(text))).toMatchObject({ ok: false });
  const [first] = good.members;
  const short = { ...good, members: [{ ...first, detector: { ...first.detector, map: [1] } }] };
  expect(detectorFromJson(short)).toEqual(failure('health.bad-data', "'map' of the detector is not as it must be."));
});
