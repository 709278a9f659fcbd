import { describe, expect, it } from 'vitest';
import {
  dissectModbus,
  dissectModbusAsciiRequest,
  dissectModbusRtuRequest,
  dissectModbusTcpRequest,
} from './dissectModbus.ts';
import { frameOf } from './testbed/frameOf.ts';
import { bytesOfHex } from './testbed/recordedPayload.ts';

const words = (...values: number[]) => Uint16Array.from(values);
const bits = (text: string) => Uint8Array.from(text, Number);
const OBJECTS = '03 00 03 414243 01 02 4445 02 00';

describe('requests', () => {
  it.each<[name: string, pdu: string, body: object]>([
    ['read coils', '01 0013 0025', { reads: { table: 'coil', first: 19, count: 37 } }],
    ['read discrete inputs', '02 00c4 0016', { reads: { table: 'discrete', first: 196, count: 22 } }],
    ['read holding registers', '03 006b 0003', { reads: { table: 'holding', first: 107, count: 3 } }],
    ['the last register', '03 ffff 0001', { reads: { table: 'holding', first: 65535, count: 1 } }],
    ['read input registers', '04 0008 007d', { reads: { table: 'input', first: 8, count: 125 } }],
    ['write single coil', '05 00ac ff00', { writes: { table: 'coil', first: 172, count: 1 }, coils: bits('1') }],
    ['write register', '06 0001 0003', { writes: { table: 'holding', first: 1, count: 1 }, registers: words(3) }],
    [
      'write coils',
      '0f 0013 000a 02 cd01',
      { writes: { table: 'coil', first: 19, count: 10 }, coils: bits('1011001110') },
    ],
    [
      'write registers',
      '10 0001 0002 04 000a0102',
      { writes: { table: 'holding', first: 1, count: 2 }, registers: words(10, 258) },
    ],
    [
      'read file record',
      '14 0e 06 0004 0001 0002 06 0003 0009 0002',
      {
        records: [
          { file: 4, record: 1, count: 2 },
          { file: 3, record: 9, count: 2 },
        ],
      },
    ],
    [
      'write file record',
      '15 0d 06 0004 0007 0003 06af04be100d',
      { records: [{ file: 4, record: 7, count: 3, registers: words(0x06af, 0x04be, 0x100d) }] },
    ],
    [
      'mask register',
      '16 0004 00f2 0025',
      { writes: { table: 'holding', first: 4, count: 1 }, mask: { and: 0xf2, or: 0x25 } },
    ],
    [
      'read and write registers',
      '17 0003 0006 000e 0001 02 00ff',
      {
        reads: { table: 'holding', first: 3, count: 6 },
        writes: { table: 'holding', first: 14, count: 1 },
        registers: words(255),
      },
    ],
    ['read FIFO queue', '18 04de', { fifo: 1246 }],
    ['identification', '2b 0e 01 00', { identification: { readCode: 1, objectId: 0 } }],
    ['CANopen', '2b 0d 0001 02 ff', {}],
    ['a code of one vendor', '5a 0002', {}],
  ])('%s', (_, pdu, body) => {
    const frame = {
      ok: true,
      value: { station: 17, functionCode: Number.parseInt(pdu, 16), exception: undefined, body },
    };
    expect(dissectModbus(frameOf('tcp', 17, pdu), 'request')).toMatchObject(frame);
  });

  it.each([
    ['no sub-function', '08 00', /lacks its sub-function/],
    ['no MEI type', '2b', /lacks its MEI type/],
    ['function code 0', '00 006b 0003', /function code 0/],
    ['function code 128', '80 006b 0003', /function code 128/],
    ['an exception', '83 02', /function code 131 in a request/],
    ['a read with bytes behind it', '03 006b 0003 0000', /has 6 bytes where 4 belong/],
    ['a read of nothing', '03 006b 0000', /names 0 items/],
    ['126 registers', '03 0000 007e', /names 126 items/],
    ['2001 coils', '01 0000 07d1', /names 2001 items/],
    ['registers beyond the last', '03 ffff 0002', /beyond the last address/],
    ['a coil half on', '05 00ac ff01', /neither on nor off/],
    ['a register of three bytes', '06 00ac ff0100', /has 5 bytes where 4 belong/],
    ['exception status with a byte', '07 00', /has 1 bytes where 0 belong/],
    ['half a word of query data', '08 0000 a5', /not whole words/],
    ['no query data', '08 0000', /not whole words/],
    ['a restart that is neither', '08 0001 0001', /has data 1 where 0 or 65280/],
    ['a delimiter of two characters', '08 0003 2324', /has 36 behind the character/],
    ['listen only with data', '08 0004 0001', /has data 1 where 0 belongs/],
    ['a counter with two words', '08 000b 0000 0000', /has 6 bytes where 4 belong/],
    ['1969 coils', '0f 0000 07b1 f7 00', /names 1969 items/],
    ['a wrong byte count', '10 0001 0002 05 000a0102', /counts 5 bytes and holds 4/],
    ['fewer values than registers', '10 0001 0003 04 000a0102', /counts 4 bytes where 6 belong/],
    ['more coils than it names', '0f 0013 0008 02 cd01', /counts 2 bytes where 1 belong/],
    ['server id with a byte', '11 00', /has 1 bytes where 0 belong/],
    ['half a file group', '14 08 06 0004 0001 0002 06', /has a group of 1 bytes where 7 belong/],
    ['no file group', '14 00', /counts 0 bytes where 7 to 245 belong/],
    ['another reference type', '14 07 07 0004 0001 0002', /has reference type 7 where 6 belongs/],
    ['file 0', '14 07 06 0000 0001 0002', /names file 0/],
    ['record 10000', '14 07 06 0001 2710 0002', /names record 10000/],
    ['a record of nothing', '14 07 06 0001 0001 0000', /no registers/],
    ['more records than an answer holds', '14 07 06 0001 0001 007d', /asks for 252 bytes/],
    ['a file write that is cut', '15 09 06 0004 0007 0002 06af', /ends 2 bytes behind it/],
    ['a file write with half a group', '15 0a 06 0004 0007 0001 06af 06', /has a group of 1 bytes/],
    ['a mask of one word', '16 0004 00f2', /has 4 bytes where 6 belong/],
    ['122 registers at once', '17 0003 0006 000e 007a f4 0000', /names 122 items/],
    ['a queue with a count', '18 04de 0001', /has 4 bytes where 2 belong/],
    ['read code 0', '2b 0e 00 00', /read code 0/],
    ['read code 5', '2b 0e 05 00', /read code 5/],
    ['no object', '2b 0e 01', /has 2 bytes where 3 belong/],
    ['two objects', '2b 0e 04 01 02', /has 4 bytes where 3 belong/],
  ])('are refused: %s', (_, pdu, reason) => {
    const malformed = { ok: false, fault: { code: 'frame.malformed', detail: expect.stringMatching(reason) } };
    for (const framing of ['tcp', 'rtu', 'ascii'] as const) {
      expect(dissectModbus(frameOf(framing, 17, pdu), 'request', framing)).toMatchObject(malformed);
    }
  });
});

describe('answers', () => {
  it.each<[name: string, pdu: string, value: object]>([
    ['coils', '01 02 cd01', { body: { coils: bits('1011001110000000') } }],
    ['registers', '03 04 022bffff', { body: { registers: words(555, 65535) } }],
    ['coils that were written', '0f 0013 000a', { body: { writes: { table: 'coil', first: 19, count: 10 } } }],
    ['an event log', '0c 08 0000 0108 0121 20 00', { service: 'get comm event log' }],
    ['a server id', '11 03 5447ff', { service: 'report server id' }],
    [
      'two groups of records',
      '14 0c 05 06 0dfe0020 05 06 33cd0040',
      {
        body: {
          records: [
            { count: 2, registers: words(0xdfe, 0x20) },
            { count: 2, registers: words(0x33cd, 0x40) },
          ],
        },
      },
    ],
    ['registers after a write', '17 02 00fe', { body: { registers: words(254) } }],
    ['an empty queue', '18 0002 0000', { body: { registers: words() } }],
    ['a queue', '18 0006 0002 01b81284', { body: { registers: words(440, 4740) } }],
    [
      'identification',
      `2b 0e 01 81 ff 03 ${OBJECTS}`,
      {
        body: {
          identification: {
            readCode: 1,
            objectId: 3,
            conformity: 0x81,
            moreFollows: true,
            objects: [
              { id: 0, value: bytesOfHex('414243') },
              { id: 1, value: bytesOfHex('4445') },
              { id: 2, value: new Uint8Array() },
            ],
          },
        },
      },
    ],
    [
      'a refusal',
      '83 02',
      { functionCode: 3, exception: 2, service: 'read holding registers', effect: 'read', body: {} },
    ],
    ['a refusal that hides its sub-function', '88 01', { functionCode: 8, service: 'diagnostics', effect: 'unknown' }],
    [
      'a refused transport',
      'ab 01',
      { functionCode: 43, service: 'encapsulated interface transport', effect: 'unknown' },
    ],
  ])('%s', (_, pdu, value) => {
    expect(dissectModbus(frameOf('tcp', 17, pdu), 'response')).toMatchObject({ ok: true, value });
  });

  it.each([
    ['no byte count', '03', /lacks its byte count/],
    ['a byte count that is wrong', '03 04 022b', /counts 4 bytes and holds 2/],
    ['half a register', '03 03 022b00', /not whole registers/],
    ['no register', '03 00', /counts 0 bytes where 2 to 250 belong/],
    ['more than 125 registers', `03 fb ${'00'.repeat(251)}`, /counts 251 bytes/],
    ['an event log of 65', `0c 47 ${'00'.repeat(71)}`, /counts 71 bytes where 6 to 70 belong/],
    ['listen only', '08 0004 0000', /is never sent/],
    ['a server without indicator', '11 01 54', /counts 1 bytes where 2 to 251 belong/],
    ['a group of half registers', '14 05 04 06 0dfe20', /group of 4 bytes, which are not whole registers/],
    ['a group beyond the end', '14 04 05 06 0dfe', /group of 5 bytes and holds 3/],
    ['a group of another type', '14 04 03 05 0dfe', /reference type 5/],
    ['a queue of 32', `18 0042 0020 ${'0000'.repeat(32)}`, /queue of 32 where 31/],
    ['a queue that counts wrongly', '18 0006 0001 01b8', /counts 6 bytes where 4 belong/],
    ['a queue that is cut', '18 0006 0002 01b8', /has 6 bytes where 8 belong/],
    ['identification without objects', '2b 0e 01 01 00 00', /at least 6 belong/],
    ['another conformity', `2b 0e 01 04 00 00 ${OBJECTS}`, /conformity level 4/],
    ['more or less', `2b 0e 01 01 01 00 ${OBJECTS}`, /has 1 for whether more follows/],
    ['an object beyond the end', '2b 0e 01 01 00 00 01 00 05 41', /object of 5 bytes and holds 1/],
    ['fewer objects than it counts', '2b 0e 01 01 00 00 02 00 01 41', /counts 2 objects and holds 1/],
    ['more bytes than objects', '2b 0e 01 01 00 00 01 00 01 41 42', /has 1 bytes behind its 1 objects/],
    ['a refusal without reason', '83', /exception to function code 3 with 0 bytes/],
    ['a refusal that is padded', '81 05 00', /exception to function code 1 with 2 bytes/],
    ['a refusal of nothing', '80 01', /function code 128/],
  ])('are refused: %s', (_, pdu, reason) => {
    const malformed = { ok: false, fault: { code: 'frame.malformed', detail: expect.stringMatching(reason) } };
    expect(dissectModbus(frameOf('tcp', 17, pdu), 'response')).toMatchObject(malformed);
  });
});

describe('framings', () => {
  const READ = { ok: true, value: { service: 'read holding registers', effect: 'read', station: 1 } };
  const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

  it('each have a dissector for the guard', () => {
    expect(dissectModbusTcpRequest(bytesOfHex('1234 0000 0006 01 03 0000 000a'))).toMatchObject(READ);
    expect(dissectModbusRtuRequest(bytesOfHex('01 03 0000 000a c5cd'))).toMatchObject(READ);
    expect(dissectModbusAsciiRequest(ascii(':01030000000AF2\r\n'))).toMatchObject(READ);
  });

  it.each([
    ['two frames in one', '0001 0000 0006 11 03 006b 0003 0002 0000 0006 11 03 006b 0003', /12 bytes behind the end/],
    ['a foreign protocol', '0001 0001 0006 11 03 006b 0003', /protocol identifier 1/],
    ['no function code', '0001 0000 0001 11', /length 1/],
    ['a length beyond the limit', '0001 0000 00ff 11 03', /length 255/],
    ['a frame that is cut', '0001 0000 0006 11 03 006b 00', /11 of 12 bytes/],
    ['half a header', '0001 0000', /4 bytes cannot hold a header/],
    ['RTU', '01 03 0000 000a c5cd', /8 of 16 bytes/],
  ])('TCP refuses %s', (_, hex, reason) => {
    expect(dissectModbusTcpRequest(bytesOfHex(hex))).toMatchObject({
      fault: { detail: expect.stringMatching(reason) },
    });
  });

  it.each([
    ['a CRC in the order of the other bytes', '01 03 0000 000a cdc5', /CRC c5cd where cdc5 belongs/],
    ['two frames in one', '01 03 0000 000a c5cd 01 03 0000 000a c5cd', /CRC/],
    ['two frames with a CRC over both', '01 03 0000 000a c5cd 01 06 0000 0001 4811', /has 12 bytes where 4 belong/],
    ['a frame that is too short', '01 c5cd', /3 bytes cannot hold a frame/],
    ['a frame that is too long', '00'.repeat(257), /257 bytes where 256 are allowed/],
    ['TCP', '0001 0000 0006 01 03 0000 000a', /CRC/],
  ])('RTU refuses %s', (_, hex, reason) => {
    expect(dissectModbusRtuRequest(bytesOfHex(hex))).toMatchObject({
      fault: { detail: expect.stringMatching(reason) },
    });
  });

  it.each([
    ['nothing', '', /0 characters without the end/],
    ['another beginning', '01030000000AF2\r\n', /character 48 where a colon belongs/],
    ['no line feed', ':01030000000AF2\r', /without the end of a frame/],
    ['small letters', ':01030000000aF2\r\n', /no hexadecimal digits at 11/],
    ['a character between', ':0103000G000AF2\r\n', /no hexadecimal digits at 7/],
    ['half a byte', ':01030000000AF\r\n', /13 digits, which are not whole bytes/],
    ['a wrong LRC', ':01030000000AF3\r\n', /LRC off by 1/],
    ['two frames in one', ':01030000000AF2\r\n:01030000000AF2\r\n', /31 digits, which are not whole bytes/],
    ['an unbounded line', `:${'0'.repeat(512)}\r\n`, /515 characters where 513 are allowed/],
  ])('ASCII refuses %s', (_, text, reason) => {
    expect(dissectModbusAsciiRequest(ascii(text))).toMatchObject({ fault: { detail: expect.stringMatching(reason) } });
  });

  it.each(['rtu', 'ascii'] as const)('%s asks nothing at the broadcast address, which may only be told', (framing) => {
    const request = (pdu: string) => dissectModbus(frameOf(framing, 0, pdu), 'request', framing);
    expect(request('03 0000 0001')).toMatchObject({ fault: { detail: expect.stringMatching(/nobody answers/) } });
    expect(request('08 0000 a537')).toMatchObject({ fault: { detail: expect.stringMatching(/nobody answers/) } });
    expect(request('06 0000 0001')).toMatchObject({ ok: true, value: { effect: 'write', station: 0 } });
    expect(request('5a 0000')).toMatchObject({ ok: true, value: { effect: 'unknown', station: 0 } });
    expect(dissectModbus(frameOf(framing, 0, '03 02 0001'), 'response', framing).ok).toBe(false);
    expect(dissectModbus(frameOf('tcp', 0, '03 0000 0001'), 'request').ok).toBe(true);
  });

  it.each(['tcp', 'rtu', 'ascii'] as const)(
    '%s lets pass the addresses that are reserved on a serial line',
    (framing) => {
      for (const station of [247, 248, 255]) {
        const frame = dissectModbus(frameOf(framing, station, '03 0000 0001'), 'request', framing);
        expect(frame).toMatchObject({ ok: true, value: { station } });
      }
    },
  );
});
