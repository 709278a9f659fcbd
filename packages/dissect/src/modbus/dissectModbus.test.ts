import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissectModbus, modbusFrameLength } from './dissectModbus.ts';
import type { ModbusDirection, ModbusFrame } from './modbusFrame.ts';

const VECTORS = join(import.meta.dirname, 'vectors');
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** tshark is lenient; the specification is not. Each payload that only tshark accepts, and why we do not. */
const OUTSIDE_THE_SPECIFICATION = new Map([
  ['fuzz-1011.tsv 1', /names 147 items where 1 to 125 are allowed/],
  ['modbus-test-data-part1.tsv 111', /bytes behind the end of the frame/],
  ['fuzz-72.tsv 6', /2 bytes behind the end of the frame/],
]);

interface Recorded {
  readonly name: string;
  readonly direction: ModbusDirection;
  readonly payload: Uint8Array;
  /** One for each frame of the payload. */
  readonly decoded: readonly TsharkDecode[];
}

interface TsharkDecode {
  readonly transaction: number;
  readonly unit: number;
  readonly functionCode: number;
  readonly exception: number | undefined;
  readonly reference: number | undefined;
  readonly count: number | undefined;
  readonly registers: number | undefined;
}

function readVectors(file: string): Recorded[] {
  const lines = readFileSync(join(VECTORS, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => readVector(file, line));
}

function readVector(file: string, line: string): Recorded {
  const [packet, arrow, ...columns] = line.split('\t');
  const at = (column: number, index: number) => {
    const text = columns[column].split(';')[index];
    return text === undefined || text === '-' ? undefined : Number(text);
  };
  const frames = columns[0].split(';').length;
  return {
    name: `${file} ${packet}`,
    direction: arrow === '>' ? 'request' : 'response',
    payload: hex(columns[8]),
    decoded: Array.from({ length: frames }, (_, index) => ({
      transaction: at(0, index)!,
      unit: at(1, index)!,
      functionCode: at(2, index)!,
      exception: at(3, index),
      reference: at(4, index),
      count: at(5, index) ?? at(6, index),
      registers: at(7, index),
    })),
  };
}

/** Cuts a payload into its frames, as a watcher of a stream does. */
function framesOf(payload: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += frames.at(-1)!.length) {
    const length = modbusFrameLength(payload.subarray(at));
    if (!length.ok) throw new Error(length.fault.detail);
    frames.push(payload.subarray(at, at + length.value));
  }
  return frames;
}

function expectSameAsTshark(frame: ModbusFrame, tshark: TsharkDecode): void {
  expect(frame).toMatchObject({
    transaction: tshark.transaction,
    unit: tshark.unit,
    functionCode: tshark.functionCode,
  });
  expect(frame.exception).toBe(tshark.exception);
  const range = frame.reads ?? frame.writes;
  expect(range?.first).toBe(tshark.reference);
  if (tshark.count !== undefined) expect(range?.count).toBe(tshark.count);
  if (tshark.registers !== undefined) expect(frame.dataBytes).toBe(tshark.registers * 2);
}

const RECORDED = readdirSync(VECTORS)
  .filter((file) => file.endsWith('.tsv'))
  .flatMap(readVectors);
const REGULAR = RECORDED.filter((recorded) => !OUTSIDE_THE_SPECIFICATION.has(recorded.name));

describe('frames recorded by others', () => {
  it.each(REGULAR)('$name is what tshark says', ({ direction, payload, decoded }) => {
    const frames = framesOf(payload);
    expect(frames).toHaveLength(decoded.length);
    for (const [index, bytes] of frames.entries()) {
      const frame = dissectModbus(bytes, direction);
      if (!frame.ok) throw new Error(frame.fault.detail);
      expectSameAsTshark(frame.value, decoded[index]);
    }
  });

  it.each([...OUTSIDE_THE_SPECIFICATION])('%s is refused', (name, reason) => {
    const { payload, direction } = RECORDED.find((recorded) => recorded.name === name)!;
    const result = dissectModbus(payload, direction);
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });

  it('has a prefix that is a fault at every length', () => {
    for (const { payload, direction } of REGULAR) {
      for (let length = 0; length < framesOf(payload)[0].length; length++) {
        expect(dissectModbus(payload.subarray(0, length), direction).ok).toBe(false);
      }
    }
  });

  it('never makes it throw, whichever byte is changed', () => {
    const anyRecorded = fc.constantFrom(...RECORDED);
    fc.assert(
      fc.property(anyRecorded, fc.nat(), fc.integer({ min: 0, max: 255 }), ({ payload }, place, byte) => {
        const changed = payload.slice();
        changed[place % changed.length] = byte;
        for (const direction of ['request', 'response'] as const) dissectModbus(changed, direction);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('requests', () => {
  it.each<[string, string, object]>([
    [
      'read coils',
      '0001 0000 0006 11 01 0013 0025',
      { service: 'read', reads: { table: 'coil', first: 19, count: 37 } },
    ],
    [
      'read discrete',
      '0001 0000 0006 11 02 00c4 0016',
      { service: 'read', reads: { table: 'discrete', first: 196, count: 22 } },
    ],
    [
      'read holding',
      '0001 0000 0006 11 03 006b 0003',
      { service: 'read', reads: { table: 'holding', first: 107, count: 3 } },
    ],
    [
      'read input',
      '0001 0000 0006 11 04 0008 0001',
      { service: 'read', reads: { table: 'input', first: 8, count: 1 } },
    ],
    [
      'write coil',
      '0001 0000 0006 11 05 00ac ff00',
      { service: 'write', writes: { table: 'coil', first: 172, count: 1 } },
    ],
    [
      'write register',
      '0001 0000 0006 11 06 0001 0003',
      { service: 'write', writes: { table: 'holding', first: 1, count: 1 } },
    ],
    ['exception status', '0001 0000 0002 11 07', { service: 'diagnostic' }],
    ['force listen only', '0001 0000 0006 11 08 0004 0000', { service: 'diagnostic' }],
    [
      'write coils',
      '0001 0000 0009 11 0f 0013 000a 02 cd01',
      { service: 'write', writes: { table: 'coil', first: 19, count: 10 } },
    ],
    [
      'write registers',
      '0001 0000 000b 11 10 0001 0002 04 000a0102',
      { service: 'write', writes: { table: 'holding', first: 1, count: 2 } },
    ],
    ['read file', '0001 0000 000a 11 14 07 06 0004 0001 0002', { service: 'read' }],
    ['write file', '0001 0000 000c 11 15 09 06 0004 0007 0001 06af', { service: 'write' }],
    [
      'mask register',
      '0001 0000 0008 11 16 0004 00f2 0025',
      { service: 'write', writes: { table: 'holding', first: 4, count: 1 } },
    ],
    [
      'read and write',
      '0001 0000 000d 11 17 0003 0006 000e 0001 02 00ff',
      { service: 'write', reads: { first: 3, count: 6 }, writes: { table: 'holding', first: 14, count: 1 } },
    ],
    ['identification', '0001 0000 0005 11 2b 0e0100', { service: 'diagnostic' }],
    ['a code of one vendor', '0001 0000 0004 11 5a 0002', { service: 'unknown' }],
  ])('%s', (_, text, expected) => {
    expect(dissectModbus(hex(text), 'request')).toMatchObject({ ok: true, value: expected });
  });

  it.each([
    ['two frames in one', '0001 0000 0006 11 03 006b 0003 0002 0000 0006 11 03 006b 0003', /12 bytes behind the end/],
    ['a foreign protocol', '0001 0001 0006 11 03 006b 0003', /protocol identifier 1/],
    ['no function code', '0001 0000 0001 11', /length 1/],
    ['a length beyond the limit', '0001 0000 00ff 11 03', /length 255/],
    ['function code 0', '0001 0000 0006 11 00 006b 0003', /function code 0/],
    ['an exception', '0001 0000 0003 11 83 02', /function code 131 in a request/],
    ['a read with bytes behind it', '0001 0000 0008 11 03 006b 0003 0000', /has 6 bytes where 4 belong/],
    ['a read of nothing', '0001 0000 0006 11 03 006b 0000', /names 0 items/],
    ['126 registers', '0001 0000 0006 11 03 0000 007e', /names 126 items/],
    ['2001 coils', '0001 0000 0006 11 01 0000 07d1', /names 2001 items/],
    ['registers beyond the last', '0001 0000 0006 11 03 ffff 0002', /beyond the last address/],
    ['a coil half on', '0001 0000 0006 11 05 00ac ff01', /neither on nor off/],
    ['a wrong byte count', '0001 0000 000b 11 10 0001 0002 05 000a0102', /counts 5 bytes and holds 4 where 4 belong/],
  ])('refuses %s', (_, text, reason) => {
    const result = dissectModbus(hex(text), 'request');
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });
});

it('takes any bytes without throwing', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('request' as const, 'response' as const),
      (bytes, way) => {
        const result = dissectModbus(bytes, way);
        if (result.ok) expect(bytes.length).toBeGreaterThanOrEqual(8);
      },
    ),
  );
});

it('takes any body behind a good header without throwing', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 2, maxLength: 254 }),
      fc.constantFrom('request' as const, 'response' as const),
      (body, way) => {
        const result = dissectModbus(Uint8Array.of(0, 1, 0, 0, 0, body.length, ...body), way);
        if (result.ok) expect(result.value.functionCode).toBe(body[1] & 0x7f);
      },
    ),
    { numRuns: 2000 },
  );
});
