import { expect, it } from 'vitest';
import { joined } from '../testbed/buildTelegram.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { sampledAt } from '../testbed/sampledAt.ts';
import { BIT_RATES, chooseBitRate, scoreBytes } from './bitRate.ts';

const stream = joined(...RECORDED.map(({ bytes }) => bytes)).subarray(0, 500);

it('samples the line as it is at the right rate', () => {
  expect(sampledAt(stream, 1)).toEqual(stream);
});

it.each(BIT_RATES)('finds %i bit/s among all', (bitRate) => {
  const trials = BIT_RATES.map((tried) => ({ bitRate: tried, bytes: sampledAt(stream, tried / bitRate) }));
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
