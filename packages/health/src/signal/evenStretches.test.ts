import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvenStretches } from './evenStretches.ts';

interface Told {
  readonly count: number;
  readonly fresh: number;
  /** Or the code of the fault. */
  readonly rateHz: number | string;
  readonly first: number;
}

/** What is told of samples at these times, whose values are their places; `null` cuts. */
function found(times: readonly (number | null)[]): Told[] {
  const told: Told[] = [];
  const stretches = new EvenStretches(({ stretch, times: own, fresh }) => {
    const rateHz = stretch.ok ? Number(stretch.value.rateHz.toPrecision(3)) : stretch.fault.code;
    told.push({ count: own.length, fresh, rateHz, first: stretch.ok ? stretch.value.samples[0] : Number.NaN });
  });
  for (const [at, time] of times.entries()) {
    if (time === null) stretches.cut();
    else stretches.add(time, at);
  }
  stretches.cut();
  return told;
}

/** As a historian has them: whole microseconds. */
const even = (count: number, rateHz: number, from = 1_700_000_000_000_000) =>
  Array.from({ length: count }, (_, at) => from + Math.floor((at * 1e6) / rateHz));
const S = 1_000_000;

describe('stretches', () => {
  it('of bursts are the bursts', () => {
    const bursts = [0, 10, 20].flatMap((second) => even(2_560, 25_600, second * S));
    const burst = { count: 2_560, fresh: 2_560, rateHz: 25_600 };
    expect(found(bursts)).toEqual([0, 2_560, 5_120].map((first) => ({ ...burst, first })));
  });
  it.each([1_000_000, 600_000, 51_200, 44_100, 1, 0.01])('at %d Hz are even', (rateHz) => {
    const [one, ...others] = found(even(3_000, rateHz));
    expect(others).toEqual([]);
    expect(one.rateHz).toBe(rateHz);
  });
  it('end where a sample is missing', () => {
    const times = even(2_560, 25_600);
    expect(found(times.toSpliced(1_000, 1)).map(({ count }) => count)).toEqual([1_000, 1_559]);
  });
  it('end where they are cut', () => {
    expect(found([...even(20, 100, 0), null, ...even(20, 100, 20 * 10_000)]).map(({ count }) => count)).toEqual([
      20, 20,
    ]);
  });
  it('begin with a burst, though single samples are far before it', () => {
    const told = found([0, 50 * S, ...even(40, 1_000, 60 * S)]);
    expect(told.at(-1)).toMatchObject({ count: 40, rateHz: 1_000, first: 2 });
    expect(told.slice(0, -1).every(({ rateHz }) => rateHz === 'health.too-little')).toBe(true);
  });
  it('of a signal without an end are of one length, and the last goes back over the one before', () => {
    const told = found(even(40_000, 1_000));
    expect(told.map(({ count, fresh, first }) => [count, fresh, first])).toEqual([
      [16_384, 16_384, 0],
      [16_384, 16_384, 16_384],
      [16_384, 40_000 - 32_768, 40_000 - 16_384],
    ]);
  });
  it.each([16_384, 32_768, 49_152])('of %i samples are told once', (count) => {
    expect(found(even(count, 1_000)).map(({ fresh }) => fresh)).toEqual(Array(count / 16_384).fill(16_384));
  });
});

describe('no stretch', () => {
  it.each<[string, (at: number) => number]>([
    ['that jitters', (at) => at * 1_000 + (at % 2) * 250],
    ['whose clock runs faster and faster', (at) => at * 1_000 - at * at * 0.2],
  ])('is one %s', (_, timeAt) => {
    expect(found(Array.from({ length: 1_000 }, (__, at) => timeAt(at)))).toMatchObject([
      { count: 1_000, fresh: 1_000, rateHz: 'health.bad-data' },
    ]);
  });
  it.each([
    ['fifteen samples', even(15, 100)],
    ['times that stand twice', even(40, 100).flatMap((time) => [time, time])],
  ])('are %s', (_, times) => {
    for (const { rateHz } of found(times)) expect(rateHz).toBe('health.too-little');
  });
  it('loses a sample or tells of one twice, whatever the times', () => {
    const step = fc.oneof(fc.constantFrom(0, 1, 39, 40, 1_000), fc.integer({ min: 0, max: 10 * S }));
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: step }, fc.constant(null)), { maxLength: 200 }),
        (steps) => {
          let time = 0;
          const times = steps.map((one) => {
            time += one ?? 0;
            return one === null ? null : time;
          });
          const sum = found(times).reduce((all, { fresh }) => all + fresh, 0);
          expect(sum).toBe(times.filter((one) => one !== null).length);
        },
      ),
    );
  });
});
