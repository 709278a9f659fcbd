import { describe, expect, it } from 'vitest';
import { parseByteOrder } from './byteOrder.ts';
import { parsePoint, parsePointWithin } from './points.ts';

describe('addresses', () => {
  it.each([
    ['holding:100', 'int16', 'holding', 100, 1],
    ['HOLDING:100', 'Int16', 'holding', 100, 1],
    ['input:7', 'float64', 'input', 7, 4],
    ['input:7', 'uint48', 'input', 7, 3],
    ['coil:3', 'bool', 'coil', 3, 1],
    ['discrete:0', 'bool', 'discrete', 0, 1],
    ['holding:200[8]', 'string', 'holding', 200, 8],
    ['40101', 'int16', 'holding', 100, 1],
    ['400101', 'int16', 'holding', 100, 1],
    ['4x101', 'int16', 'holding', 100, 1],
    ['4X00101', 'int16', 'holding', 100, 1],
    ['465536', 'int16', 'holding', 65_535, 1],
    ['4x65536', 'int16', 'holding', 65_535, 1],
    ['30001', 'uint16', 'input', 0, 1],
    ['10010', 'bool', 'discrete', 9, 1],
    ['00004', 'bool', 'coil', 3, 1],
    ['0x4', 'bool', 'coil', 3, 1],
    ['400201[8]', 'string', 'holding', 200, 8],
    ['file:4/100', 'float32', 'file', 100, 2],
    ['fifo:1200', 'uint16', 'fifo', 0, 1],
    ['fifo:1200/30', 'uint16', 'fifo', 30, 1],
    ['identification:vendor-name', 'string', 'identification', 0, 1],
    ['identification:130', 'string', 'identification', 130, 1],
  ])('%s as %s', (address, dataType, table, first, width) => {
    const point = parsePoint({ address, dataType });
    expect(point).toMatchObject({ ok: true, value: { table, first, width, fieldBits: 0 } });
  });

  it.each([
    ['holding:100.15', 'bool', 15, 1],
    ['40101.3', 'bool', 3, 1],
    ['holding:100.4-7', 'uint8', 4, 4],
    ['holding:100.0-11', 'int16', 0, 12],
    ['holding:100.low', 'uint8', 0, 8],
    ['holding:100.HIGH', 'int8', 8, 8],
    ['file:4/100.3', 'bool', 3, 1],
  ])('%s as %s is a field of bits', (address, dataType, lowestBit, fieldBits) => {
    expect(parsePoint({ address, dataType })).toMatchObject({ ok: true, value: { lowestBit, fieldBits } });
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
    ['holding:1', 'real', 'point.data-type', /choose one of bool, int8, uint8, int16/],
    ['holding:1', 'constructor', 'point.data-type', /is no data type/],
    ['holding:1', 'uint8', 'point.data-type', /name the byte of a uint8, holding:1\.low or holding:1\.high/],
    ['holding:1.7-4', 'uint8', 'point.address', /bits 0 to 15/],
    ['holding:1.8-16', 'uint16', 'point.address', /bits 0 to 15/],
    ['holding:1.0-8', 'uint8', 'point.data-type', /names 9 bits: their data type is uint16 or int16, not uint8/],
    ['holding:1.0-3', 'float32', 'point.data-type', /names 4 bits: their data type is uint8, int8, uint16 or int16/],
    ['4x0', 'int16', 'point.address', /count from 1/],
    ['4x65537', 'int16', 'point.address', /beyond the last address, holding:65535/],
    ['file:0/1', 'int16', 'point.address', /numbered from 1 to 65535/],
    ['file:4/10000', 'int16', 'point.address', /beyond the last address, file:4\/9999/],
    ['file:4/9999', 'int32', 'point.address', /end behind the last, 9999/],
    ['file:4', 'int16', 'point.address', /no Modbus address/],
    ['fifo:65536', 'int16', 'point.address', /0 to 65535/],
    ['fifo:1200/31', 'int16', 'point.address', /beyond the last address, fifo:1200\/30/],
    ['identification:color', 'string', 'point.address', /no object of a device: vendor-name, /],
    ['identification:256', 'string', 'point.address', /beyond the last address, identification:255/],
    ['identification:0', 'int16', 'point.data-type', /is a text: its data type is string, not int16/],
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

it('refuses a value that does not fit into one request of the device', () => {
  expect(parsePointWithin({ address: 'holding:0', dataType: 'float32' }, 2)).toMatchObject({ ok: true });
  const fault = { code: 'point.data-type', detail: expect.stringContaining('set its maxRegisters to 2 or more') };
  expect(parsePointWithin({ address: 'holding:0', dataType: 'float32' }, 1)).toMatchObject({ ok: false, fault });
});

it('knows the letters of 16, 48 and 64 bits only where they fit', () => {
  expect(parseByteOrder('ba', 2)).toBe('BADC');
  expect(parseByteOrder('efcdab', 6)).toBe('CDAB');
  expect(parseByteOrder('ghefcdab', 8)).toBe('CDAB');
  expect(parseByteOrder('ba', 4)).toBeUndefined();
  expect(parseByteOrder('ABCDEF', 8)).toBeUndefined();
});
