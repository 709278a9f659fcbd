import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { expect, it } from 'vitest';
import { Conditioner } from './conditioner.ts';
import type { TagRule } from './tagRule.ts';
import { blockOf, RecordingLane } from './testbed/recordingLane.ts';

const { Good, BadTimeout } = STATUS;

it('SR 5.2 RE 1: keeps nothing of a tag that policy forbids, and counts it in its lane', () => {
  const lanes = perLane(() => new RecordingLane());
  const rules: TagRule[] = [
    { number: 0, lane: 'operational' },
    { number: 1, lane: 'analytical', forbidden: true, exception: { deviation: 0 } },
  ];
  const conditioner = new Conditioner(rules, lanes);
  conditioner.write(
    blockOf([
      [0, 1, 1],
      [1, 1, 2],
      [1, 2, 'secret', BadTimeout],
    ]),
  );
  conditioner.release();
  expect(lanes.operational.rows).toEqual([[0, 1, 1, Good]]);
  expect(lanes.analytical.rows).toEqual([]);
  const counts = { read: 2, notGood: 1, suppressed: 0, compressed: 0, refused: 2, forbidden: 2 };
  expect(lanes.analytical.counts).toEqual(counts);
});

it('SR 7.1: keeps of a flow no more than its rate, ten seconds of it at once, and counts the rest', () => {
  const lanes = perLane(() => new RecordingLane());
  const rules: TagRule[] = [
    { number: 0, lane: 'operational', rate: 0 },
    { number: 1, lane: 'operational', rate: 0, compression: { deviation: 0 } },
    { number: 2, lane: 'operational' },
  ];
  const conditioner = new Conditioner(rules, lanes, [2]);
  const flood = (from: number) => {
    for (let at = from; at < from + 60; at++) conditioner.write(blockOf([[at % 3, at, at * at]]));
  };
  flood(0);
  conditioner.release();
  const limited = () => lanes.operational.rows.filter(([tag]) => tag < 2).length;
  expect(limited()).toBe(20);
  conditioner.releaseOverdue(3_000);
  flood(60);
  conditioner.release();
  expect(limited()).toBe(26);
  expect(lanes.operational.rows.length - limited()).toBe(40);
  const { read, compressed, refused, forbidden } = lanes.operational.counts;
  expect(forbidden).toBe(refused);
  expect(read).toBe(compressed + refused + lanes.operational.rows.length);
});
