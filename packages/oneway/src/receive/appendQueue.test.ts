import { comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AppendQueue } from './appendQueue.ts';

it('gives out a position only when all before it is durable, and the last one in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 3_000 }), (order) => {
      const queue = new AppendQueue();
      const appends = order.map((key, sequence) => ({ key, append: queue.add({ epoch: 1, sequence }, 10) }));
      const durable = new Set<number>();
      let last = { epoch: 1, sequence: -1 };
      for (const { append } of appends.toSorted((a, b) => a.key - b.key)) {
        durable.add(append.position.sequence);
        const position = queue.settle(append);
        if (!position) continue;
        expect(comparePositions(position, last)).toBeGreaterThan(0);
        for (let sequence = last.sequence; sequence < position.sequence; sequence++) {
          expect(durable.has(sequence + 1)).toBe(true);
        }
        expect(durable.has(position.sequence + 1)).toBe(false);
        last = position;
      }
      expect(last.sequence).toBe(order.length - 1);
      expect(queue.empty).toBe(true);
      expect(queue.bytes).toBe(0);
    }),
  );
});

it('is empty when all have succeeded or failed, in whatever order', () => {
  const outcomes = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 50 });
  fc.assert(
    fc.property(outcomes, (ends) => {
      const queue = new AppendQueue();
      const appends = ends.map(([key, ok], sequence) => ({ key, ok, append: queue.add({ epoch: 1, sequence }, 10) }));
      for (const { ok, append } of appends.toSorted((a, b) => a.key - b.key)) {
        expect(queue.empty).toBe(false);
        if (ok) queue.settle(append);
        else queue.drop(append);
      }
      expect(queue.empty).toBe(true);
      expect(queue.bytes).toBe(0);
    }),
  );
});

it('counts an empty block too, so that a flood of them is bounded', () => {
  const queue = new AppendQueue();
  const append = queue.add({ epoch: 1, sequence: 0 }, 0);
  expect(queue.bytes).toBeGreaterThan(0);
  queue.drop(append);
  expect(queue.bytes).toBe(0);
  expect(queue.empty).toBe(true);
});
