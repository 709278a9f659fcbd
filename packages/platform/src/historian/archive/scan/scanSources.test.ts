import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blankRun, type SampleRun } from '../sampleRun.ts';
import { type ScanDirection, type ScanSource, scanSources } from './scanSources.ts';

/** The value of each sample is its place in the order of arrival, so that the order of equal times can be seen. */
function runOf(times: readonly number[], firstArrival: number): SampleRun {
  const rows = times.map((time, at) => ({ time, arrival: firstArrival + at }));
  rows.sort((a, b) => a.time - b.time || a.arrival - b.arrival);
  const run = blankRun(rows.length);
  run.times.set(rows.map(({ time }) => time));
  run.values.set(rows.map(({ arrival }) => arrival));
  return run;
}

/** Sources over `runs`, each behind `depth` sources that only lead to it; `reads` counts the runs that were read. */
function sourcesOf(runs: readonly SampleRun[], depth: number, reads: { count: number }): ScanSource[] {
  return runs.map((run, rank) => {
    const bounds = { minTime: run.times[0], maxTime: run.times[run.times.length - 1], rank };
    const read = () => {
      reads.count++;
      return run;
    };
    let source: ScanSource = { ...bounds, read };
    for (let level = 0; level < depth; level++) {
      const inner = source;
      source = { minTime: bounds.minTime - 1, maxTime: bounds.maxTime + 1, rank, read: async () => [inner] };
    }
    return source;
  });
}

async function collect(sources: readonly ScanSource[], direction: ScanDirection): Promise<[number, unknown][]> {
  const batches: [number, unknown][][] = [];
  for await (const run of scanSources(sources, direction)) {
    if ('times' in run) batches.push(Array.from(run.times, (time, at) => [time, run.values[at]]));
  }
  return (direction === 'forward' ? batches : batches.reverse()).flat();
}

test.each(['forward', 'backward'] as const)('a scan %s brings any runs into one order', async (direction) => {
  const runs = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(runs, fc.nat(2), async (allTimes, depth) => {
      let arrived = 0;
      const found = allTimes.map((times) => {
        arrived += times.length;
        return runOf(times, arrived - times.length);
      });
      const expected = allTimes.flat().map((time, arrival) => [time, arrival]);
      expected.sort(([timeA, a], [timeB, b]) => timeA - timeB || a - b);
      expect(await collect(sourcesOf(found, depth, { count: 0 }), direction)).toEqual(expected);
    }),
  );
});

test.each([
  ['forward', 0],
  ['backward', 990],
] as const)('a scan %s that is left early has read little more than it gave', async (direction, first) => {
  const reads = { count: 0 };
  const runs = Array.from({ length: 100 }, (_, rank) => runOf([rank * 10, rank * 10 + 5], rank * 2));
  for await (const run of scanSources(sourcesOf(runs, 1, reads), direction)) {
    expect('times' in run && run.times[0]).toBe(first);
    break;
  }
  expect(reads.count).toBeLessThanOrEqual(2);
});
