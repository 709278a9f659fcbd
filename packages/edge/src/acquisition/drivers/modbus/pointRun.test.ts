import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { formatReadings } from '../../testbed/transcript.ts';
import { blockOf, type ReadBlock } from './plan.ts';
import { readRun } from './pointRun.ts';
import { type PlannedPoint, parsePoint } from './points.ts';
import { readPoint } from './readPoint.ts';

const NOW = new ManualClock().now();
/** Registers of a float32 that is no number, and of plain ones. */
const WORD = fc.oneof(fc.constantFrom(0x7f80, 0xff80, 0x7fc0, 0x0000), fc.integer({ min: 0, max: 0xffff }));

function pointsAt(first: number, dataType: string, count: number, step: number, wordOrder: string): PlannedPoint[] {
  return Array.from({ length: count }, (_, nth) => {
    const address = dataType === 'bool' ? `holding:${first + nth * step}.3` : `holding:${first + nth * step}`;
    const order = dataType.endsWith('16') ? wordOrder.slice(0, 2) : wordOrder;
    const parsed = parsePoint({ address, dataType, ...(dataType === 'bool' ? {} : { wordOrder: order }) });
    if (!parsed.ok) throw new Error(parsed.fault.detail);
    return { ...parsed.value, tag: first * 1_000 + nth };
  });
}

function readings(read: (readings: Readings) => void): string[] {
  const lines: string[] = [];
  const collected = new Readings({ write: (block) => lines.push(...formatReadings(block)) });
  read(collected);
  collected.flush();
  return lines;
}

function byRuns({ runs, range }: ReadBlock, data: Uint8Array): string[] {
  return readings((collected) => {
    for (const run of runs) readRun(run, data, range.first, NOW, collected);
  });
}

function byPoints({ points, range }: ReadBlock, data: Uint8Array): string[] {
  return readings((collected) => {
    for (const point of points) readPoint(point, point.tag, data, range.first, NOW, collected);
  });
}

function laidOut(words: readonly number[], registers: number): Uint8Array {
  const word = (nth: number) => words[nth % words.length];
  return Uint8Array.from({ length: registers * 2 }, (_, at) => word(at >> 1) >> (at % 2 === 0 ? 8 : 0));
}

describe('runs of points', () => {
  const row = fc.record({
    dataType: fc.constantFrom('uint16', 'int16', 'uint32', 'int32', 'float32', 'float64', 'bcd16', 'bool'),
    count: fc.integer({ min: 1, max: 40 }),
    step: fc.integer({ min: 0, max: 5 }),
    wordOrder: fc.constantFrom('ABCD', 'BADC'),
  });

  it('give the readings that their points give one by one', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.array(WORD, { minLength: 1 }), (rows, words) => {
        const points = rows.flatMap(({ dataType, count, step, wordOrder }, nth) => {
          return pointsAt(100 + nth * 250, dataType, count, step, wordOrder);
        });
        const block = blockOf(points);
        const data = laidOut(words, block.range.count);
        expect(byRuns(block, data)).toEqual(byPoints(block, data));
      }),
    );
  });

  it.each([
    ['uint16', 'AB'],
    ['int16', 'BA'],
    ['uint32', 'CDAB'],
    ['int32', 'DCBA'],
    ['float32', 'CDAB'],
  ])('of %s in the order %s have columns, more than once', (dataType, wordOrder) => {
    const block = blockOf(pointsAt(0, dataType, 20, 2, wordOrder));
    expect(block.runs.map(({ columns }) => columns?.tags.length)).toEqual([20]);
    for (const words of [[0x1234, 0x8765], [0x4148, 0], [0xffff]]) {
      const data = laidOut(words, block.range.count);
      expect(byRuns(block, data)).toEqual(byPoints(block, data));
    }
  });

  it('are cut where many tags share a register, and overflow no block', () => {
    const points = Array.from({ length: 70_000 }, (_, tag) => ({ ...pointsAt(7, 'uint16', 1, 1, 'AB')[0], tag }));
    const counts: number[] = [];
    const collected = new Readings({ write: ({ count }) => counts.push(count) });
    collected.number(0, NOW, 1, STATUS.Good);
    for (const run of blockOf(points).runs) readRun(run, Uint8Array.of(1, 2), 7, NOW, collected);
    collected.flush();
    expect(counts).toEqual([1 + 255 * 256, 70_000 - 255 * 256]);
  });

  it('leave a queue, which may be shorter than asked, to be read one by one', () => {
    const points = Array.from({ length: 20 }, (_, nth) => {
      const parsed = parsePoint({ address: `fifo:7/${nth}`, dataType: 'uint16' });
      if (!parsed.ok) throw new Error(parsed.fault.detail);
      return { ...parsed.value, tag: nth };
    });
    expect(blockOf(points).runs.map(({ columns }) => columns)).toEqual([undefined]);
  });
});
