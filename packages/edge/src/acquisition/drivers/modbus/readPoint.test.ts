import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { formatReadings } from '../../testbed/transcript.ts';
import { parsePoint } from './points.ts';
import { readPoint } from './readPoint.ts';

function read(dataType: string, bytes: Uint8Array, wordOrder?: string, address = 'holding:0'): string {
  const point = parsePoint({ address, dataType, ...(wordOrder === undefined ? {} : { wordOrder }) });
  if (!point.ok) throw new Error(point.fault.detail);
  const lines: string[] = [];
  const readings = new Readings({ write: (block) => lines.push(...formatReadings(block)) });
  readPoint(point.value, 0, bytes, 0, new ManualClock().now(), readings);
  readings.flush();
  return lines[0].slice(2);
}

/** The bytes of a value as a device of that word order lays them into registers, by moving whole words and bytes. */
function laidOut(bigEndian: Uint8Array, order: string): Uint8Array {
  const words = Array.from({ length: bigEndian.length / 2 }, (_, at) => [...bigEndian.subarray(at * 2, at * 2 + 2)]);
  if (order === 'CDAB' || order === 'DCBA') words.reverse();
  if (order === 'BADC' || order === 'DCBA') for (const word of words) word.reverse();
  return Uint8Array.from(words.flat());
}

describe('values', () => {
  const order = fc.constantFrom('ABCD', 'CDAB', 'BADC', 'DCBA');
  const bytesOf = (bytes: number, set: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(bytes));
    set(view);
    return new Uint8Array(view.buffer);
  };

  it('reads 64-bit integers as the nearest double, and says where that is not exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), order, (integer, layout) => {
        const bytes = laidOut(
          bytesOf(8, (view) => view.setBigInt64(0, integer)),
          layout,
        );
        const exact = integer >= -(2n ** 53n) + 1n && integer <= 2n ** 53n - 1n;
        expect(read('int64', bytes, layout)).toBe(`${Number(integer)} ${exact ? 'Good' : 'UncertainDataSubNormal'}`);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), order, (integer, layout) => {
        const bytes = laidOut(
          bytesOf(8, (view) => view.setBigUint64(0, integer)),
          layout,
        );
        expect(read('uint64', bytes, layout).split(' ')[0]).toBe(String(Number(integer)));
      }),
    );
  });

  it('reads floats in every order', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), order, (float, layout) => {
        const bytes = laidOut(
          bytesOf(4, (view) => view.setFloat32(0, float)),
          layout,
        );
        expect(read('float32', bytes, layout)).toBe(`${float} Good`);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), order, (float, layout) => {
        const bytes = laidOut(
          bytesOf(8, (view) => view.setFloat64(0, float)),
          layout,
        );
        expect(read('float64', bytes, layout)).toBe(`${float} Good`);
      }),
    );
  });

  it('reads 48-bit integers in every order', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }), order, (integer, layout) => {
        const big = bytesOf(8, (view) => view.setBigUint64(0, integer)).subarray(2);
        const bytes = laidOut(big, layout);
        expect(read('uint48', bytes, layout)).toBe(`${integer} Good`);
        expect(read('int48', bytes, layout)).toBe(`${BigInt.asIntN(48, integer)} Good`);
      }),
    );
  });

  it('reads 32-bit integers in every order', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), order, (integer, layout) => {
        const bytes = laidOut(
          bytesOf(4, (view) => view.setInt32(0, integer)),
          layout,
        );
        expect(read('int32', bytes, layout)).toBe(`${integer} Good`);
        expect(read('uint32', bytes, layout)).toBe(`${integer >>> 0} Good`);
      }),
    );
  });

  it.each([
    ['7fc00000', 'float32', '- BadNoData'],
    ['ff800000', 'float32', '- BadOutOfRange'],
    ['7ff8000000000000', 'float64', '- BadNoData'],
    ['7ff0000000000000', 'float64', '- BadOutOfRange'],
    ['7e00', 'float16', '- BadNoData'],
    ['12a4', 'bcd16', '- BadOutOfRange'],
    ['f2345678', 'bcd32', '- BadOutOfRange'],
  ])('%s as %s is no value', (bytes, dataType, expected) => {
    expect(read(dataType, Uint8Array.from(Buffer.from(bytes, 'hex')))).toBe(expected);
  });
});

it.each([
  ['9a5f', 'uint8', 'holding:0.low', '95 Good'],
  ['9a5f', 'uint8', 'holding:0.high', '154 Good'],
  ['9a5f', 'int8', 'holding:0.high', '-102 Good'],
  ['9a5f', 'uint16', 'holding:0.4-11', '165 Good'],
  ['9a5f', 'int16', 'holding:0.4-11', '-91 Good'],
  ['9a5f', 'bool', 'holding:0.15', '1 Good'],
  ['9a5f', 'bool', 'holding:0.5', '0 Good'],
  ['9a5f', 'uint16', 'holding:0.0-15', '39519 Good'],
  ['1234', 'bcd16', 'holding:0', '1234 Good'],
  ['98765432', 'bcd32', 'holding:0', '98765432 Good'],
  ['3c01', 'float16', 'holding:0', '1.0009765625 Good'],
  ['000a000b', 'uint16', 'fifo:7', '10 Good'],
  ['000a000b', 'uint16', 'fifo:7/1', '11 Good'],
  ['000a000b', 'uint16', 'fifo:7/2', '- BadNoData'],
  ['', 'float32', 'fifo:7', '- BadNoData'],
  ['2b0e0101000001 00 04 41636d65', 'string', 'identification:vendor-name', '"Acme" Good'],
  ['2b0e0101000001 00 04 41636d65', 'string', 'identification:revision', '- BadNoData'],
])('%s as %s of %s is %s', (hex, dataType, address, expected) => {
  const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  expect(read(dataType, bytes, undefined, address)).toBe(expected);
});

it('reads texts to the first NUL, in UTF-8 or else in Latin-1', () => {
  const text = (hex: string) => {
    const point = parsePoint({ address: `holding:0[${hex.length / 4}]`, dataType: 'string' });
    if (!point.ok) throw new Error(point.fault.detail);
    const lines: string[] = [];
    const readings = new Readings({ write: (block) => lines.push(...formatReadings(block)) });
    readPoint(point.value, 0, Uint8Array.from(Buffer.from(hex, 'hex')), 0, new ManualClock().now(), readings);
    readings.flush();
    return lines[0];
  };
  expect(text('50756d7000000041')).toBe('0 "Pump" Good');
  expect(text('50756d702020')).toBe('0 "Pump" Good');
  expect(text('c2b04320')).toBe('0 "°C" Good');
  expect(text('b0430000')).toBe('0 "°C" Good');
  expect(text('00000000')).toBe('0 "" Good');
});
