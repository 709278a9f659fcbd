import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc } from './crc.ts';
import { LinkAssembler } from './linkAssembler.ts';
import { encodeUserData, type LinkFrame } from './linkFrame.ts';

const SHORT = encodeUserData(1, 10, Uint8Array.of(0xc0, 1, 2, 3));
const LONG = encodeUserData(
  1,
  10,
  Uint8Array.from({ length: 250 }, (_, at) => at),
);

const concat = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const damaged = (frame: Uint8Array, at: number) => frame.map((byte, index) => (index === at ? byte ^ 0x10 : byte));

/** The lengths of the data of all frames in `chunks`, and what was not a frame. */
function take(link: LinkAssembler, ...chunks: Uint8Array[]): number[] {
  const lengths: number[] = [];
  for (const chunk of chunks) {
    link.push(chunk);
    for (let frame = link.next(); frame !== undefined; frame = link.next()) lengths.push(frame.data.length);
  }
  return lengths;
}

describe('a stream with more in it than frames', () => {
  it.each<[string, Uint8Array, number[], object]>([
    ['nothing else', concat(SHORT, LONG), [4, 250], { bytes: 0, badHeaders: 0, badBodies: 0 }],
    ['noise before', concat(Uint8Array.of(1, 2, 3), SHORT), [4], { bytes: 3, badHeaders: 0, badBodies: 0 }],
    ['half a start before', concat(Uint8Array.of(5), SHORT), [4], { bytes: 1, badHeaders: 0, badBodies: 0 }],
    ['a start before', concat(Uint8Array.of(5, 0x64), SHORT), [4], { bytes: 2, badHeaders: 1, badBodies: 0 }],
    ['a header cut short', concat(SHORT.subarray(0, 7), SHORT), [4], { bytes: 7, badHeaders: 1, badBodies: 0 }],
    ['a damaged header', concat(damaged(SHORT, 4), SHORT), [4], { bytes: SHORT.length, badHeaders: 1 }],
    ['a damaged header CRC', concat(damaged(SHORT, 9), SHORT), [4], { bytes: SHORT.length, badHeaders: 1 }],
    ['a damaged block', concat(damaged(LONG, 11), SHORT), [4], { bytes: LONG.length, badBodies: 1 }],
    ['a damaged last CRC', concat(damaged(LONG, LONG.length - 1), SHORT), [4], { bytes: LONG.length, badBodies: 1 }],
    [
      'a frame cut in its first block',
      concat(LONG.subarray(0, 20), SHORT, LONG),
      [4, 250],
      { bytes: 20, badBodies: 1 },
    ],
    ['a frame cut behind a block', concat(LONG.subarray(0, 28), SHORT, LONG), [4, 250], { bytes: 28, badBodies: 1 }],
  ])('%s', (_, stream, lengths, noise) => {
    const whole = new LinkAssembler();
    expect(take(whole, stream)).toEqual(lengths);
    expect(whole.noise).toMatchObject(noise);
    const byByte = new LinkAssembler();
    expect(take(byByte, ...Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(lengths);
    expect(byByte.noise).toEqual(whole.noise);
  });

  it('asks for more at every length of a frame', () => {
    for (let length = 0; length < LONG.length; length++) {
      const link = new LinkAssembler();
      expect(take(link, LONG.subarray(0, length))).toEqual([]);
      expect(take(link, LONG.subarray(length))).toEqual([250]);
      expect(link.noise.bytes).toBe(0);
    }
  });

  it('refuses a length that has no room for the addresses', () => {
    const link = new LinkAssembler();
    // The CRC of this header holds: 05 64 04 44 01 00 0a 00.
    const header = Uint8Array.of(5, 0x64, 4, 0x44, 1, 0, 10, 0);
    expect(take(link, concat(header, crcOf(header), SHORT))).toEqual([4]);
    expect(link.noise).toEqual({ bytes: 10, badHeaders: 1, badBodies: 0 });
  });

  it('finds the frame that a cut one would have swallowed, when the line was silent', () => {
    const link = new LinkAssembler();
    expect(take(link, LONG.subarray(0, 28), SHORT.subarray(0))).toEqual([]);
    link.giveUp();
    expect(link.next()?.data).toHaveLength(4);
    expect(link.noise).toEqual({ bytes: 28, badHeaders: 0, badBodies: 1 });
    link.giveUp();
    expect(link.noise.bytes).toBe(28);
  });
});

describe('any stream', () => {
  const frames = fc.array(
    fc.uint8Array({ minLength: 1, maxLength: 250 }).map((data) => encodeUserData(1, 10, data)),
    { minLength: 1, maxLength: 5 },
  );
  /** Without the byte that begins a start, so that no noise looks like a frame. */
  const quietNoise = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte === 5 ? 6 : byte)));

  it('gives every frame, whatever noise is between them and however it is cut', () => {
    fc.assert(
      fc.property(frames, quietNoise, fc.array(fc.nat(600), { maxLength: 8 }), (list, noise, cuts) => {
        const stream = concat(...list.flatMap((frame) => [noise, frame]));
        const link = new LinkAssembler();
        expect(take(link, ...cutAt(stream, cuts))).toHaveLength(list.length);
        expect(link.noise).toEqual({ bytes: noise.length * list.length, badHeaders: 0, badBodies: 0 });
      }),
    );
  });

  it('loses no good frame behind a damaged one, and counts each byte once', () => {
    fc.assert(
      fc.property(frames, fc.nat(2000), fc.integer({ min: 1, max: 255 }), (list, where, change) => {
        const damage = concat(...list);
        damage[where % damage.length] ^= change;
        const stream = concat(damage, LONG, LONG);
        const link = new LinkAssembler();
        const taken: LinkFrame[] = [];
        let used = 0;
        link.push(stream);
        for (let frame = link.next(); frame !== undefined; frame = link.next()) {
          taken.push(frame);
          used += encodeUserData(1, 10, frame.data).length;
        }
        expect(taken).toHaveLength(list.length - 1 + 2);
        expect(used + link.noise.bytes).toBe(stream.length);
      }),
    );
  });

  it('is no reason to throw, nor to keep more than one frame', () => {
    const starts = fc.array(fc.constantFrom(...SHORT, 5, 0x64, 0xff), { maxLength: 600 });
    fc.assert(
      fc.property(starts, (bytes) => {
        const link = new LinkAssembler();
        take(link, Uint8Array.from(bytes));
        // Whatever it still waits for is complete after the longest frame.
        expect(take(link, LONG, LONG, LONG).length).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});

function cutAt(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % stream.length).sort((a, b) => a - b), stream.length];
  return at.slice(1).map((end, piece) => stream.subarray(at[piece], end));
}

function crcOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(crc(bytes, 0, bytes.length) & 0xff, crc(bytes, 0, bytes.length) >>> 8);
}
