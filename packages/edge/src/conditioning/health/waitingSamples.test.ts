import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WaitingSamples } from './waitingSamples.ts';

function drain(waiting: WaitingSamples, until = Number.MAX_VALUE) {
  const drained: [time: number, feature: number, value: number, isGood: boolean][] = [];
  for (; waiting.time <= until; waiting.shift()) {
    drained.push([waiting.time, waiting.feature, waiting.value, waiting.isGood]);
  }
  return drained;
}

it('gives samples in order of time, those of one time as they came, whatever was taken in between', () => {
  const sample = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.nat(3), fc.double(), fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.array(sample, { maxLength: 300 }), { maxLength: 4 }), fc.nat(50), (batches, until) => {
      const waiting = new WaitingSamples();
      let left: (typeof batches)[number] = [];
      for (const batch of batches) {
        for (const one of batch) expect(waiting.insert(...one)).toBe(true);
        const all = [...left, ...batch].toSorted(([a], [b]) => a - b);
        expect(drain(waiting, until)).toEqual(all.filter(([time]) => time <= until));
        left = all.filter(([time]) => time > until);
      }
      expect(drain(waiting)).toEqual(left);
      expect(waiting.time).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

it('leaves out what lies furthest ahead where there is no room', () => {
  const waiting = new WaitingSamples();
  const ahead = 1e9;
  let taken = 0;
  while (waiting.insert(ahead + taken, 0, taken, true)) taken++;
  expect(taken).toBe(8192);
  expect(waiting.insert(5, 1, 7, false)).toBe(false);
  expect(waiting.insert(ahead + taken, 1, 7, false)).toBe(false);
  const drained = drain(waiting);
  expect(drained).toHaveLength(8192);
  expect(drained[0]).toEqual([5, 1, 7, false]);
  expect(drained.at(-1)?.[0]).toBe(ahead + taken - 2);
});

it('needs no more room the longer it goes on', () => {
  const waiting = new WaitingSamples();
  for (let time = 0; time < 1_000_000; time++) {
    waiting.insert(time, 0, time, true);
    if (time >= 40) waiting.shift();
  }
  expect(drain(waiting)).toHaveLength(40);
});
