import fc from 'fast-check';
import { expect, it } from 'vitest';
import { suggestTypes } from './suggestTypes.ts';

const SAMPLES = 5;

/** The registers of values laid out one behind the other, each sample from what `layOut` says of it. */
function samplesOf(layOut: (sample: number) => readonly Uint16Array[]): Uint16Array[] {
  return Array.from({ length: SAMPLES }, (_, sample) =>
    Uint16Array.from(layOut(sample).flatMap((words) => [...words])),
  );
}

function words(bytes: number, set: (view: DataView) => void): Uint16Array {
  const view = new DataView(new ArrayBuffer(bytes));
  set(view);
  return Uint16Array.from({ length: bytes / 2 }, (_, at) => view.getUint16(at * 2));
}

const float32 = (value: number) => words(4, (view) => view.setFloat32(0, value));
const float64 = (value: number) => words(8, (view) => view.setFloat64(0, value));
const uint32 = (value: number) => words(4, (view) => view.setUint32(0, value));
const int32 = (value: number) => words(4, (view) => view.setInt32(0, value));
const uint16 = (value: number) => Uint16Array.of(value);
const swapWords = (value: Uint16Array) => value.toReversed();
const swapBytes = (value: Uint16Array) => value.map((word) => ((word & 0xff) << 8) | (word >> 8));
const text = (value: string) =>
  words(value.length, (view) => [...Buffer.from(value, 'latin1')].forEach((byte, at) => void view.setUint8(at, byte)));

const shape = (samples: readonly Uint16Array[]) =>
  suggestTypes(100, samples).map(({ first, dataType, wordOrder }) => `${first} ${dataType} ${wordOrder}`);

it('cuts a run of registers into the values that a device has laid there', () => {
  const samples = samplesOf((sample) => [
    float32(25.31 + sample * 0.07),
    uint16(3),
    float32(7.0625 + sample * 0.01),
    uint16(1480 + sample),
    uint32(0x0001_fff0 + sample * 9),
    uint16(0x10000 - 12 - sample),
    text('PUMP-07 \0\0'),
  ]);
  expect(shape(samples)).toEqual([
    '100 float32 ABCD',
    '102 uint16 ABCD',
    '103 float32 ABCD',
    '105 uint16 ABCD',
    '106 uint32 ABCD',
    '108 int16 ABCD',
    '109 string ABCD',
  ]);
});

it.each([
  ['CDAB', swapWords],
  ['BADC', swapBytes],
  ['DCBA', (value: Uint16Array) => swapBytes(swapWords(value))],
])('finds the order %s', (order, layOut) => {
  const samples = samplesOf((sample) => [
    layOut(float32(231.4 + sample * 0.37)),
    layOut(float32(49.98 + sample * 0.013)),
    layOut(uint32(0x0002_fff8 + sample * 5)),
    layOut(float64(1013.25 + sample * 0.1)),
  ]);
  expect(shape(samples)).toEqual([
    `100 float32 ${order}`,
    `102 float32 ${order}`,
    `104 uint32 ${order}`,
    `106 float64 ${order}`,
  ]);
});

it('knows a text whose bytes are swapped by where it ends', () => {
  expect(
    suggestTypes(
      0,
      samplesOf(() => [swapBytes(text('Meter 3\0'))]),
    ),
  ).toMatchObject([{ dataType: 'string', wordOrder: 'BADC', value: 'Meter 3' }]);
});

it('finds small numbers to be numbers of their own, and says how little that is worth', () => {
  const samples = samplesOf((sample) => [uint16(100), uint16(0), uint16(55 + sample), uint16(0)]);
  expect(shape(samples)).toEqual(['100 uint16 ABCD', '101 uint16 ABCD', '102 uint16 ABCD', '103 uint16 ABCD']);
  for (const { confidence } of suggestTypes(0, samples)) expect(confidence).toBeLessThan(0.6);
});

it('takes a long number that falls below 0 for one', () => {
  expect(shape(samplesOf((sample) => [int32(8 - sample * 5)]))[0]).toBe('100 int32 ABCD');
});

it('covers any registers, each once', () => {
  const registers = fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(registers, { minLength: 1, maxLength: 4 }), (samples) => {
      const length = Math.min(...samples.map((sample) => sample.length));
      const suggestions = suggestTypes(
        0,
        samples.map((sample) => Uint16Array.from(sample.slice(0, length))),
      );
      let next = 0;
      for (const { first, registers: taken, confidence } of suggestions) {
        expect(first).toBe(next);
        expect(confidence).toBeLessThanOrEqual(1);
        next += taken;
      }
      expect(next).toBe(length);
    }),
  );
});
