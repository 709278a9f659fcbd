import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { formatReadings } from '../../testbed/transcript.ts';
import { parseByteOrder } from './byteOrder.ts';
import { parsePoint, readPoint } from './points.ts';

describe('addresses', () => {
  it.each([
    ['holding:100', 'int16', 'holding', 100, 1, 0],
    ['HOLDING:100', 'Int16', 'holding', 100, 1, 0],
    ['input:7', 'float64', 'input', 7, 4, 0],
    ['coil:3', 'bool', 'coil', 3, 1, 0],
    ['discrete:0', 'bool', 'discrete', 0, 1, 0],
    ['holding:100.15', 'bool', 'holding', 100, 1, 15],
    ['holding:200[8]', 'string', 'holding', 200, 8, 0],
    ['40101', 'int16', 'holding', 100, 1, 0],
    ['400101', 'int16', 'holding', 100, 1, 0],
    ['465536', 'int16', 'holding', 65_535, 1, 0],
    ['30001', 'uint16', 'input', 0, 1, 0],
    ['10010', 'bool', 'discrete', 9, 1, 0],
    ['00004', 'bool', 'coil', 3, 1, 0],
    ['40101.3', 'bool', 'holding', 100, 1, 3],
    ['400201[8]', 'string', 'holding', 200, 8, 0],
  ])('%s as %s', (address, dataType, table, first, width, bit) => {
    expect(parsePoint({ address, dataType })).toMatchObject({ ok: true, value: { table, first, width, bit } });
  });

  it.each([
    ['', 'int16', 'point.address', /write holding:100/],
    ['holdng:100', 'int16', 'point.address', /"holdng:100" is no Modbus address/],
    ['100', 'int16', 'point.address', /zeros were lost it is 00100, which is coil:99, and a register .* holding:100$/],
    [
      '20001',
      'int16',
      'point.address',
      /no Modbus address: Modicon references have 5 or 6 digits and begin with 0, 1, 3/,
    ],
    ['4', 'bool', 'point.address', /if zeros were lost it is 00004, which is coil:3, and a .* is holding:4$/],
    ['4101', 'int16', 'point.address', /5 or 6 digits; if zeros were lost it is 04101, which is coil:4100/],
    ['0', 'bool', 'point.address', /5 or 6 digits and begin/],
    ['4000001', 'int16', 'point.address', /5 or 6 digits and begin/],
    ['40000', 'int16', 'point.address', /count from 1, such as 40001/],
    ['465537', 'int16', 'point.address', /beyond the last address, holding:65535/],
    ['holding:65536', 'int16', 'point.address', /beyond the last/],
    ['holding:65535', 'int32', 'point.address', /2 registers from 65535/],
    ['holding:-1', 'int16', 'point.address', /no Modbus address/],
    ['holding:1.16', 'bool', 'point.address', /bits 0 to 15/],
    ['holding:1[0]', 'string', 'point.address', /1 to 125 registers/],
    ['holding:1[126]', 'string', 'point.address', /1 to 125 registers/],
    ['coil:1.1', 'bool', 'point.address', /takes no suffix; write coil:1/],
    ['coil:1', 'int16', 'point.data-type', /is one bit: its data type is bool/],
    ['holding:1', 'bool', 'point.data-type', /such as holding:1\.0/],
    ['holding:1', 'string', 'point.data-type', /such as holding:1\[8\]/],
    ['holding:1.1', 'int16', 'point.data-type', /names a bit/],
    ['holding:1[2]', 'int32', 'point.data-type', /names a number of registers/],
    ['holding:1', 'real', 'point.data-type', /choose one of bool, int16/],
    ['holding:1', 'constructor', 'point.data-type', /is no data type/],
  ])('refuses "%s" as %s', (address, dataType, code, detail) => {
    const fault = { code, detail: expect.stringMatching(detail) };
    expect(parsePoint({ address, dataType })).toMatchObject({ ok: false, fault });
  });

  it.each([
    ['int32', 'ACBD'],
    ['int32', 'ABCDEFGH'],
    ['float64', 'AB'],
    ['int16', 'constructor'],
  ])('refuses %s with the word order %s', (dataType, wordOrder) => {
    const point = parsePoint({ address: 'holding:1', dataType, wordOrder });
    expect(point).toMatchObject({
      ok: false,
      fault: { code: 'point.word-order', detail: expect.stringContaining('CDAB') },
    });
  });
});

function read(dataType: string, bytes: Uint8Array, wordOrder?: string): string {
  const point = parsePoint({ address: 'holding:0', dataType, ...(wordOrder === undefined ? {} : { wordOrder }) });
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
  ])('%s as %s is no value', (bytes, dataType, expected) => {
    expect(read(dataType, Uint8Array.from(Buffer.from(bytes, 'hex')))).toBe(expected);
  });

  it('knows the letters of 16 and 64 bits only where they fit', () => {
    expect(parseByteOrder('ba', 2)).toBe('BADC');
    expect(parseByteOrder('ghefcdab', 8)).toBe('CDAB');
    expect(parseByteOrder('ba', 4)).toBeUndefined();
  });
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
