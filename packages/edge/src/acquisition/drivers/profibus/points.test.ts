import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { formatReadings } from '../../testbed/transcript.ts';
import { Image } from './dp/image.ts';
import { type BytePoint, parsePoint, tagTypeOf } from './points.ts';
import { readValue } from './readValue.ts';

describe('addresses', () => {
  it.each([
    ['input:4', 'int16', { area: 'input', slot: undefined, offset: 4, width: 2, littleEndian: false }, 'number'],
    ['Output:0.7', 'BOOL', { area: 'output', offset: 0, width: 1, bit: 7 }, 'boolean'],
    ['slot:2/input:0', 'float32', { area: 'input', slot: 2, offset: 0, width: 4 }, 'number'],
    ['slot:244/output:1.0', 'bool', { area: 'output', slot: 244, bit: 0 }, 'boolean'],
    ['input:8[12]', 'string', { offset: 8, width: 12 }, 'string'],
    ['diagnosis:6', 'uint8', { area: 'diagnosis', offset: 6 }, 'number'],
    ['diagnosis:state', 'string', { area: 'state', name: 'state' }, 'string'],
    ['diagnosis:state', 'uint8', { area: 'state', name: 'state' }, 'number'],
    ['diagnosis:text', 'string', { area: 'state', name: 'text' }, 'string'],
    ['bus:rotation', 'float64', { area: 'bus', name: 'rotation' }, 'number'],
    ['input:238', 'uint64', { offset: 238, width: 8 }, 'number'],
  ])('%s as %s', (address, dataType, expected, type) => {
    const point = parsePoint({ address, dataType });
    expect(point).toMatchObject({ ok: true, value: expected });
    if (point.ok) expect(tagTypeOf(point.value)).toBe(type);
  });

  it.each([
    ['holding:4', 'int16', 'point.address', 'write input:4 or output:0'],
    ['input', 'int16', 'point.address', 'write input:4'],
    ['slot:1/diagnosis:0', 'uint8', 'point.address', 'write input:4'],
    ['slot:0/input:0', 'uint8', 'point.address', 'such as slot:1/input:0'],
    ['input:0.8', 'bool', 'point.address', 'such as input:0.7'],
    ['input:0[0]', 'string', 'point.address', 'such as input:0[8]'],
    ['input:239', 'uint64', 'point.address', 'end behind the last that a telegram carries, 245'],
    ['diagnosis:colour', 'string', 'point.address', 'diagnosis: and one of state, text'],
    ['bus:colour', 'float64', 'point.address', 'bus: and one of rotation'],
    ['input:0', 'int24', 'point.data-type', 'choose one of bool, int8'],
    ['input:0', 'bool', 'point.data-type', 'such as input:0.0'],
    ['input:0', 'string', 'point.data-type', 'such as input:0[8]'],
    ['input:0.1', 'uint8', 'point.data-type', 'its data type is bool, not uint8'],
    ['input:0[4]', 'uint32', 'point.data-type', 'its data type is string, not uint32'],
    ['diagnosis:state', 'float32', 'point.data-type', 'its data type is string or uint8, not float32'],
    ['diagnosis:text', 'uint8', 'point.data-type', 'its data type is string, not uint8'],
    ['bus:load', 'uint8', 'point.data-type', 'its data type is float64, not uint8'],
  ])('%s as %s is refused', (address, dataType, code, hint) => {
    expect(parsePoint({ address, dataType })).toMatchObject({
      ok: false,
      fault: { code, detail: expect.stringContaining(hint) },
    });
  });

  it('takes two byte orders', () => {
    const spec = { address: 'input:0', dataType: 'int16' };
    expect(parsePoint({ ...spec, wordOrder: 'dcba' })).toMatchObject({ ok: true, value: { littleEndian: true } });
    expect(parsePoint({ ...spec, wordOrder: 'CDAB' })).toMatchObject({
      ok: false,
      fault: { code: 'point.word-order' },
    });
  });
});

describe('values', () => {
  const read = (dataType: string, hex: string, wordOrder = 'ABCD', address = 'input:1') => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    const image = new Image();
    image.set(Uint8Array.of(0xee, ...bytes), 0, bytes.length + 1);
    const point = parsePoint({ address, dataType, wordOrder });
    if (!point.ok) throw new Error(point.fault.detail);
    const shown: string[] = [];
    const readings = new Readings({ write: (block) => shown.push(...formatReadings(block)) });
    readValue(point.value as BytePoint, image, 1, 3, 5 as Timestamp, STATUS.Good, readings);
    readings.flush();
    return shown[0].slice(2);
  };

  it.each([
    ['int8', 'ff', '-1 Good'],
    ['uint8', 'ff', '255 Good'],
    ['int16', 'fc18', '-1000 Good'],
    ['uint16', 'fc18', '64536 Good'],
    ['int32', 'fffffffe', '-2 Good'],
    ['uint32', 'fffffffe', '4294967294 Good'],
    ['int64', 'ffffffff ffffffff', '-1 Good'],
    ['uint64', '00200000 00000001', '9007199254740992 UncertainDataSubNormal'],
    ['float32', '41c80000', '25 Good'],
    ['float64', '40390000 00000000', '25 Good'],
    ['float32', '7fc00000', '- BadNoData'],
    ['float32', '7f800000', '- BadOutOfRange'],
  ])('%s %s', (dataType, hex, expected) => {
    expect(read(dataType, hex)).toBe(expected);
    const swapped = [...Buffer.from(hex.replaceAll(' ', ''), 'hex')].reverse();
    expect(read(dataType, Buffer.from(swapped).toString('hex'), 'DCBA')).toBe(expected);
  });

  it('bits and texts', () => {
    expect(read('bool', '04', 'ABCD', 'input:1.2')).toBe('1 Good');
    expect(read('bool', 'fb', 'ABCD', 'input:1.2')).toBe('0 Good');
    expect(read('string', '4b65 73 73 65 6c 20 00 41', 'ABCD', 'input:1[9]')).toBe('"Kessel" Good');
    expect(read('string', 'e4 f6', 'ABCD', 'input:1[2]')).toBe('"äö" Good');
  });
});
