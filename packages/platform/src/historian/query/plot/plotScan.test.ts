import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Receipts } from '../../archive/receipts.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import { type SampleRun, sliceRun } from '../../archive/sampleRun.ts';
import { scanSources } from '../../archive/scan/scanSources.ts';
import { segmentSources } from '../../archive/scan/segmentSources.ts';
import { OpenFiles } from '../../archive/segment/openFiles.ts';
import { Segment } from '../../archive/segment/segment.ts';
import { SegmentWriter } from '../../archive/segment/segmentWriter.ts';
import { runOf, type SampleRow } from '../testbed/sampleRuns.ts';
import { PlotReducer, plotValues } from './plotReducer.ts';

const TAG = 3;
const RECEIPTS: Receipts = {
  streams: ['lane/gateway'],
  receivedAt: Float64Array.of(1e9),
  horizons: Float64Array.of(1e9),
  streamOf: new Uint16Array(1),
};

let directory = '';
const files = new OpenFiles();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plot-scan-'));
});
afterEach(async () => {
  await files.close();
  rmSync(directory, { recursive: true });
});

let records = 0;
async function segmentOf(run: SampleRun): Promise<Segment> {
  const range = { generation: 1, from: records, end: ++records, revision: 0 };
  const writer = new SegmentWriter(
    directory,
    { ...range, received: { first: 1e9, last: 1e9 }, ledgers: [], days: {} },
    RECEIPTS,
  );
  writer.add(TAG, run, new Uint32Array(run.times.length));
  const onDamage = ({ detail }: { detail: string }) => expect(detail).toBe('');
  const segment = await Segment.open({ path: join(directory, writer.commit()), files, onDamage });
  if (!segment) throw new Error('a segment that was just written cannot be opened');
  return segment;
}

/** A walk with a step of time of 1 to 9, in which a few samples are not good where `spoiled` says so. */
const walk = fc
  .record({
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
    count: fc.integer({ min: 1_500, max: 6_000 }),
    height: fc.constantFrom(1, 40, 0.5 ** 40),
    spoiled: fc.constantFrom(0, 0, 3),
  })
  .map(({ seed, count, height, spoiled }) => {
    let [state, time, level] = [seed, 0, 0];
    const draw = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    return Array.from({ length: count }, (): SampleRow => {
      time += draw(9) + 1;
      level += (draw(41) - 20) * height;
      return draw(2_000) < spoiled ? [time, level, 0x80000000] : [time, level, 0];
    });
  });

it('the plot of segments is that of all their samples, though few of them are decoded', async () => {
  let [stored, decoded] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      walk,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom(0, 1, 5),
      fc.constantFrom(0, 0, 1_300),
      async (rows, width, cut, refusals, stray) => {
        const run = runOf(rows);
        const row = Math.floor((rows.length * cut) / 100);
        // Some samples may come late: then the segments share their time.
        const isLate = (_: SampleRow, at: number) => at >= row || at % stray === 1;
        const parts = [rows.filter((sample, at) => !isLate(sample, at)), rows.filter(isLate)]
          .filter(({ length }) => length > 0)
          .map(runOf);
        const segments = await Promise.all(parts.map(segmentOf));
        const end = run.times[rows.length - 1] - 17;
        const reducer = new PlotReducer(23, end, width);
        const wantsWhole = (first: number, last: number, bits: number) => reducer.wantsWhole(first, last, bits);
        let [given, offered] = [0, 0];
        const pushPart = (part: SampleRun | RunSummary) => {
          if (!('times' in part)) return reducer.pushSummary(part);
          reducer.push(part);
          given += part.times.length;
        };
        const take = (part: SampleRun | RunSummary) => {
          if (offered++ % 5 < refusals) return false;
          pushPart(part);
          return true;
        };
        const range = { start: 23, end, wantsWhole, inBlocks: true, take };
        const sources = segmentSources(segments, TAG, range);
        for await (const found of scanSources(sources, 'forward')) {
          for (const part of 'times' in found ? [found] : found) pushPart(part);
        }
        const inside = sliceRun(
          run,
          run.times.findIndex((time) => time >= 23),
          run.times.findIndex((time) => time >= end),
        );
        // A sample that is not good costs the summaries of its chunk, one that comes late those of a chunk beside.
        if (stray === 0 && rows.every(([, , status]) => status === 0)) {
          stored += rows.length;
          decoded += given;
        }
        expect(reducer.finish()).toEqual(plotValues(inside, 23, end, width));
      },
    ),
    { numRuns: 40 },
  );
  expect(decoded).toBeLessThan(stored / 2);
});

it('samples that are handed over, and those that are not taken, are together those of the scan', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(walk, walk, fc.boolean(), fc.nat(3), async (rows, others, isBehind, refusals) => {
      const firstTime = isBehind ? rows[rows.length - 1][0] : 0;
      const later = others.map(([time, ...rest]): SampleRow => [firstTime + time, ...rest]);
      const segments = [await segmentOf(runOf(rows)), await segmentOf(runOf(later))];
      const scan = async (refused: number) => {
        const found: number[][] = [];
        const note = ({ times, values, statuses }: SampleRun) => {
          for (const [row, time] of times.entries()) found.push([time, values[row], statuses[row]]);
        };
        let offered = 0;
        const take = (run: SampleRun | RunSummary) => {
          if (offered++ < refused || !('times' in run)) return false;
          taken += run.times.length;
          note(run);
          return true;
        };
        for await (const run of scanSources(segmentSources(segments, TAG, { start: 5, end: 9_000, take }), 'forward')) {
          if ('times' in run) note(run);
        }
        return found;
      };
      expect(await scan(refusals)).toEqual(await scan(Number.POSITIVE_INFINITY));
    }),
    { numRuns: 60 },
  );
  expect(taken).toBeGreaterThan(0);
});
