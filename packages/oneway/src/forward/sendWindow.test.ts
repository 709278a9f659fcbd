import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SendWindow } from './sendWindow.ts';

const block = (sequence: number, length = 10) => ({ epoch: 1, sequence, bytes: new Uint8Array(length) });

it('knows what is under way, whatever is sent and acknowledged', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(50)), { maxLength: 200 }), (steps) => {
      const window = new SendWindow();
      const underWay: number[] = [];
      let sent = 0;
      for (const [count, acknowledged] of steps) {
        for (let index = 0; index < count; index++) {
          window.add(block(sent));
          underWay.push(sent++);
        }
        const sequence = sent - acknowledged;
        const known = underWay.indexOf(sequence);
        expect(window.acknowledge({ epoch: 1, sequence })).toBe(known >= 0);
        underWay.splice(0, known + 1);
        expect(window.bytes).toBe(underWay.length * 10);
        expect(window.oldestBytes).toBe(underWay.length > 0 ? 10 : 0);
      }
    }),
  );
});

it.each([
  ['of a later block', { epoch: 1, sequence: 3 }],
  ['of another epoch', { epoch: 2, sequence: 1 }],
  ['of a block left out', { epoch: 1, sequence: 1 }],
  ['of a block before all', { epoch: 0, sequence: 0 }],
])('SR 5.2: an acknowledgement %s is not accepted', (_name, position) => {
  const window = new SendWindow();
  window.add(block(0));
  window.add(block(2));
  expect(window.acknowledge(position)).toBe(false);
  expect(window.bytes).toBe(20);
});
