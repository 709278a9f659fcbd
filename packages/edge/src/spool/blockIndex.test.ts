import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockIndex, type IndexedBlock, type RemovedBlocks } from './blockIndex.ts';

/** The same, as a plain list. */
class ListOfBlocks {
  blocks: IndexedBlock[] = [];

  remove(isGone: (block: IndexedBlock) => boolean): RemovedBlocks | undefined {
    const gone = this.blocks.filter(isGone);
    this.blocks = this.blocks.filter((block) => !isGone(block));
    if (gone.length === 0) return undefined;
    const samples = gone.reduce((sum, block) => sum + block.samples, 0);
    return { samples, from: gone[0].accepted - gone[0].samples, to: gone[gone.length - 1].accepted };
  }
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('push' as const), skip: fc.nat(3), samples: fc.nat(100) }) },
  fc.record({ kind: fc.constant('epoch' as const) }),
  fc.record({
    kind: fc.constantFrom('through' as const, 'below' as const, 'range' as const),
    at: fc.nat(1000),
    length: fc.nat(50),
  }),
);

describe('the index of a spool', () => {
  it('agrees with a list of the same blocks', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 1500 }), (actions) => {
        const index = new BlockIndex();
        const list = new ListOfBlocks();
        let next = { record: 0, epoch: 1, sequence: 0 };
        let accepted = 0;
        for (const each of actions) {
          if (each.kind === 'push') {
            accepted += each.samples;
            const { record, epoch, sequence } = next;
            const block = { record, epoch, sequence, samples: each.samples, bytes: each.samples * 3, accepted };
            index.push(block);
            list.blocks.push(block);
            next = { record: record + 1 + each.skip, epoch, sequence: sequence + 1 };
          } else if (each.kind === 'epoch') next = { ...next, epoch: next.epoch + 1, sequence: 0 };
          else if (each.kind === 'through') {
            const position: BlockPosition = { epoch: 1 + (each.at % next.epoch), sequence: each.at };
            const gone = (block: IndexedBlock) => comparePositions(block, position) <= 0;
            expect(index.removeThrough({ epoch: 0, sequence: 0 }, position)).toEqual(list.remove(gone));
          } else if (each.kind === 'below') {
            expect(index.removeBelow(each.at)).toEqual(list.remove(({ record }) => record < each.at));
          } else {
            const end = each.at + each.length;
            const gone = ({ record }: IndexedBlock) => record >= each.at && record < end;
            expect(index.removeRange(each.at, end)).toEqual(list.remove(gone));
          }
          expect(index.depth).toEqual({
            blocks: list.blocks.length,
            samples: list.blocks.reduce((sum, { samples }) => sum + samples, 0),
            bytes: list.blocks.reduce((sum, { bytes }) => sum + bytes, 0),
          });
          expect(index.oldestRecord).toBe(list.blocks[0]?.record);
        }
        for (const [at, { record, epoch, sequence }] of list.blocks.entries()) {
          expect(index.positionOf(record)).toEqual({ epoch, sequence });
          expect(index.recordAfter({ epoch, sequence })).toBe(list.blocks[at + 1]?.record);
        }
        expect(index.recordAfter(undefined)).toBe(list.blocks[0]?.record);
        expect(index.positionOf(next.record)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});
