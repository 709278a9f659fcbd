import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FragmentAssembler } from './fragmentAssembler.ts';
import { encodeSegment, MAX_SEGMENT_DATA_BYTES } from './segment.ts';

const FIR = 0x40;
const FIN = 0x80;
const segment = (header: number, text: string) => Uint8Array.of(header, ...Buffer.from(text));
const text = (fragment: Uint8Array | undefined) => (fragment === undefined ? '' : Buffer.from(fragment).toString());

describe('segments', () => {
  it.each<[string, [number, string][], string[], number]>([
    ['one', [[FIR | FIN | 9, 'a']], ['a'], 0],
    [
      'three',
      [
        [FIR | 5, 'a'],
        [6, 'b'],
        [FIN | 7, 'c'],
      ],
      ['', '', 'abc'],
      0,
    ],
    [
      'across the end of the sequence',
      [
        [FIR | 63, 'a'],
        [FIN | 0, 'b'],
      ],
      ['', 'ab'],
      0,
    ],
    [
      'without a first',
      [
        [6, 'b'],
        [FIN | 7, 'c'],
      ],
      ['', ''],
      2,
    ],
    [
      'with one missing',
      [
        [FIR | 5, 'a'],
        [7, 'c'],
        [FIN | 8, 'd'],
      ],
      ['', '', ''],
      3,
    ],
    [
      'with the latest twice',
      [
        [FIR | 5, 'a'],
        [6, 'b'],
        [6, 'b'],
        [FIN | 7, 'c'],
      ],
      ['', '', '', 'abc'],
      1,
    ],
    [
      'with the same number and other bytes',
      [
        [FIR | 5, 'a'],
        [6, 'b'],
        [6, 'x'],
        [FIN | 7, 'c'],
      ],
      ['', '', '', ''],
      4,
    ],
    [
      'with the same number and more bytes',
      [
        [FIR | 5, 'a'],
        [6, 'b'],
        [6, 'bb'],
        [FIN | 7, 'c'],
      ],
      ['', '', '', ''],
      4,
    ],
    [
      'with the last twice',
      [
        [FIR | 5, 'a'],
        [FIN | 6, 'b'],
        [FIN | 6, 'b'],
      ],
      ['', 'ab', ''],
      1,
    ],
    [
      'with the only one twice',
      [
        [FIR | FIN | 5, 'a'],
        [FIR | FIN | 5, 'a'],
      ],
      ['a', 'a'],
      0,
    ],
    [
      'with a new first',
      [
        [FIR | 5, 'a'],
        [6, 'b'],
        [FIR | 7, 'c'],
        [FIN | 8, 'd'],
      ],
      ['', '', '', 'cd'],
      2,
    ],
    ['with nothing in it', [[FIR | FIN | 5, '']], [''], 0],
    ['too long at once', [[FIR | FIN | 5, '123456789']], [''], 1],
    [
      'too long in all',
      [
        [FIR | 5, '12345'],
        [6, '678'],
        [FIN | 7, '9'],
        [FIR | FIN | 8, 'a'],
      ],
      ['', '', '', 'a'],
      3,
    ],
  ])('%s', (_, segments, fragments, discarded) => {
    const assembler = new FragmentAssembler(8);
    expect(segments.map(([header, data]) => text(assembler.push(segment(header, data))))).toEqual(fragments);
    expect(assembler.discarded).toBe(discarded);
  });

  it('without a header are discarded', () => {
    const assembler = new FragmentAssembler();
    expect(assembler.push(new Uint8Array(0))).toBeUndefined();
    expect(assembler.discarded).toBe(1);
  });

  it('of a lost connection are discarded', () => {
    const assembler = new FragmentAssembler();
    assembler.push(segment(FIR | 5, 'a'));
    assembler.reset();
    expect(assembler.push(segment(FIN | 6, 'b'))).toBeUndefined();
    expect(assembler.discarded).toBe(2);
  });

  it('hold 2048 bytes, and more where it is allowed', () => {
    const long = fragmentOf(2049);
    expect(assemble(new FragmentAssembler(), long)).toBeUndefined();
    expect(assemble(new FragmentAssembler(65_536), long)).toHaveLength(2049);
    expect(assemble(new FragmentAssembler(), fragmentOf(2048))).toHaveLength(2048);
  });

  it('of a request are always one', () => {
    const request = fragmentOf(MAX_SEGMENT_DATA_BYTES);
    expect(encodeSegment(64 + 5, request)[0]).toBe(FIR | FIN | 5);
    expect(new FragmentAssembler().push(encodeSegment(0, request))).toEqual(request);
    expect(() => encodeSegment(0, fragmentOf(MAX_SEGMENT_DATA_BYTES + 1))).toThrow(RangeError);
  });

  it('in any order give a whole fragment or none', () => {
    const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 20 })));
    fc.assert(
      fc.property(parts, fc.uint8Array({ maxLength: 64 }), (noise, good) => {
        const assembler = new FragmentAssembler(64);
        for (const [header, data] of noise) {
          const fragment = assembler.push(Uint8Array.of(header, ...data));
          if (fragment !== undefined) expect((header & FIN) !== 0 && fragment.length <= 64).toBe(true);
        }
        expect(assembler.push(Uint8Array.of(FIR | FIN, ...good))).toEqual(good);
      }),
    );
  });
});

const fragmentOf = (length: number) => Uint8Array.from({ length }, (_, at) => at & 0xff);

function assemble(assembler: FragmentAssembler, fragment: Uint8Array): Uint8Array | undefined {
  for (let at = 0, sequence = 0; ; at += MAX_SEGMENT_DATA_BYTES, sequence++) {
    const data = fragment.subarray(at, at + MAX_SEGMENT_DATA_BYTES);
    const last = at + MAX_SEGMENT_DATA_BYTES >= fragment.length;
    const whole = assembler.push(Uint8Array.of((at === 0 ? FIR : 0) | (last ? FIN : 0) | (sequence & 0x3f), ...data));
    if (last) return whole;
  }
}
