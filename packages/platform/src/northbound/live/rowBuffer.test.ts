import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { liveBatch, type Row } from '../testbed/memoryHistorian.ts';
import { RowBuffer } from './rowBuffer.ts';

type Kept = [tag: number, time: number, value: unknown, status: number];

function drained(buffer: RowBuffer): { rows: Kept[]; skipped: number } {
  let result: { rows: Kept[]; skipped: number } | undefined;
  buffer.drain(({ count, tags, times, values, statuses, skipped }) => {
    const rows = Array.from({ length: count }, (_, row): Kept => [tags[row], times[row], values[row], statuses[row]]);
    result = { rows, skipped };
  });
  return result!;
}

/** What the buffer must hold, said in the plainest way. */
function latestOfEach(rows: readonly Row[]): Kept[] {
  const latest = new Map<number, Kept>();
  for (const [tag, time, value, status = 0] of rows) {
    const held = latest.get(tag);
    if (!held || time >= held[1]) latest.set(tag, [tag, time, value, status]);
  }
  return [...latest.values()];
}

const ROW = fc.tuple(fc.nat(40), fc.nat(9), fc.oneof(fc.nat(), fc.string(), fc.constant(null))) as fc.Arbitrary<Row>;
const BATCHES = fc.array(fc.array(ROW, { maxLength: 40 }), { maxLength: 8 });

describe('a row buffer', () => {
  test('keeps every row in order while there is room, and afterwards the latest of each tag', () => {
    fc.assert(
      fc.property(BATCHES, fc.nat(30), (batches, maxRows) => {
        const buffer = new RowBuffer(maxRows);
        for (const batch of batches) buffer.append(liveBatch(batch));
        const all = batches.flat();
        const { rows, skipped } = drained(buffer);
        const whole = all.map(([tag, time, value, status = 0]): Kept => [tag, time, value, status]);
        expect(rows).toEqual(all.length <= maxRows ? whole : latestOfEach(all));
        expect(rows.length + skipped).toBe(all.length);
        expect(drained(buffer)).toEqual({ rows: [], skipped: 0 });
      }),
    );
  });

  test('passes on what an earlier buffer has skipped, and is as good as new after it was emptied', () => {
    fc.assert(
      fc.property(BATCHES, (batches) => {
        const first = new RowBuffer(5);
        const second = new RowBuffer(0);
        for (const batch of batches) {
          first.append(liveBatch(batch));
          first.drain((rows) => second.appendRows(rows));
        }
        const { rows, skipped } = drained(second);
        expect(rows).toEqual(latestOfEach(batches.flat()));
        expect(rows.length + skipped).toBe(batches.flat().length);
      }),
    );
  });

  test('takes only the tags that are wanted, and counts no others', () => {
    const buffer = new RowBuffer();
    const wanted = Uint8Array.of(0, 1, 0, 1);
    buffer.append(
      liveBatch([
        [0, 1, 1],
        [1, 1, 2],
        [2, 1, 3],
        [3, 1, 4],
        [4, 1, 5],
        [70_000, 1, 6],
      ]),
      wanted,
    );
    expect(drained(buffer)).toEqual({
      rows: [
        [1, 1, 2, 0],
        [3, 1, 4, 0],
      ],
      skipped: 0,
    });
  });

  test('holds no more than one row per tag through a flood', () => {
    const buffer = new RowBuffer();
    const flood = liveBatch(Array.from({ length: 65_536 }, (_, row): Row => [row % 1_000, row, row]));
    for (let time = 0; time < 30; time++) buffer.append(flood);
    expect(buffer.count).toBe(1_000);
    const { rows, skipped } = drained(buffer);
    expect(rows.every(([tag, time]) => time === 65_000 + tag - (tag >= 536 ? 1_000 : 0))).toBe(true);
    expect(skipped).toBe(30 * 65_536 - 1_000);
  });
});
