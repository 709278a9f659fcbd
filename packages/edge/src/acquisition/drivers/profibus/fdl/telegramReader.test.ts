import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACKNOWLEDGEMENT, buildFixed, buildTelegram, buildToken, joined } from '../testbed/buildTelegram.ts';
import { describeTelegram } from '../testbed/describeTelegram.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { TelegramReader } from './telegramReader.ts';

interface Heard {
  readonly telegrams: readonly string[];
  readonly noiseBytes: number;
  readonly checkErrors: number;
}

function read(...chunks: readonly Uint8Array[]): Heard {
  const telegrams: string[] = [];
  const reader = new TelegramReader((telegram) => telegrams.push(describeTelegram(telegram)));
  for (const chunk of chunks) reader.push(chunk);
  reader.endOfBurst();
  expect(reader.telegrams).toBeGreaterThanOrEqual(telegrams.length);
  return { telegrams, noiseBytes: reader.noiseBytes, checkErrors: reader.checkErrors };
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const REQUEST = buildTelegram({ da: 8, sa: 2, fc: 0x5d, data: [1, 2] });
const STATUS = buildTelegram({ da: 3, sa: 2, fc: 0x49 });

describe('the forms of IEC 61158-4-3', () => {
  it.each([
    ['SD1, a status request', '10 03 02 49 4e 16', 'SD1 3 2 49 - - -'],
    ['SD2 with SAPs', '68 05 05 68 88 82 6d 3c 3e f1 16', 'SD2 8 2 6d 60 62 -'],
    ['SD2 with data', '68 05 05 68 08 02 7d 0a 7a 0b 16', 'SD2 8 2 7d - - 0a7a'],
    ['SD2 with one byte', '68 04 04 68 08 02 7d 0a 91 16', 'SD2 8 2 7d - - 0a'],
    ['SD3 with SAPs', 'a2 82 88 08 3e 3c 02 05 00 ff 42 24 f8 16', 'SD3 2 8 08 62 60 020500ff4224'],
    ['SD4, a token', '10 03 02 49 4e 16 dc 07 02', 'SD4 7 2 - - - -'],
    ['SC', '10 03 02 49 4e 16 e5', 'SC - - - - - -'],
    ['a segment and a SAP', '68 05 05 68 88 02 6d c5 3c f8 16', 'SD2 8 2 6d 60 - -'],
    ['a broadcast', '68 07 07 68 ff 82 46 3a 3e 00 00 3f 16', 'SD2 127 2 46 58 62 0000'],
  ])('%s', (_, hex, expected) => {
    const { telegrams, noiseBytes } = read(bytes(hex));
    expect([telegrams.at(-1), noiseBytes]).toEqual([expected, 0]);
  });

  it('takes the longest telegram', () => {
    const longest = buildTelegram({ da: 8, sa: 2, fc: 0x5d, data: Array.from({ length: 246 }, (_, n) => n) });
    expect([longest.length, read(longest).noiseBytes]).toEqual([255, 0]);
  });

  it.each([
    ['a wrong FCS', '10 03 02 49 4f 16', 1],
    ['a wrong end delimiter', '10 03 02 49 4e 17', 0],
    ['two lengths', '68 05 06 68 08 02 7d 0a 7a 0b 16', 0],
    ['a length below 4', '68 03 03 68 08 02 7d 87 16', 0],
    ['a length above 249', '68 fa fa 68 08 02 7d 87 16', 0],
    ['another second delimiter', '68 05 05 69 08 02 7d 0a 7a 0b 16', 0],
    ['all stations as the sender', '10 03 7f 49 cb 16', 0],
    ['a token from all stations', 'dc 02 7f', 0],
    ['a token that nothing follows and nothing precedes', 'dc 02 03', 0],
    ['an acknowledgement out of nowhere', 'e5', 0],
  ])('refuses %s', (_, hex, checkErrors) => {
    const frame = bytes(hex);
    expect(read(frame)).toEqual({ telegrams: [], noiseBytes: frame.length, checkErrors });
  });

  it('delivers no telegram whose address extension runs over its end', () => {
    expect(read(bytes('68 04 04 68 88 82 6d 3c b3 16')).telegrams).toEqual([]);
  });
});

describe('the recording', () => {
  const stream = joined(...RECORDED.map(({ bytes }) => bytes));

  it('gives what the sender says of each telegram, however it is cut', () => {
    for (const size of [1, 2, 7, 250, stream.length]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, n) =>
        stream.subarray(n * size, (n + 1) * size),
      );
      const { telegrams, noiseBytes } = read(...chunks);
      expect(telegrams).toEqual(RECORDED.map(({ description }) => description));
      expect(noiseBytes).toBe(0);
    }
  });

  const known = new Set(RECORDED.map(({ description }) => description));
  /** Between two places of noise stand enough telegrams to believe a token by. */
  const APART = 5;

  it('loses no telegram that follows noise', () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 24 });
    const place = fc.tuple(fc.nat(RECORDED.length / APART - 1), noise);
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), (injected) => {
        const noiseBefore = new Map(injected.map(([index, noise]) => [index * APART, noise]));
        const pieces = RECORDED.flatMap(({ bytes }, index) => [noiseBefore.get(index) ?? new Uint8Array(0), bytes]);
        const heard = read(joined(...pieces)).telegrams;
        // Noise that has a good FCS by chance is a telegram to everybody, and may hide others.
        fc.pre(heard.every((telegram) => known.has(telegram) || /^S(C|D4)/.test(telegram)));
        let at = 0;
        for (const { description } of RECORDED) {
          at = heard.indexOf(description, at) + 1;
          expect(at, `${description} is missing`).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('loses of damaged telegrams only those', () => {
    fc.assert(
      fc.property(fc.nat(stream.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const damaged = stream.slice();
        damaged[place] ^= flip;
        const heard = new Set(read(damaged).telegrams);
        const missing = RECORDED.filter(({ description }) => !heard.has(description));
        expect(missing.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 200 },
    );
  });
});

describe('resynchronisation', () => {
  it.each([
    ['half of a telegram', [REQUEST.subarray(0, 5), STATUS, REQUEST], 5],
    ['a start of the fixed form', [bytes('a2'), STATUS, REQUEST, REQUEST], 1],
    [
      'a start of the variable form that fits',
      [bytes('68 20 20 68'), STATUS, STATUS, STATUS, STATUS, STATUS, STATUS, STATUS],
      4,
    ],
    ['what looks like a token over the start of a telegram', [STATUS, bytes('dc'), STATUS], 1],
    ['a longer one', [STATUS, bytes('dc 05'), REQUEST], 2],
  ])('goes on behind %s', (_, pieces, noiseBytes) => {
    const heard = read(joined(...pieces));
    expect(heard.noiseBytes).toBe(noiseBytes);
    expect(heard.telegrams).toHaveLength(pieces.filter((piece) => piece === STATUS || piece === REQUEST).length);
  });

  it('believes tokens and acknowledgements behind noise where they lead up to a checked telegram', () => {
    const heard = read(joined(bytes('00 ff'), ACKNOWLEDGEMENT, buildToken(2, 2), STATUS));
    expect(heard.telegrams).toEqual(['SC - - - - - -', 'SD4 2 2 - - - -', 'SD1 3 2 49 - - -']);
    expect(read(joined(STATUS, bytes('00 dc 02 02 00'), STATUS)).telegrams).toHaveLength(2);
  });

  it('counts a damaged telegram once, and finds no token in its rest', () => {
    const damaged = buildTelegram({ da: 8, sa: 2, fc: 0x5d, data: [1, 0xdc] });
    damaged[4] = 0;
    damaged[damaged.length - 2] = 0x10;
    expect(read(joined(STATUS, damaged, STATUS))).toMatchObject({ checkErrors: 1, telegrams: { length: 2 } });
  });

  it('takes a token to station 16 or 104, though its address is a start delimiter', () => {
    const tokens = [buildToken(16, 104), buildToken(104, 16)];
    expect(read(joined(STATUS, ...tokens)).telegrams).toHaveLength(3);
    expect(read(joined(STATUS, ...tokens, STATUS)).telegrams).toHaveLength(4);
  });

  it('gives a telegram at once, and one behind noise when the line is quiet', () => {
    let telegrams = 0;
    const reader = new TelegramReader(() => telegrams++);
    reader.push(REQUEST);
    expect(telegrams).toBe(1);
    reader.push(joined(bytes('68 f0 f0 68'), STATUS));
    expect(telegrams).toBe(1);
    reader.endOfBurst();
    expect(telegrams).toBe(2);
  });
});

describe('any bytes', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom(
      bytes('68 f9 f9 68'),
      bytes('dc 10'),
      bytes('e5'),
      bytes('a2'),
      STATUS,
      REQUEST,
      buildFixed(2, 8, 8, [1, 2, 3, 4, 5, 6, 7, 8]),
    ),
  );

  it('are telegrams or noise, byte for byte, and the same in any pieces', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 300 }), (pieces, size) => {
        const stream = joined(...pieces);
        let good = 0;
        const reader = new TelegramReader(() => {});
        const positions: number[] = [];
        const counting = new TelegramReader((telegram) => {
          positions.push(telegram.endPosition);
          good++;
        });
        reader.push(stream);
        reader.endOfBurst();
        for (let at = 0; at < stream.length; at += size) counting.push(stream.subarray(at, at + size));
        counting.endOfBurst();
        expect(counting.noiseBytes).toBe(reader.noiseBytes);
        expect(counting.telegrams).toBe(reader.telegrams);
        expect(counting.telegrams).toBeGreaterThanOrEqual(good);
        expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
        expect(positions.every((position) => position <= stream.length)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
