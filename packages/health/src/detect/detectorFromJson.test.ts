import { type Result, success } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { learnChangePoints } from './changePoints.ts';
import type { LearnedDetector } from './detector.ts';
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

const random = seededRandom(4);
const TABLE: SignalTable = {
  names: ['time', 'flow', 'power'],
  columns: [
    Float64Array.from({ length: 80 }, (_, i) => i),
    Float64Array.from({ length: 80 }, () => random()),
    Float64Array.from({ length: 80 }, () => 50 * random()),
  ],
};

function learnStandard(table: SignalTable): Result<LearnedDetector> {
  const named = learnNamedEnsemble(table);
  return named.ok ? success(named.value.ensemble) : named;
}

const LEARNERS: Readonly<Record<string, () => Result<LearnedDetector>>> = {
  limits: () => learnLimits(TABLE, { form: 'shewhart' }),
  ewma: () => learnLimits(TABLE, { form: 'ewma', newest: 0.2 }),
  cusum: () => learnLimits(TABLE, { form: 'cusum', shift: 1 }),
  quadratic: () => learnPrincipalComponents(TABLE, { lags: 1 }),
  neighbours: () => learnNearestNeighbours(TABLE),
  forest: () => learnIsolationForest(TABLE, { trees: 3 }),
  changes: () => learnChangePoints(TABLE),
  spectral: () => learnSpectralResidual(TABLE, { window: 20 }),
  novelty: () => learnNovelty(TABLE),
  modes: () => learnOperatingModes(TABLE, learnStandard),
  ensemble: () => learnStandard(TABLE),
};

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
type Steps = readonly number[];

const WRONG_VALUES: readonly Json[] = [
  ...[null, true, '', '1', 'quadratic', [], {}, [1], [null], ['flow'], { kind: 'limits' }],
  ...[0, -1, 1, 2, 0.5, 3, 7, 1e9, 2 ** 31, 2 ** 53, 1e308, -1e308, 5e-324],
];

/** Changes what the steps lead to, each step one of the members there: to another value, away, or doubled. */
function damaged(document: Json, steps: Steps, value: Json | 'away' | 'doubled'): Json {
  if (typeof document !== 'object' || document === null || steps.length === 0) {
    return value === 'away' || value === 'doubled' ? null : value;
  }
  const keys = Object.keys(document);
  const key = keys[steps[0] % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Record<string, Json>;
  if (steps.length > 1) copy[key] = damaged(copy[key], steps.slice(1), value);
  else if (value === 'doubled') copy[key] = [copy[key], copy[key]];
  else if (value !== 'away') copy[key] = value;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy as Json;
}

/** What is read scores rows, says why, and can be written again. */
function expectToWork(detector: LearnedDetector): void {
  const { length } = detector.names;
  const stream = detector.stream();
  for (let row = 0; row < 30; row++) {
    const values = Float64Array.from({ length }, (_, i) =>
      row === 20 && i === 0 ? Number.NaN : row === 25 ? 1e300 : row,
    );
    expect(typeof stream.push(values)).toBe('number');
    expect(stream.contributions()).toHaveLength(length);
  }
  expect(detectorFromJson(JSON.parse(JSON.stringify(detector.toJson())))).toMatchObject({ ok: true });
}

describe.each(Object.keys(LEARNERS))('a document of %s', (kind) => {
  const learned = LEARNERS[kind]();
  if (!learned.ok) throw new Error(learned.fault.detail);
  const document: Json = JSON.parse(JSON.stringify(learned.value.toJson()));
  const steps = fc.array(fc.nat(200), { minLength: 1, maxLength: 6 });
  const value = fc.oneof(fc.constantFrom(...WRONG_VALUES), fc.constantFrom('away', 'doubled'), fc.jsonValue());

  it('works, or is refused with a reason, whatever is damaged in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(steps, value), { minLength: 1, maxLength: 3 }), (damages) => {
        const read = detectorFromJson(
          damages.reduce((hurt, [where, what]) => damaged(hurt, where, what as Json), document),
        );
        if (read.ok) expectToWork(read.value);
        else expect(read.fault.detail).not.toBe('');
      }),
      { numRuns: 150 },
    );
  });

  it('is refused without each of its members', () => {
    for (const member of Object.keys(document as object)) {
      expect(detectorFromJson({ ...(document as object), [member]: undefined })).toMatchObject({ ok: false });
    }
  });
});

it('anything else is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ kind: fc.anything() })), (anything) => {
      expect(detectorFromJson(anything)).toMatchObject({ ok: false });
    }),
  );
});

it('a document that nests without end is refused', () => {
  let document: object = { kind: 'modes', centre: [0], spread: [1], centres: [0], modes: [] };
  for (let depth = 0; depth < 100_000; depth++) document = { ...document, modes: [document] };
  expect(detectorFromJson(document)).toMatchObject({
    ok: false,
    fault: { detail: 'The detector nests deeper than 4.' },
  });
});

it.each<[string, object]>([
  [
    'a window that would take a minute a row',
    { kind: 'spectral-residual', names: ['a'], options: { window: 9e6, ahead: 5 }, rare: [1] },
  ],
  ['more signals than any equipment has', { kind: 'spectral-residual', names: Array.from({ length: 5000 }, String) }],
  [
    'a past that would take minutes to go through',
    { kind: 'normal-courses', names: ['a'], past: [Array(1e5).fill(0)], rare: [1, 1] },
  ],
  [
    'a tree that goes in circles',
    {
      kind: 'forest',
      names: ['a'],
      centre: [0],
      meanDepth: 1,
      nodes: { signal: [0, 0, 0], value: [0, 0, 0], next: [1, 0, 0], roots: [0] },
    },
  ],
])('refuses %s', (_, document) => {
  expect(detectorFromJson(document)).toMatchObject({ ok: false, fault: { code: 'health.bad-data' } });
});
