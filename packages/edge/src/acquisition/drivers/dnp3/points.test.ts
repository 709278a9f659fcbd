import { expect, it } from 'vitest';
import { POINT_KIND } from './application/objectSink.ts';
import { parsePoint } from './points.ts';

it.each([
  ['binary:5', 'bool', { kind: POINT_KIND.binary, index: 5 }, 'boolean'],
  ['Binary:5', 'BOOL', { kind: POINT_KIND.binary, index: 5 }, 'boolean'],
  [' doubleBit:0 ', 'uint8', { kind: POINT_KIND.doubleBit, index: 0 }, 'number'],
  ['binaryOutput:1', 'bool', { kind: POINT_KIND.binaryOutput, index: 1 }, 'boolean'],
  ['counter:3', 'uint32', { kind: POINT_KIND.counter, index: 3 }, 'number'],
  ['frozencounter:3', 'uint16', { kind: POINT_KIND.frozenCounter, index: 3 }, 'number'],
  ['analog:65535', 'float64', { kind: POINT_KIND.analog, index: 65_535 }, 'number'],
  ['frozenAnalog:0', 'int16', { kind: POINT_KIND.frozenAnalog, index: 0 }, 'number'],
  ['analogOutput:4', 'float32', { kind: POINT_KIND.analogOutput, index: 4 }, 'number'],
  ['octetString:7', 'string', { kind: POINT_KIND.octetString, index: 7 }, 'string'],
  ['g1:2', 'bool', { kind: POINT_KIND.binary, index: 2 }, 'boolean'],
  ['g02:2', 'bool', { kind: POINT_KIND.binary, index: 2 }, 'boolean'],
  ['G30:12', 'int32', { kind: POINT_KIND.analog, index: 12 }, 'number'],
  ['g32:12', 'int32', { kind: POINT_KIND.analog, index: 12 }, 'number'],
  ['g111:0', 'string', { kind: POINT_KIND.octetString, index: 0 }, 'string'],
  ['iin:device-trouble', 'bool', { kind: 'indication', indication: 'deviceTrouble' }, 'boolean'],
  ['IIN:Class-1-Events', 'bool', { kind: 'indication', indication: 'class1Events' }, 'boolean'],
])('%s as %s', (address, dataType, expected, type) => {
  expect(parsePoint({ address, dataType })).toEqual({ ok: true, value: { address: expected, type } });
});

it.each([
  ['', 'bool', 'point.address', /write binary:5/],
  ['analog', 'float32', 'point.address', /analog:12/],
  ['analogue:1', 'float32', 'point.address', /"analogue:1" is no DNP3 address/],
  ['30:1', 'float32', 'point.address', /g30:12/],
  ['g12:1', 'bool', 'point.address', /no DNP3 address/],
  ['g60:1', 'bool', 'point.address', /no DNP3 address/],
  ['constructor:1', 'bool', 'point.address', /no DNP3 address/],
  ['analog:65536', 'float32', 'point.address', /0 to 65535/],
  ['analog:-1', 'float32', 'point.address', /no DNP3 address/],
  ['iin:trouble', 'bool', 'point.address', /device-trouble/],
  ['iin:constructor', 'bool', 'point.address', /no internal indication/],
  ['binary:5', 'int16', 'point.data-type', /"int16" is no data type of "binary:5": write bool$/],
  ['doubleBit:5', 'bool', 'point.data-type', /write uint8/],
  ['analog:5', '', 'point.data-type', /write uint8, int16/],
  ['octetString:5', 'float32', 'point.data-type', /write string/],
  ['iin:need-time', 'uint8', 'point.data-type', /write bool/],
])('%s as %s is refused', (address, dataType, code, detail) => {
  expect(parsePoint({ address, dataType })).toMatchObject({
    ok: false,
    fault: { code, detail: expect.stringMatching(detail) },
  });
});

it('takes no word order', () => {
  const point = parsePoint({ address: 'analog:1', dataType: 'float32', wordOrder: 'CDAB' });
  expect(point).toMatchObject({ ok: false, fault: { code: 'point.word-order' } });
});
