/** What the tests of conditioning share: samples as rows, and a lane that remembers what it was given. */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { ConditionedCounts, LaneWriter } from '../laneWriter.ts';

export type Row = readonly [tag: number, timeMs: number, value: SampleValue, status?: number];

const COUNTS = ['read', 'notGood', 'suppressed', 'compressed', 'refused', 'forbidden'] as const;

export class RecordingLane implements LaneWriter {
  readonly rows: Row[] = [];
  readonly counts = { read: 0, notGood: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0 };

  write(kept: SampleBlock, counts: ConditionedCounts): void {
    this.rows.push(...rowsOf(kept));
    for (const key of COUNTS) this.counts[key] += counts[key];
  }
}

function rowsOf(block: SampleBlock): Row[] {
  return Array.from({ length: block.count }, (_, at) => {
    const kind = block.kinds[at];
    const value =
      kind === ValueKind.none ? null : kind === ValueKind.string ? block.strings[block.values[at]] : block.values[at];
    return [block.tags[at], block.times[at] / US_PER_MS, value, block.statuses[at]] as const;
  });
}

export function blockOf(rows: readonly Row[]): SampleBlock {
  const block = new SampleBlockBuilder();
  for (const [tag, timeMs, value, status = STATUS.Good] of rows) block.push(tag, timeMs * US_PER_MS, value, status);
  return block;
}
