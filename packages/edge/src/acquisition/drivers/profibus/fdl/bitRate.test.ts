import { expect, it } from 'vitest';
import { joined } from '../testbed/buildTelegram.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { BIT_RATES, chooseBitRate, scoreBytes } from './bitRate.ts';

const stream = joined(...RECORDED.map(({ bytes }) => bytes)).subarray(0, 500);

/** What a UART makes of the line at `factor` times the right bit rate: eight samples of the line for each byte it sees. */
function sampledAt(factor: number): Uint8Array {
  const line = [...stream].flatMap((byte) => {
    const bits = Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1);
    return [0, ...bits, bits.reduce((sum, bit) => sum ^ bit, 0), 1];
  });
  const at = (bit: number) => line[Math.floor(bit / factor)] ?? 1;
  const bytes: number[] = [];
  for (let bit = 0; bit < line.length * factor; ) {
    if (at(bit + 0.5) === 1) bit++;
    else {
      bytes.push(Array.from({ length: 8 }, (_, n) => at(bit + 1.5 + n) << n).reduce((sum, value) => sum | value, 0));
      bit += 11;
    }
  }
  return Uint8Array.from(bytes);
}

it('samples the line as it is at the right rate', () => {
  expect(sampledAt(1)).toEqual(stream);
});

it.each(BIT_RATES)('finds %i bit/s among all', (bitRate) => {
  const trials = BIT_RATES.map((tried) => ({ bitRate: tried, bytes: sampledAt(tried / bitRate) }));
  expect(chooseBitRate(trials)).toBe(bitRate);
});

it('chooses none where nothing makes sense', () => {
  expect(chooseBitRate([])).toBeUndefined();
  expect(chooseBitRate([{ bitRate: 9600, bytes: new Uint8Array(0) }])).toBeUndefined();
  expect(chooseBitRate([{ bitRate: 9600, bytes: Uint8Array.from({ length: 500 }, (_, n) => n * 7) }])).toBeUndefined();
});

it('scores the share of bytes that belong to telegrams', () => {
  expect(scoreBytes(stream.subarray(0, 300)).score).toBeGreaterThan(0.9);
  expect(scoreBytes(joined(stream, new Uint8Array(stream.length))).score).toBeCloseTo(0.5, 1);
});
