import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PositionStretches } from './positionStretches.ts';

const position = fc.record({ epoch: fc.nat(3), sequence: fc.nat(30) });
const textOf = ({ epoch, sequence }: BlockPosition) => `${epoch}/${sequence}`;

it('holds what was added and nothing else, in as few stretches as there are gaps', () => {
  fc.assert(
    fc.property(fc.array(position), position, (added, asked) => {
      const stretches = new PositionStretches();
      for (const each of added) stretches.add(each);
      const all = new Set(added.map(textOf));
      const begins = [...all].filter((text) => {
        const [epoch, sequence] = text.split('/').map(Number);
        return !all.has(`${epoch}/${sequence - 1}`);
      });
      expect(stretches.stretches.length).toBe(begins.length);
      const around = stretches.around(asked);
      expect(around !== undefined).toBe(all.has(textOf(asked)));
      if (around) expect(all.has(textOf({ ...around.last, sequence: around.last.sequence + 1 }))).toBe(false);
    }),
  );
});

it('makes one stretch of what lies before a position', () => {
  const stretches = new PositionStretches();
  for (const [epoch, sequence] of [
    [1, 0],
    [1, 1],
    [1, 7],
    [2, 3],
    [2, 9],
  ])
    stretches.add({ epoch, sequence });
  stretches.closeBefore({ epoch: 2, sequence: 5 });
  expect(stretches.stretches).toEqual([
    { first: { epoch: 1, sequence: 0 }, last: { epoch: 2, sequence: 3 } },
    { first: { epoch: 2, sequence: 9 }, last: { epoch: 2, sequence: 9 } },
  ]);
});
