import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiFraming } from './asciiFraming.ts';
import { crc16 } from './crc16.ts';
import type { Deframer, Frame } from './framing.ts';
import { rtuFraming } from './rtuFraming.ts';
import { encodeTcpFrame, TcpDeframer } from './tcpFraming.ts';

const UNITS = new Set([1, 2, 247]);

interface Subject {
  readonly encode: (unit: number, pdu: Uint8Array) => Uint8Array;
  readonly deframer: () => Deframer;
}

const SUBJECTS: readonly (readonly [name: string, subject: Subject])[] = [
  ['TCP', { encode: (unit, pdu) => encodeTcpFrame(7, unit, pdu), deframer: () => new TcpDeframer() }],
  ['RTU', { encode: rtuFraming.encode, deframer: () => rtuFraming.deframer(UNITS) }],
  ['ASCII', { encode: asciiFraming.encode, deframer: () => asciiFraming.deframer(UNITS) }],
];

/** Answers of every kind that the driver understands. */
const anyAnswer = fc.oneof(
  fc
    .tuple(fc.constantFrom(3, 4), fc.integer({ min: 1, max: 125 }), fc.nat(255))
    .map(([code, count, byte]) => Uint8Array.of(code, count * 2, ...new Uint8Array(count * 2).fill(byte))),
  fc
    .tuple(fc.constantFrom(1, 2), fc.uint8Array({ minLength: 1, maxLength: 250 }))
    .map(([code, bits]) => Uint8Array.of(code, bits.length, ...bits)),
  fc
    .tuple(fc.constantFrom(1, 2, 3, 4, 20, 24, 43), fc.integer({ min: 1, max: 11 }))
    .map(([code, exception]) => Uint8Array.of(code | 0x80, exception)),
  fc.uint8Array({ minLength: 2, maxLength: 60 }).map((values) => {
    const registers = values.subarray(0, values.length & ~1);
    return Uint8Array.of(24, 0, registers.length + 2, 0, registers.length / 2, ...registers);
  }),
  fc
    .uint8Array({ maxLength: 100 })
    .map((text) => Uint8Array.of(43, 14, 1, 1, 0, 0, 2, 0, text.length, ...text, 1, 1, 65)),
);
const anyFrame = fc.tuple(fc.constantFrom(...UNITS), anyAnswer);

function framesOf(deframer: Deframer, quiet = false): Frame[] {
  const frames: Frame[] = [];
  for (let next = deframer.next(quiet); next.ok && next.value; next = deframer.next(quiet)) frames.push(next.value);
  return frames;
}

/** ASCII has digits in two cases, and an eighth bit that does not count; what RTU says depends on every bit. */
function meaning(frame: Uint8Array): Buffer {
  const ascii = (frame[frame.length - 1] & 0x7f) === 0x0a && (frame[0] & 0x7f) === 0x3a;
  if (!ascii) return Buffer.from(frame);
  const characters = Buffer.from(frame.map((byte) => byte & 0x7f));
  return Buffer.from(characters.toString('latin1').toUpperCase(), 'latin1');
}

describe.each(SUBJECTS)('%s', (name, { encode, deframer }) => {
  it('finds the frames of a stream, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(400)), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(([unit, pdu]) => encode(unit, pdu)));
        const places = [0, ...cuts.map((cut) => cut % stream.length).sort((a, b) => a - b), stream.length];
        const reader = deframer();
        const found: Frame[] = [];
        for (const [index, place] of places.slice(1).entries()) {
          reader.push(Uint8Array.from(stream.subarray(places[index], place)));
          found.push(...framesOf(reader));
        }
        expect(found.map(({ unit, pdu }) => [unit, [...pdu]])).toEqual(frames.map(([unit, pdu]) => [unit, [...pdu]]));
      }),
    );
  });

  it('finds nothing in a part of a frame', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), ([unit, pdu], cut) => {
        const frame = encode(unit, pdu);
        const reader = deframer();
        reader.push(frame.subarray(0, cut % frame.length));
        expect([...framesOf(reader), ...framesOf(reader, true)]).toEqual([]);
      }),
    );
  });

  it('takes any bytes without throwing, and changed frames for what they are not', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.nat(255), fc.uint8Array({ maxLength: 300 }), ([unit, pdu], at, byte, more) => {
        const changed = encode(unit, pdu);
        changed[at % changed.length] = byte;
        const reader = deframer();
        reader.push(changed);
        const first = framesOf(reader, true);
        reader.push(more);
        framesOf(reader);
        framesOf(reader, true);
        // On a line one byte that is changed is always noticed; TCP leaves that to the network.
        if (name === 'TCP' || meaning(changed).equals(meaning(encode(unit, pdu)))) return;
        for (const frame of first) expect(Buffer.from(frame.pdu).equals(Buffer.from(pdu))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe.each(SUBJECTS.slice(1))('%s on a noisy line', (_, { encode, deframer }) => {
  it('finds the frame behind noise when the line falls quiet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), anyFrame, (noise, [unit, pdu]) => {
        const reader = deframer();
        reader.push(noise);
        reader.push(encode(unit, pdu));
        const found = [...framesOf(reader), ...framesOf(reader, true)];
        expect(found.map((frame) => [...frame.pdu])).toContainEqual([...pdu]);
      }),
    );
  });

  it('neither slows down nor grows under a flood', () => {
    const reader = deframer();
    // The beginning of a long answer, again and again: the worst there is.
    const flood = Uint8Array.from({ length: 65_536 }, (_, at) => [1, 3, 250][at % 3]);
    const startedMs = performance.now();
    for (let chunk = 0; chunk < 16; chunk++) {
      reader.push(flood);
      framesOf(reader);
      framesOf(reader, true);
    }
    expect(performance.now() - startedMs).toBeLessThan(16 * 50);
    reader.push(encode(1, Uint8Array.of(0x83, 2)));
    expect(framesOf(reader, true).at(-1)?.pdu).toEqual(Uint8Array.of(0x83, 2));
  });

  it('takes no answer from a unit that is not on the line', () => {
    const reader = deframer();
    reader.push(encode(3, Uint8Array.of(0x83, 2)));
    expect(framesOf(reader, true)).toEqual([]);
  });
});

it('gives the check value of the catalogue', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc16(bytes, 0, bytes.length)).toBe(0x4b37);
});

it('frames the request of the specification', () => {
  const pdu = Uint8Array.of(3, 0, 0x6b, 0, 3);
  expect(Buffer.from(encodeTcpFrame(0x1501, 17, pdu)).toString('hex')).toBe('150100000006110300' + '6b0003');
  expect(Buffer.from(rtuFraming.encode(17, pdu)).toString('hex')).toBe('1103006b00037687');
  expect(Buffer.from(asciiFraming.encode(17, pdu)).toString('latin1')).toBe(':1103006B00037E\r\n');
});
